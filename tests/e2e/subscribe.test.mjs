// Promise 1: what mosquitto_pub sends shows with topic, exact bytes, QoS and retain flag; the filters take exactly what
// they should; unsubscribing stops it.

import assert from 'node:assert/strict';
import { publish } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage({ whole: true });

for (const kind of kinds) {
  stage.scenario(`${kind}: a message shows with its topic, exact bytes, QoS and no retained mark`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('bytes/#', { qos: 2 });
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    await publish(broker, 'bytes/all', bytes, { qos: 1 });
    await publish(broker, 'bytes/text', 'Grüße, 溫度 23.4 °C\nzweite Zeile', { qos: 2 });
    await publish(broker, 'bytes/plain', '7.2', { qos: 0 });
    assert.equal((await page.received(3)).received, 3);

    const all = await page.row('bytes/all', /QoS 1/);
    assert.doesNotMatch(all.text, /retained/);
    await page.inspect(all);
    assert.equal((await page.facts()).get('QoS'), '1');
    assert.equal((await page.facts()).get('Size'), '256 B');
    await page.view('Hex');
    assert.deepEqual(await page.payloadHex(), bytes);
    assert.deepEqual(await page.save(), bytes);

    await page.inspect(await page.row('bytes/text', /QoS 2/));
    await page.view('Text');
    assert.equal(await page.payloadText(), 'Grüße, 溫度 23.4 °C\nzweite Zeile');

    const plain = await page.row('bytes/plain', /7\.2/);
    assert.doesNotMatch(plain.text, /QoS [12]/);
    assert.doesNotMatch(plain.text, /retained/);
  });

  stage.scenario(`${kind}: a retained message is marked so, and its live repeat is not`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const topic = `state/${kind}`;
    await publish(broker, topic, 'before', { retain: true, qos: 1 });
    const page = await open();
    await page.join(broker);
    await page.subscribe('state/+', { qos: 1 });
    const kept = await page.row(topic, /before/);
    assert.match(kept.text, /retained/);
    await page.inspect(kept);
    assert.equal((await page.facts()).get('Retain'), 'Retained: the broker had stored this message before you subscribed (flag 1).');
    // Sent with the retain flag, but to a subscription that was there: the broker delivers it without.
    await publish(broker, topic, 'after', { retain: true, qos: 1 });
    assert.doesNotMatch((await page.row(topic, /after/)).text, /retained/);
    await publish(broker, topic, '', { retain: true });
  });

  stage.scenario(`${kind}: + takes exactly one level`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('sensors/+/temp');
    for (const topic of ['sensors/temp', 'sensors/a/b/temp', 'sensors/a/temp/x', 'sensors/a/humidity', 'other/a/temp']) {
      await publish(broker, topic, 'must not come', { qos: 1 });
    }
    const wanted = ['sensors/lab/temp', 'sensors//temp', 'sensors/dach 1/temp'];
    for (const topic of wanted) await publish(broker, topic, 'must come', { qos: 1 });
    await page.received(wanted.length);
    assert.deepEqual((await page.topics()).sort(), [...wanted].sort());
    assert.deepEqual(await page.counters(), { received: 3, kept: 3, dropped: 0, sent: 0 });
  });

  stage.scenario(`${kind}: # takes the level itself and everything below it`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('sensors/#');
    for (const topic of ['sensor', 'sensors2', 'sensorsx/a', 'a/sensors/b', '/sensors/a', 'Sensors/a']) {
      await publish(broker, topic, 'must not come', { qos: 1 });
    }
    const wanted = ['sensors', 'sensors/', 'sensors/a', 'sensors/a/b/temp'];
    for (const topic of wanted) await publish(broker, topic, 'must come', { qos: 1 });
    await page.received(wanted.length);
    assert.deepEqual((await page.topics()).sort(), [...wanted].sort());
    assert.equal((await page.counters()).received, wanted.length);
  });

  stage.scenario(`${kind}: each subscription counts what it matches`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('count/+/temp', { qos: 1 });
    await page.subscribe('count/#', { qos: 0 });
    await publish(broker, 'count/only', 'x');
    await page.row('count/only');
    const count = async (filter) => (await page.subscriptions()).find((row) => row.filter === filter).count;
    await until('count/# counts one', async () => (await count('count/#')) === 1);
    assert.equal(await count('count/+/temp'), 0);
    await publish(broker, 'count/lab/temp', 'y');
    // A broker may send a message once for each subscription that matches; both filters match each copy.
    await until('both count it', async () => (await count('count/+/temp')) >= 1 && (await count('count/#')) >= 2);
  });

  stage.scenario(`${kind}: after unsubscribing nothing of that filter comes, and the other filter still works`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('stop/#');
    await page.subscribe('go/#');
    await publish(broker, 'stop/a', 'first');
    await page.row('stop/a', /first/);
    await page.unsubscribe('stop/#');
    assert.deepEqual((await page.subscriptions()).map((row) => row.filter), ['go/#']);
    // UNSUBSCRIBE was sent before what the page publishes now, and the broker takes them in order.
    await page.publish({ topic: 'go/marker', payload: 'marker', qos: 1 });
    // A row of it is there as soon as it is sent; that it came back is seen by the counter.
    await until('the marker came back', async () => (await page.counters()).received === 2);
    const before = (await page.counters()).received;
    await publish(broker, 'stop/a', 'second', { qos: 1 });
    await publish(broker, 'go/a', 'later', { qos: 1 });
    await page.row('go/a', /later/);
    assert.equal((await page.counters()).received, before + 1);
    assert.ok(!(await page.rows()).some((row) => /second/.test(row.text)));
  });
}
