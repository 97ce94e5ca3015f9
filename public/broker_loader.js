// The first script of the worker that the broker runs in: a SharedWorker, so that all tabs of this browser have the same
// one, or an ordinary worker where there is none. It meets the pages; bytes go past it, between the ports and the program.
//
// A page says: nothing, with a port: a new line. "devices", with a port: it wants to see them. A question about the inside, with a port for the answer. "bye": it is
// gone, or asleep. Any other text is the name of a lock that it holds for as long as it lives.
// A page is told: the name of a lock that the broker holds for as long as it lives, and "stopped" when it does.
import init, { TabBroker } from "./broker.js";

const started = init({ module_or_path: new URL("broker_bg.wasm", import.meta.url) }).then(() => new TabBroker());
const pages = new Map();
let last = 0;
const alive = globalThis.navigator.locks && `midge broker ${Math.random()}`;

/** The broker cannot go on. A page that asks again gets another. */
function stop() {
  for (const page of pages.values()) page.postMessage("stopped");
  close();
}

addEventListener("error", stop);
started.catch(stop);

function meet(page) {
  const number = (last += 1);
  const gone = (broker) => {
    pages.delete(number);
    broker.gone(number);
  };
  pages.set(number, page);
  page.onmessage = async ({ data, ports: [port] }) => {
    const broker = await started.catch((error) => port?.postMessage(`1011 ${error.message}`));
    if (!broker) return;
    if (port && !data) broker.line(number, port);
    else if (data === "devices") meetDevices(broker, port);
    else if (port) port.postMessage(broker.inside(new Uint8Array(data)));
    else if (data === "bye") broker.gone(number);
    else navigator.locks?.request(data, () => gone(broker));
  };
  if (alive) {
    navigator.locks.request(alive, { ifAvailable: true }, (lock) => {
      page.postMessage(alive);
      return lock && new Promise(() => {});
    });
  }
}

/** The devices are loaded when the first page wants to see them. They are clients like any other, of no page. */
let devices;
async function meetDevices(broker, port) {
  devices ??= import("./devices.js").then(async ({ default: init, TabDevices }) => {
    await init({ module_or_path: new URL("devices_bg.wasm", import.meta.url) });
    return new TabDevices((line) => broker.line(0, line));
  });
  try {
    (await devices).page(port);
  } catch (error) {
    // What did not load is tried anew by the next page.
    devices = undefined;
    port.postMessage(`1011 ${error.message}`);
  }
}

globalThis.onconnect = ({ ports: [page] }) => meet(page);
// Not shared: the page hands over a port.
globalThis.onmessage = ({ ports: [page] }) => page && meet(page);
