// The probe: the same script in every page that is measured, the first one in its head. It asks for the plan, waits for
// the candidate, measures, and reports. It touches the candidate only through the functions that the script of that
// name beside this one gives.
(() => {
  const post = (path, body) => fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body });
  const report = (values) => post("/bench/result", JSON.stringify(values));
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const trouble = [];

  addEventListener("error", (event) => trouble.push(`uncaught: ${event.message}`));
  addEventListener("unhandledrejection", (event) => trouble.push(`unhandled: ${event.reason}`));
  document.addEventListener("securitypolicyviolation", (event) => trouble.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));

  // --- Frames: the time of each animation frame. Room for two hours, taken now, so that it is not taken for a leak. ---
  const frames = new Float64Array(2 * 3600 * 60).fill(0);
  let frameCount = 0;
  const frame = () => {
    if (frameCount < frames.length) frames[frameCount++] = performance.now();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  /** `cut`: the interval that reaches over the end is left out: the page was hidden then. */
  function framesWithin(from, to, cut = false) {
    const intervals = [];
    let first;
    let last;
    for (let at = 1; at < frameCount; at += 1) {
      if (frames[at] < from || frames[at - 1] > to || (cut && frames[at] > to)) continue;
      first ??= frames[at - 1];
      last = frames[at];
      intervals.push(frames[at] - frames[at - 1]);
    }
    intervals.sort((a, b) => a - b);
    return {
      fps: intervals.length > 0 ? (intervals.length * 1000) / (last - first) : 0,
      frame_p95: intervals[Math.max(0, Math.ceil(intervals.length * 0.95) - 1)] ?? Infinity,
      frame_worst: intervals.at(-1) ?? Infinity,
    };
  }

  // --- Long tasks: more than 50 ms on the main thread. ---
  const long = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) long.push([entry.startTime, entry.duration]);
  }).observe({ type: "longtask", buffered: true });

  function longTasksWithin(from, to) {
    let sum = 0;
    let longest = 0;
    for (const [start, duration] of long) {
      const inside = Math.min(start + duration, to) - Math.max(start, from);
      if (inside <= 0) continue;
      sum += inside;
      longest = Math.max(longest, duration);
    }
    return { long_tasks_ms: sum, long_tasks_percent: to > from ? (sum * 100) / (to - from) : 0, long_task_longest: longest };
  }

  const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };
  // A frame is painted after its callbacks; a message that is sent in one of them comes after that.
  const painted = () =>
    new Promise((done) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now());
        channel.port2.postMessage(0);
      }),
    );

  // --- Clicks: a worker says when to click, so that what the main thread makes a click wait counts. ---
  function clicking(button) {
    const taken = [];
    const clock = new Worker("/bench/clock.js");
    let busy = false;
    clock.onmessage = async ({ data }) => {
      if (busy) return;
      busy = true;
      for (const from of [data - performance.timeOrigin, undefined]) {
        // The second click undoes the first, at once, so that what is measured is not a page at rest.
        const start = from ?? performance.now();
        const before = button().getAttribute("aria-pressed");
        button().click();
        let now = await painted();
        while (button().getAttribute("aria-pressed") === before && now - start < 10_000) now = await painted();
        taken.push(now - start);
      }
      busy = false;
    };
    return () => {
      clock.terminate();
      return { click: median(taken), click_worst: Math.max(...taken), clicks: taken.length };
    };
  }

  // --- Another tab over this one, after so many seconds by a clock that a hidden page does not slow. ---
  function covering(after) {
    const begin = performance.now();
    const clock = new Worker("/bench/clock.js");
    const times = {};
    let tab;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) times.from ??= performance.now();
    });
    clock.onmessage = () => {
      if (!tab && performance.now() - begin > after * 1000) tab = open("/bench/blank.html", "_blank");
    };
    return () => {
      clock.terminate();
      if (!document.hidden) trouble.push("the page was not hidden at the end");
      times.to = performance.now();
      tab?.close();
      return times;
    };
  }

  // --- What a candidate has received, looked at every 5 ms. ---
  function watching(candidate) {
    const seen = { first: undefined, firstCount: 0, last: undefined, count: 0 };
    const look = () => {
      const count = candidate.received();
      if (count === seen.count) return;
      const now = performance.now();
      if (seen.first === undefined) [seen.first, seen.firstCount] = [now, count];
      [seen.last, seen.count] = [now, count];
    };
    const timer = setInterval(look, 5);
    return { seen, look, stop: () => clearInterval(timer) };
  }

  /** Waits until so many came, or until nothing has come for `patience` ms of waiting: a page that was hidden shows all at
   * once what it received meanwhile. False: messages still came when `most` ms were over since the first, and the rest
   * was not waited for. */
  async function arrived(watch, wanted, most = Infinity, patience = 5000) {
    const begin = performance.now();
    for (;;) {
      watch.look();
      const now = performance.now();
      const idle = now - Math.max(begin, watch.seen.last ?? begin);
      if (watch.seen.count >= wanted || idle > patience) return true;
      if (now - (watch.seen.first ?? now) > most) return false;
      await pause(20);
    }
  }

  const ask = async (word, body) => {
    const answer = await post(`/bench/ask/${word}`, body);
    if (!answer.ok) throw new Error(`${word}: ${await answer.text()}`);
    return answer;
  };

  const kinds = {
    // The sender sends, the page receives.
    async receive(plan, candidate) {
      const watch = watching(candidate);
      const clicks = plan.clicks ? clicking(candidate.button ?? (() => document.getElementById("pause"))) : undefined;
      const sampler = plan.memory ? (await import("/bench/sampling.js")).sampling(plan) : undefined;
      const going = ask("go");
      const cover = plan.hide_after ? covering(plan.hide_after) : undefined;
      if (plan.prepare) await candidate.prepare(plan.prepare);
      const prepared = performance.now();
      const { messages, seconds } = await (await going).json();
      const covered = cover?.() ?? {};
      const whole = await arrived(watch, messages, plan.most_ms);
      watch.stop();
      const clicked = clicks?.() ?? {};
      const sampled = (await sampler?.()) ?? {};
      const { seen } = watch;
      const [from, to] = candidate.span?.() ?? [seen.first, seen.last];
      // What was prepared while messages came (branches of a tree opened) is not part of the frames.
      const smooth = Math.max(from, plan.prepare ? prepared + 500 : from);
      return {
        sent: messages,
        sent_seconds: seconds,
        received: seen.count,
        // What was not waited for is not lost; whether anything was is not known then.
        ...(whole ? { lost: messages - seen.count, rest: 0 } : { rest: messages - seen.count }),
        rate: ((seen.count - (candidate.span ? 1 : seen.firstCount)) * 1000) / (to - from),
        seconds: (to - from) / 1000,
        ...framesWithin(smooth, covered.from ?? to, covered.from !== undefined),
        ...longTasksWithin(smooth, to),
        ...(covered.from ? { hidden_percent: ((covered.to - covered.from) * 100) / (to - from) } : {}),
        ...clicked,
        ...sampled,
        ...candidate.more?.(),
      };
    },
  };

  Object.assign(kinds, {
    // The page publishes, the sender counts.
    async publish(plan, candidate) {
      const publish = await candidate.publisher(plan, ask);
      const from = performance.now();
      await publish();
      const { messages } = await (await ask("taken", String(plan.messages))).json();
      const to = performance.now();
      return {
        lost: plan.messages - messages,
        rate: (messages * 1000) / (to - from),
        seconds: (to - from) / 1000,
        ...framesWithin(from, to),
        ...longTasksWithin(from, to),
        ...candidate.more?.(),
      };
    },

    // The page publishes and gets its own message back.
    async round_trip(plan, candidate) {
      const times = [];
      for (let time = 0; time < plan.times; time += 1) {
        // Not in step with the frames.
        await pause(50 + Math.random() * 100);
        times.push(await candidate.roundTrip(`echo ${time} ${Math.random()}`, painted));
      }
      times.sort((a, b) => a - b);
      return { round_trip: median(times), round_trip_p95: times[Math.ceil(times.length * 0.95) - 1], round_trip_worst: times.at(-1) };
    },
  });

  Object.assign(kinds, {
    // Large messages, one at a time: until the row is painted, and, opened by a click, until the payload is.
    async large(plan, candidate) {
      const values = {};
      for (const { name, times } of plan.messages) {
        const all = { visible: [], opened: [], stall: [], frame: [] };
        for (let time = 0; time < times; time += 1) {
          const topic = `bench/large/${name}/${time}`;
          await pause(500);
          const from = performance.now();
          const shown = candidate.row(topic);
          const sent = ask("send", JSON.stringify({ name, topic }));
          const row = await shown;
          all.visible.push((await painted()) - from);
          await sent;
          await pause(500);
          const click = performance.now();
          const open = candidate.inspected(topic);
          row.click();
          await open;
          const to = await painted();
          all.opened.push(to - click);
          await pause(500);
          all.stall.push(longTasksWithin(from, to).long_task_longest);
          all.frame.push(framesWithin(from, to).frame_worst);
        }
        for (const [key, times] of Object.entries(all)) values[`${name}_${key}`] = key === "stall" || key === "frame" ? Math.max(...times) : median(times);
      }
      return values;
    },
  });

  async function run() {
    const plan = await (await fetch("/bench/plan")).json();
    try {
      const { start } = await import(`/bench/${plan.candidate}.js`);
      const candidate = await start(plan);
      // What the start has left to do is not part of what is measured.
      await pause(1000);
      const values = await kinds[plan.kind](plan, candidate, { ask, pause, painted, median, watching, arrived, framesWithin, longTasksWithin });
      await report({ ...values, trouble });
    } catch (error) {
      trouble.push(`${error?.stack ?? error}`);
      await report({ trouble });
    }
  }
  addEventListener("load", () => run());
})();
