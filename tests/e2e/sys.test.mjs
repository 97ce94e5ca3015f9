// Promise 5: the broker's own topics come when asked for by name, and only then.

import assert from 'node:assert/strict';
import { Listener, publish } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

stage.scenario('mosquitto: $SYS/broker/bytes/# brings the byte counters and nothing else', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  await page.subscribe('$SYS/broker/bytes/#');
  await page.row('$SYS/broker/bytes/sent', /\d/);
  await page.row('$SYS/broker/bytes/received', /\d/);
  for (const topic of await page.topics()) assert.match(topic, /^\$SYS\/broker\/bytes\/(sent|received)$/);
});

// The host publishes $SYS every ten seconds.
for (const kind of kinds) {
  stage.scenario(`${kind}: # alone does not bring $SYS`, async ({ open, keep }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('#');
    // Another client was sent one meanwhile, behind those that the broker had kept.
    const listener = await keep(await Listener.start(broker, '$SYS/broker/uptime'));
    await until('$SYS is published', () => listener.messages.some(({ retain }) => !retain), { within: 15_000 });
    await publish(broker, 'plain/a', 'x');
    await page.row('plain/a');
    assert.deepEqual(await page.topics(), ['plain/a']);
    assert.equal((await page.counters()).received, 1);
    await page.subscribe('$SYS/broker/bytes/#');
    await page.row('$SYS/broker/bytes/sent');
  });
}

stage.scenario('# does not count $SYS messages that another filter brought', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  await page.subscribe('#');
  await page.subscribe('$SYS/broker/bytes/#');
  await page.row('$SYS/broker/bytes/sent');
  const rows = async () => Object.fromEntries((await page.subscriptions()).map((row) => [row.filter, row.count]));
  await until('the filter by name counts', async () => (await rows())['$SYS/broker/bytes/#'] > 0);
  assert.equal((await rows())['#'], 0);
});
