// Paho's JavaScript client, as its documentation uses it, counting.
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
  return { received: () => received, button: button(), client };
}
