// Promise 9: a large binary payload is listed, shown as hex at once, and saved byte for byte. On the host's broker:
// Debian's mosquitto takes seconds for such payloads over WebSocket.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Listener, publish } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

stage.scenario('500 KB of random bytes are listed, shown as hex at once, and saved to an identical file', async ({ open }) => {
  const broker = await stage.broker('host');
  const bytes = randomBytes(500_000);
  const page = await open();
  await page.join(broker);
  await page.subscribe('large/#');
  await publish(broker, 'large/a', bytes);
  const row = await page.row('large/a');
  assert.match(row.text, /\b500\.0 kB\b/);
  await page.inspect(row);
  assert.equal((await page.facts()).get('Size'), '500.0 kB (500,000 B)');
  await page.view('Hex');
  await until('the first bytes are there', async () => (await page.payloadHex()).subarray(0, 16).equals(bytes.subarray(0, 16)), { within: 5_000, every: 10 });
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

stage.scenario('a JSON document of thousands of lines is shown a thousand lines at a time, in order, and keeps its lines when the next comes', async ({ open }) => {
  const broker = await stage.broker('host');
  const document = (first) => JSON.stringify([first, ...Array.from({ length: 4_500 }, (_, at) => at)], undefined, 2);
  const page = await open();
  await page.join(broker);
  await page.subscribe('large/#');
  await publish(broker, 'large/json', document('one'));
  await page.inspect(await page.row('large/json'));
  const more = page.button('Show more', page.inspector);
  const shows = async (first, lines) => {
    const wanted = document(first).split('\n').slice(0, lines);
    // That there are more comes with the last of the lines that were asked for.
    await more.waitFor();
    const seen = (await page.payloadText()).trimEnd().split('\n');
    // What a value was before stands after it.
    assert.deepEqual(seen.map((line) => line.replace(/,was.*/, ',')), wanted);
  };
  await shows('one', 1_000);
  await page.press(more);
  await shows('one', 4_000);
  await publish(broker, 'large/json', document('two'));
  await page.inspect(await page.row('large/json', /two/));
  await shows('two', 1_000);
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
