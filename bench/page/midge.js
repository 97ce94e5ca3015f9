// Midge, as it was built: connected by its share link, looked at through the attributes that the page promises.

const until = async (what, check) => {
  const begin = performance.now();
  for (;;) {
    const found = check();
    if (found) return found;
    if (performance.now() - begin > 20_000) throw new Error(`never happened: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
};

export async function start(plan) {
  await until("connected", () => document.querySelector("#connection")?.dataset.state === "connected");
  if (plan.filter !== "") {
    await until("subscribed", () => document.querySelector(`[data-filter=${JSON.stringify(plan.filter)}]`)?.dataset.state === "granted");
  }
  const counters = document.querySelector("#counters");
  const pause = await until("the button", () => [...document.querySelectorAll(".messages .head button")].find((each) => each.textContent.trim() === "Pause"));
  return {
    received: () => Number(counters.dataset.received),
    button: () => pause,
    more: () => ({ kept: Number(counters.dataset.kept), dropped: Number(counters.dataset.dropped), sent_by_page: Number(counters.dataset.sent) }),
    publisher,
    roundTrip,
  };
}

/** Says to the worker what the page's publisher would say: the turns are made by the same code, in the sender. */
async function publisher({ messages, publish_qos: qos, in_a_turn: inATurn, outstanding }, ask) {
  const all = await (await ask("turns")).arrayBuffer();
  const view = new DataView(all);
  const turns = [];
  for (let at = 0; at < all.byteLength; ) {
    const length = view.getUint32(at, true);
    turns.push(all.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return async () => {
    let said = 0;
    for (const turn of turns) {
      globalThis.midgeWorker.postMessage(turn, [turn]);
      said += inATurn;
      // As many more as have left the queue.
      if (qos > 0 && said >= outstanding && said < messages) await ask("taken", String(said - outstanding + inATurn));
    }
  };
}

/** Fills in the publisher, presses its button, and waits for the row. */
async function roundTrip(words, painted) {
  const form = document.querySelector(".publisher form");
  const fill = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const topic = form.querySelector(".target input.field");
  if (topic.value !== "bench/echo") fill(topic, "bench/echo");
  fill(form.querySelector("textarea"), words);
  const rows = document.querySelector(".messages .rows");
  // The row of what was sent is not there: the list shows what was received, unless it is asked for all packets.
  const isThere = () => [...rows.children].some((row) => row.checkVisibility() && row.textContent.includes(words));
  const shown = new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      done();
    });
    observer.observe(rows, { subtree: true, childList: true, characterData: true });
  });
  const begin = performance.now();
  form.querySelector("button.primary").click();
  await shown;
  return (await painted()) - begin;
}
