// Promise 5: the broker's own topics come when asked for by name, and only then.

import assert from 'node:assert/strict';
import { publish } from './mosquitto_clients.mjs';
import { pause, until } from './processes.mjs';
import { Stage } from './stage.mjs';

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

stage.scenario('mosquitto: # alone does not bring $SYS', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  await page.subscribe('#');
  await publish(broker, 'plain/a', 'x');
  await page.row('plain/a');
  // mosquitto publishes $SYS every second here.
  await pause(2_500);
  assert.ok(!(await page.topics()).some((topic) => topic.startsWith('$')));
  await page.subscribe('$SYS/broker/bytes/#');
  await page.row('$SYS/broker/bytes/sent');
});

stage.scenario('host: # alone does not bring $SYS', async ({ open }) => {
  const broker = await stage.broker('host');
  const page = await open();
  await page.join(broker);
  await page.subscribe('#');
  await publish(broker, 'plain/a', 'x');
  await page.row('plain/a');
  await pause(2_500);
  assert.deepEqual((await page.topics()).filter((topic) => topic.startsWith('$')), []);
});

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
