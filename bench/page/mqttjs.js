// MQTT.js, as its documentation uses it, counting.
import { publishAll } from "/bench/called.js";
import { button } from "/bench/plain_button.js";
import mqtt from "/npm/mqtt/dist/mqtt.esm.js";

export async function start(plan) {
  const client = mqtt.connect(plan.address, { protocolVersion: plan.version === "5" ? 5 : 4, reconnectPeriod: 0 });
  let received = 0;
  client.on("message", () => {
    received += 1;
  });
  await new Promise((done, failed) => {
    client.on("error", failed);
    client.on("connect", () => {
      if (plan.filter === "") done();
      else client.subscribe(plan.filter, { qos: plan.qos }, (error) => (error ? failed(error) : done()));
    });
  });
  return {
    received: () => received,
    button: button(),

    async publisher({ messages, publish_qos: qos, window }, ask) {
      const payload = new Uint8Array(await (await ask("payload")).arrayBuffer());
      return () => publishAll(messages, qos === 0 ? 1000 : window, (done) => client.publish("out/flood", payload, { qos }, done));
    },
  };
}
