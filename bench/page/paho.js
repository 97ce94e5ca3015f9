// Paho's JavaScript client, as its documentation uses it, counting.
import { publishAll } from "/bench/called.js";
import { button } from "/bench/plain_button.js";

export async function start(plan) {
  await new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = "/npm/paho-mqtt/paho-mqtt-min.js";
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  const client = new globalThis.Paho.Client(plan.address, `paho-${Date.now() % 100_000}`);
  let received = 0;
  client.onMessageArrived = () => {
    received += 1;
  };
  await new Promise((onSuccess, onFailure) => client.connect({ onSuccess, onFailure, mqttVersion: 4 }));
  if (plan.filter !== "") await new Promise((onSuccess, onFailure) => client.subscribe(plan.filter, { qos: plan.qos, onSuccess, onFailure }));
  return {
    received: () => received,
    button: button(),

    async publisher({ messages, publish_qos: qos, window }, ask) {
      const payload = new Uint8Array(await (await ask("payload")).arrayBuffer());
      if (qos === 0) {
        // It has no callback for QoS 0: it has sent when it returns.
        return async () => {
          for (let number = 0; number < messages; number += 1) {
            client.publish("out/flood", payload, 0, false);
            if (number % 1000 === 999) await new Promise((done) => setTimeout(done));
          }
        };
      }
      const waiting = [];
      client.onMessageDelivered = () => waiting.shift()?.();
      return () =>
        publishAll(messages, window, (done) => {
          waiting.push(done);
          client.publish("out/flood", payload, qos, false);
        });
    },
  };
}
