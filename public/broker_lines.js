// The page's way to the broker of this browser, which is started with the first line. Loaded when it is asked for.
//
// A message port does not tell that its other side is gone. A page says goodbye when it is closed, and where the browser has
// locks (Web Locks, in secure contexts) each side holds one for as long as it lives, which the other waits for.
const LOADER = new URL("broker_loader.js", import.meta.url);
let way;
const told = new Set();

/** A port to the broker, for everything that this page has to say to it. */
function broker() {
  if (!way) {
    const mine = start();
    way = mine;
    // What did not start is tried anew.
    mine.catch(() => way === mine && (way = undefined));
  }
  return way;
}

async function start() {
  let isOver = false;
  /** `why`: "closed", the tab that had the broker is; "stopped", it could not go on. */
  const over = (why) => {
    if (isOver) return;
    isOver = true;
    way = undefined;
    told.forEach((worker) => worker.postMessage(why));
  };
  const { port, lent } = await reach(over);
  port.onmessage = ({ data }) => {
    if (data === "closed" || data === "stopped") over(data);
    // When this page gets the lock, the broker is dead.
    else navigator.locks?.request(data, { mode: "shared" }, () => over(lent ? "closed" : "stopped"));
  };
  addEventListener("pagehide", () => port.postMessage("bye"));
  const name = `midge page ${Math.random()}`;
  navigator.locks?.request(name, () => {
    port.postMessage(name);
    return new Promise(() => {});
  });
  return port;
}

/** A port to the broker, wherever it is. */
async function reach(over) {
  if (globalThis.SharedWorker) {
    const worker = new SharedWorker(LOADER, { type: "module", name: "midge-broker" });
    worker.onerror = () => over("stopped");
    return { port: worker.port, lent: false };
  }
  const { borrow } = await import("./broker_lending.js");
  const own = () => {
    const worker = new Worker(LOADER, { type: "module" });
    worker.onerror = () => over("stopped");
    return worker;
  };
  return borrow(`midge broker ${LOADER}`, own, () => over("closed"));
}

/** Brings a line to the broker: the port of `Line::begin`. */
export async function join(line) {
  (await broker()).postMessage(null, [line]);
}

/** Brings a page's line to the devices beside the broker. */
export async function devices(line) {
  (await broker()).postMessage("devices", [line]);
}

/** This worker has lines, and is told "closed" or "stopped" when the broker is gone without a word. */
export function onOver(worker) {
  told.add(worker);
}

/** Asks about the inside: bytes for bytes; none when nobody answers. */
export async function inside(question) {
  const port = await broker();
  const { port1: mine, port2: other } = new MessageChannel();
  return new Promise((done) => {
    const end = (answer) => {
      mine.close();
      done(answer);
    };
    mine.onmessage = ({ data }) => end(data);
    setTimeout(end, 5_000, new Uint8Array());
    port.postMessage(question, [other]);
  });
}
