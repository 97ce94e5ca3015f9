// The worker's side of worker.js.
import { count } from "/bench/count.js";

onmessage = ({ data: plan }) => {
  let received = 0;
  let said = 0;
  let first = 0;
  let last = 0;
  count(
    plan,
    () => postMessage("granted"),
    (packets) => {
      last = performance.now();
      if (received === 0) first = last;
      received += packets;
    },
  );
  setInterval(() => {
    if (received === said) return;
    said = received;
    const origin = performance.timeOrigin;
    postMessage({ received, first: origin + first, last: origin + last });
  }, 100);
};
