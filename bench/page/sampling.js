// Looks at memory from time to time: that of Midge's worker, asked for over a channel (see engine_probe.js), and the
// JavaScript heap of the page. `first`: seconds after which it should not grow any more.

const MB = 1e6;

export function sampling({ sample_seconds: every, first }) {
  const channel = new BroadcastChannel("bench-memory");
  const samples = [];
  const begin = performance.now();
  const weigh = () =>
    new Promise((done) => {
      const late = setTimeout(() => done(Number.NaN), 2000);
      channel.onmessage = ({ data }) => {
        if (data.bytes === undefined) return;
        clearTimeout(late);
        done(data.bytes / MB);
      };
      channel.postMessage("weigh");
    });
  const look = async () => {
    const at = (performance.now() - begin) / 1000;
    samples.push({ at, worker: await weigh(), heap: (performance.memory?.usedJSHeapSize ?? Number.NaN) / MB });
  };
  const timer = setInterval(look, every * 1000);
  // What the browser itself counts for page and worker; it takes its time, until the next collection.
  const account = async () => {
    try {
      return (await performance.measureUserAgentSpecificMemory()).bytes / MB;
    } catch {
      return Number.NaN;
    }
  };
  let early;
  const later = setTimeout(() => (early = account()), first * 1000);
  return async () => {
    clearInterval(timer);
    clearTimeout(later);
    await look();
    const after = samples.filter(({ at }) => at >= first);
    const [from, to] = [after[0] ?? samples[0], samples.at(-1)];
    // The heap goes up and down with its collections: its lowest level counts.
    const lowest = (some) => Math.min(...some.map(({ heap }) => heap));
    const third = Math.max(1, Math.floor(after.length / 3));
    const values = {
      worker_mb: to.worker,
      worker_growth_mb: to.worker - from.worker,
      heap_mb: to.heap,
      heap_growth_mb: lowest(after.slice(-third)) - lowest(after.slice(0, third)),
    };
    if (early !== undefined) {
      values.account_mb = await account();
      values.account_growth_mb = values.account_mb - (await early);
    }
    return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
  };
}
