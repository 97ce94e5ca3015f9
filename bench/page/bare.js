// A WebSocket loop on the main thread that only counts; and sends, where a case wants that.
import { count, publish } from "/bench/count.js";
import { button } from "/bench/plain_button.js";

export async function start(plan) {
  let received = 0;
  let heard = () => {};
  let socket;
  await new Promise((granted) => {
    socket = count(plan, granted, (packets, bytes) => {
      received += packets;
      heard(bytes);
    });
  });
  return {
    received: () => received,
    button: button(),

    async publisher({ messages }, ask) {
      const payload = new Uint8Array(await (await ask("payload")).arrayBuffer());
      return async () => {
        for (let number = 0; number < messages; number += 1) {
          socket.send(publish("out/flood", payload));
          if (number % 1000 === 999) await new Promise((done) => setTimeout(done));
        }
      };
    },

    async roundTrip(words) {
      const packet = publish("bench/echo", new TextEncoder().encode(words));
      const back = new Promise((done) => {
        heard = (bytes) => {
          if (new TextDecoder().decode(bytes).includes(words)) done(performance.now());
        };
      });
      const begin = performance.now();
      socket.send(packet);
      return (await back) - begin;
    },
  };
}
