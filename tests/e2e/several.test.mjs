// Promise 6: several clients at once; and two that claim the same client identifier.

import assert from 'node:assert/strict';
import { publish } from './mosquitto_clients.mjs';
import { pause, throughout } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

for (const kind of kinds) {
  stage.scenario(`${kind}: two subscribing pages and one publishing page: both get everything`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const [one, two, sender] = [await open(), await open(), await open()];
    for (const page of [one, two, sender]) await page.join(broker);
    for (const page of [one, two]) await page.subscribe('shared/#', { qos: 1 });
    await sender.compose({ topic: 'shared/a', qos: 1 });
    const sent = [];
    for (let number = 1; number <= 10; number += 1) {
      await sender.publish({ payload: `message ${number}.` });
      sent.push(`message ${number}.`);
    }
    for (const page of [one, two]) {
      assert.equal((await page.received(10)).received, 10);
      const texts = (await page.rows()).map((row) => /message \d+\./.exec(row.text)?.[0]);
      assert.deepEqual(texts.reverse(), sent);
    }
    assert.deepEqual(await sender.counters(), { received: 0, kept: 0, dropped: 0, sent: 10 });
  });

  stage.scenario(`${kind}: pages have client identifiers of their own by themselves`, async ({ open }) => {
    const [one, two] = [await open(), await open()];
    const ids = [await one.value('Client id'), await two.value('Client id')];
    assert.ok(ids.every((id) => id.length > 0));
    assert.notEqual(ids[0], ids[1]);
  });

  stage.scenario(`${kind}: the same client identifier twice: the loser says so and does not fight back`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const clientId = `twin-${kind}-${process.pid}`;
    const loser = await open();
    await loser.join(broker, { clientId });
    await pause(200);
    const winner = await open();
    await winner.join(broker, { clientId });
    await winner.watchStates();
    await loser.reaches('failed', 20_000);
    const words = await loser.explains('replaced');
    assert.match(words, new RegExp(clientId));
    assert.match(words, /client id/i);
    await throughout('the loser rests', 6_000, async () => (await loser.state()) === 'failed');
    assert.deepEqual(await winner.statesSeen(), ['connected']);
    await winner.subscribe('twin/#');
    await publish(broker, 'twin/a', 'still here');
    await winner.row('twin/a', /still here/);
  });
}
