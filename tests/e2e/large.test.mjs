// Promise 9: a large binary payload is listed, shown as hex at once, and saved byte for byte. On the host's broker:
// Debian's mosquitto takes seconds for such payloads over WebSocket.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Listener, publish } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

stage.scenario('500 KB of random bytes are listed, shown as hex at once, and saved to an identical file', async ({ open, t }) => {
  const broker = await stage.broker('host');
  const bytes = randomBytes(500_000);
  const page = await open();
  await page.join(broker);
  await page.subscribe('large/#');
  await publish(broker, 'large/a', bytes);
  const row = await page.row('large/a');
  assert.match(row.text, /500|488/, 'the row says the size in KB or KiB');
  await page.inspect(row);
  assert.match((await page.facts()).get('Size').replace(/[\s,.'\u00a0\u202f]/g, ''), /500000/);
  const begin = Date.now();
  await page.view('Hex');
  await until('the first bytes are there', async () => (await page.payloadHex()).subarray(0, 16).equals(bytes.subarray(0, 16)), { within: 5_000, every: 10 });
  const took = Date.now() - begin;
  t.diagnostic(`hex of 500,000 bytes shown after ${took} ms`);
  assert.ok(took < 1_000, `hex shown after ${took} ms`);
  const saved = await page.save();
  assert.equal(saved.length, bytes.length);
  assert.ok(saved.equals(bytes), 'the saved file has the same bytes');
});

stage.scenario('the last bytes of a large payload are reached in the hex view', async ({ open }) => {
  const broker = await stage.broker('host');
  const bytes = randomBytes(500_000);
  const page = await open();
  await page.join(broker);
  await page.subscribe('large/#');
  await publish(broker, 'large/b', bytes);
  await page.inspect(await page.row('large/b'));
  await page.view('Hex');
  await page.showAllOfPayload();
  const end = bytes.subarray(-16).toString('hex');
  await until('the last bytes are there', async () => (await page.payloadHex()).toString('hex').endsWith(end));
});

stage.scenario('a file of 400 KB is published byte for byte', async ({ open, keep }) => {
  const broker = await stage.broker('host');
  const bytes = randomBytes(400_000);
  const listener = await Listener.start(broker, 'upload/#');
  await keep(listener);
  const page = await open();
  await page.join(broker);
  await page.publish({ topic: 'upload/a', format: 'File', payload: { name: 'large.bin', bytes }, qos: 1 });
  const [got] = await listener.count(1, 20_000);
  assert.ok(got.payload.equals(bytes));
});
