// A retained message is taken away at the broker by an empty one from the page.

import assert from 'node:assert/strict';
import { retainedMessages } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

for (const kind of kinds) {
  for (const qos of [0, 1, 2]) {
    stage.scenario(`${kind}: an empty retained message at QoS ${qos} takes the stored one away`, async ({ open }) => {
      const broker = await stage.broker(kind);
      const topic = `stored/${qos}`;
      const page = await open();
      await page.join(broker);
      await page.publish({ topic, payload: 'for later', format: 'Text', qos, retain: true });
      await until('it is stored', async () => (await retainedMessages(broker, topic)).join() === 'for later', { within: 8_000 });
      await page.publish({ payload: 'not stored', retain: false });
      await until('both are sent', async () => (await page.counters()).sent === 2);
      assert.deepEqual(await retainedMessages(broker, topic), ['for later'], 'a message without the flag leaves it alone');
      await page.publish({ payload: '', retain: true });
      await until('all are sent', async () => (await page.counters()).sent === 3);
      assert.deepEqual(await retainedMessages(broker, topic), []);
    });
  }

  for (const [format, empty] of [['JSON', ''], ['Hex', ' \n'], ['File', { name: 'nothing.bin', bytes: Buffer.alloc(0) }]]) {
    stage.scenario(`${kind}: an empty payload in the format ${format} takes the stored one away, with a word`, async ({ open }) => {
      const broker = await stage.broker(kind);
      const topic = `stored/empty/${format}`;
      const page = await open();
      await page.join(broker);
      await page.publish({ topic, payload: '{"on":true}', format: 'JSON', qos: 1, retain: true });
      await until('it is stored', async () => (await retainedMessages(broker, topic)).join() === '{"on":true}', { within: 8_000 });
      await page.compose({ payload: empty, format, retain: true });
      const word = page.page.locator('#payload-empty');
      await until('it is said', async () => /deletes the retained message/.test(await word.innerText()));
      await page.publish();
      await page.noFault('#payload-error');
      await until('both are sent', async () => (await page.counters()).sent === 2);
      assert.deepEqual(await retainedMessages(broker, topic), []);
    });
  }

  stage.scenario(`${kind}: white space alone is no JSON, and not taken for an empty payload`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.publish({ topic: 'stored/space', payload: ' \n', format: 'JSON', retain: true });
    assert.match(await page.fault('#payload-error'), /nothing but white space/);
    assert.equal((await page.counters()).sent, 0);
  });
}
