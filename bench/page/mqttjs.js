// MQTT.js, as its documentation uses it, counting.
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
  return { received: () => received, button: button(), client };
}
