// The will: the broker publishes it when the page goes without a goodbye, and does not when it says goodbye.

import assert from 'node:assert/strict';
import { Listener, publish } from './mosquitto_clients.mjs';
import { writeWill } from './panels.mjs';
import { until } from './processes.mjs';
import { CuttingProxy } from './cutting_proxy.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const payload = 'Grüße 溫度 🌡️\n"second line"\t{}';

async function ready({ open, keep }, kind, will) {
  const broker = await stage.broker(kind);
  const listener = await Listener.start(broker, `${will.topic.split('/')[0]}/#`);
  await keep(listener);
  const proxy = await keep(CuttingProxy.start(broker));
  const page = await open();
  await writeWill(page, will);
  await page.join(proxy);
  return { broker, listener, page, proxy };
}

for (const kind of ['mosquitto', 'host']) {
  for (const qos of [0, 1, 2]) {
    const retain = qos === 1;
    stage.scenario(`${kind}: the tab is closed: its will of QoS ${qos}${retain ? ', retained,' : ''} comes byte for byte`, async (tools) => {
      const topic = `closed${qos}${kind}/溫度`;
      const { broker, listener, page } = await ready(tools, kind, { topic, payload, qos, retain });
      // Not while the page is there: what comes later comes before it.
      await publish(broker, `${topic}/there`, 'there', { qos: 2 });
      await listener.count(1);
      await page.page.context().close();
      const [there, will] = await listener.count(2);
      assert.equal(there.topic, `${topic}/there`);
      assert.equal(will.topic, topic);
      assert.deepEqual(will.payload, Buffer.from(payload));
      assert.equal(will.qos, qos);
      const late = await Listener.start(broker, topic);
      await tools.keep(late);
      await publish(broker, topic, 'marker', { qos: 1 });
      const first = (await late.count(1))[0];
      assert.equal(first.retain, retain);
      assert.deepEqual(first.payload, Buffer.from(retain ? payload : 'marker'));
    });
  }

  stage.scenario(`${kind}: the page's process dies: the will comes`, async (tools) => {
    const topic = `crashed${kind}/a`;
    const { listener, page } = await ready(tools, kind, { topic, payload, qos: 1, retain: false });
    const devtools = await page.page.context().newCDPSession(page.page);
    const crashed = new Promise((done) => page.page.once('crash', done));
    // It never answers.
    devtools.send('Page.crash').catch(() => {});
    await crashed;
    const [will] = await listener.count(1);
    assert.equal(will.topic, topic);
    assert.deepEqual(will.payload, Buffer.from(payload));
    // This one was asked for.
    page.faults = page.faults.filter((fault) => fault !== 'the page crashed');
  });

  stage.scenario(`${kind}: after Disconnect there is no will, even when the tab is closed later`, async (tools) => {
    const topic = `goodbye${kind}/a`;
    const { broker, listener, page, proxy } = await ready(tools, kind, { topic, payload, qos: 1, retain: true });
    await page.disconnect();
    await page.reaches('disconnected');
    await page.page.context().close();
    // The broker has seen the end, and what it would have sent for it comes before what it is sent now.
    await until('the connection is over', () => proxy.sockets.size === 0);
    await publish(broker, topic, 'marker', { qos: 1 });
    await listener.count(1);
    assert.deepEqual(listener.messages.map((m) => m.payload.toString()), ['marker']);
  });
}
