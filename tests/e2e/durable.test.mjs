// A session that loses nothing: pages that close, tabs that die, brokers that are away.

import assert from 'node:assert/strict';
import { Host, Mosquitto } from './brokers.mjs';
import { Listener, fileWith, publish, publishLines } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { keepSession, waiting, withdraw } from './panels5.mjs';
import { SlowLink } from './slow_link.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const PUBREL = 6;

/** The texts of the messages on a topic, as many as are expected, oldest first, read from the list. */
async function payloads(page, topic, count) {
  const found = new Map();
  await page.fill('Filter messages', topic);
  await until('the list has followed the filter', async () => (await page.rows()).every((row) => row.topic === topic));
  await page.scrollMessages(-1_000_000);
  await until(
    () => `${count} messages on ${topic} are in the list, ${found.size} were seen`,
    async () => {
      for (const row of await page.rows()) found.set(row.seq, row.text);
      // Rows come a frame after the wheel: what was passed over is seen the next time down.
      await page.scrollMessages((await page.scrolledToTheEnd()) ? -1_000_000 : 400);
      return found.size >= count;
    },
    { within: 20_000 },
  );
  return [...found].sort(([a], [b]) => a - b).map(([, text]) => text);
}

/** Numbers 0 to `count` - 1, as they stand in texts such as `message 7 of 100`. */
function eachOnce(texts, count, what) {
  const numbers = texts.map((text) => Number(/message (\d+) of/.exec(text)?.[1])).sort((a, b) => a - b);
  assert.deepEqual(numbers, [...Array(count).keys()], `${what}: each of ${count} once`);
}

for (const version of ['MQTT 3.1.1', 'MQTT 5']) {
  // MQTT 3.1.1 [MQTT-3.1.2-4], [MQTT-4.1.0-1]
  // MQTT 5 [MQTT-3.1.2-23]
  stage.scenario(
    `${version}: what comes while the page is closed is there when it opens again, QoS 2 once`,
    async ({ open, keep }) => {
      const broker = await keep(Mosquitto.start());
      const first = await open();
      await keepSession(first, { version, clientId: 'keeper' });
      await first.join(broker);
      await first.subscribe('kept/+', { qos: 2 });
      await publish(broker, 'kept/seen', 'before', { qos: 2 });
      await first.row('kept/seen', /before/);
      // It is shown before its exchange is over; cut short, the broker would rightly send it again.
      await first.fill('Filter messages', 'type:pubcomp');
      await until('its exchange is over', async () => (await first.page.locator('#list').getAttribute('data-matches')) === '1');
      await first.page.close();

      const lines = fileWith([...Array(100).keys()].map((n) => `message ${n} of 100\n`).join(''));
      for (const qos of [1, 2]) await publishLines(broker, `kept/qos${qos}`, lines, { qos }).done();

      const again = await open({ like: first });
      await keepSession(again, { version, clientId: 'keeper' });
      await again.join(broker);
      // What was looked for is remembered.
      await again.fill('Filter messages', '');
      await again.received(200);
      // The broker kept the subscription; it is not asked for again, and is there.
      await again.subscribed('kept/+');
      // What comes last comes behind all that the broker still had.
      await publish(broker, 'kept/last', 'last', { qos: 2 });
      await again.row('kept/last', /last/);
      assert.equal((await again.counters()).received, 201);
      eachOnce(await payloads(again, 'kept/qos1', 100), 100, 'QoS 1');
      eachOnce(await payloads(again, 'kept/qos2', 100), 100, 'QoS 2');
    },
    { timeout: 120_000 },
  );

  // MQTT 5 [MQTT-4.4.0-1]
  // MQTT 3.1.1 [MQTT-4.4.0-1]
  stage.scenario(
    `${version}: a tab that dies in the middle of 100 outgoing QoS 2 messages: each arrives once`,
    async ({ open, keep }) => {
      const broker = await keep(Mosquitto.start());
      const link = await keep(SlowLink.start(broker, { each: 8 }));
      const listener = await keep(await Listener.start(broker, 'out/#', { qos: 2 }));
      const first = await open({ socketFailures: true });
      await keepSession(first, { version, clientId: 'sender' });
      await first.join(link);
      // They are published while the broker is away, so that all of them are there when the tab dies.
      await broker.program.signal('SIGSTOP');
      await first.compose({ topic: 'out/a', qos: 2 });
      for (let n = 0; n < 100; n += 1) {
        await first.fill('Payload', `message ${n} of 100`);
        await first.press(first.button('Publish', first.publisher));
      }
      await broker.program.signal('SIGCONT');
      await link.carried('up', PUBREL, 30);
      await first.die();
      const afterDeath = link.up[PUBREL];
      assert.ok(afterDeath < 100, `it died in the middle, after ${afterDeath} PUBREL`);

      const again = await open({ like: first });
      await keepSession(again, { version, clientId: 'sender' });
      await again.join(link);
      await listener.count(100, 30_000);
      await until('nothing is unfinished', async () => (await waiting(again)) === 0);
      // What the page sends last goes behind all that it still had.
      await again.publish({ topic: 'out/last', payload: 'last', qos: 2 });
      const all = await listener.count(101);
      assert.equal(all.pop().topic, 'out/last');
      const texts = all.map((message) => message.payload.toString());
      eachOnce(texts, 100, 'mosquitto_sub');
      const order = texts.map((text) => Number(/\d+/.exec(text)[0]));
      assert.deepEqual(order, [...order].sort((a, b) => a - b), 'in order');
    },
    { timeout: 120_000 },
  );
}

stage.scenario(
  'published while the broker is away: visible, withdrawn one by one, and out in order when it is back',
  async ({ open, keep }) => {
    const broker = await keep(Mosquitto.start());
    const page = await open({ socketFailures: true });
    await page.join(broker);
    await broker.stop({ hard: true });
    await page.reaches('waiting');
    for (let n = 0; n < 5; n += 1) await page.publish({ topic: `later/${n}`, payload: `number ${n}`, qos: n % 3 });
    await until('five wait', async () => (await waiting(page)) === 5);
    await withdraw(page, 'later/2');
    await until('four wait', async () => (await waiting(page)) === 4);
    await broker.start();
    const listener = await keep(await Listener.start(broker, 'later/#'));
    await page.reaches('connected', 45_000);
    await listener.count(4, 20_000);
    await until('none waits', async () => (await waiting(page)) === 0);
    assert.deepEqual(listener.messages.map((message) => message.payload.toString()), ['number 0', 'number 1', 'number 3', 'number 4']);
  },
  { timeout: 100_000 },
);
