// A WebSocket loop on the main thread that only counts.
import { count } from "/bench/count.js";
import { button } from "/bench/plain_button.js";

export async function start(plan) {
  let received = 0;
  await new Promise((granted) => count(plan, granted, (packets) => (received += packets)));
  return { received: () => received, button: button() };
}
