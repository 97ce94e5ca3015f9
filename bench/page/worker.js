// The bare loop in a worker, which tells the page ten times a second how far it is, and when the first and the last
// message came: the page would see both late.
import { button } from "/bench/plain_button.js";

export async function start(plan) {
  let told = { received: 0, first: 0, last: 0 };
  const worker = new Worker("/bench/worker_loop.js", { type: "module" });
  await new Promise((granted) => {
    worker.onmessage = ({ data }) => {
      if (data === "granted") granted();
      else told = data;
    };
    worker.postMessage(plan);
  });
  return {
    received: () => told.received,
    span: () => [told.first - performance.timeOrigin, told.last - performance.timeOrigin],
    button: button(),
  };
}
