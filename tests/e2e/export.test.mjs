// Files of what was captured: what is in them, that no secret is, and that a large one does not hold the page up.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

const dialog = (page) => page.page.getByRole('dialog', { name: 'Export', exact: true });

async function openExport(page) {
  await page.press(page.page.locator('#list').getByRole('button', { name: 'Export', exact: true }));
  await dialog(page).getByRole('button', { name: 'CSV', exact: true }).waitFor({ state: 'visible' });
}

/** Presses the button of this kind, and gives the name and bytes of the file. */
async function download(page, kind) {
  const [file] = await Promise.all([
    page.page.waitForEvent('download'),
    page.press(dialog(page).getByRole('button', { name: kind, exact: true })),
  ]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

async function traffic(open) {
  const broker = await stage.broker('host');
  const page = await open();
  await page.fill('User name', 'chen');
  await page.fill('Password', 'not-for-files');
  await page.join(broker);
  await page.subscribe('export/#');
  await page.publish({ topic: 'export/text', payload: '{"t": 1}' });
  await page.publish({ topic: 'export/bytes', payload: 'ff 00 fe', format: 'Hex' });
  await until('both came back', async () => (await page.counters()).received === 2);
  return page;
}

const lines = ({ bytes }) => bytes.toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line));

stage.scenario('JSON Lines have every message with its exact bytes', async ({ open }) => {
  const page = await traffic(open);
  await openExport(page);
  const file = await download(page, 'JSON Lines');
  assert.match(file.name, /^midge-\d{8}-\d{6}Z\.jsonl$/);
  const all = lines(file);
  assert.deepEqual(
    all.map(({ direction, topic, payload, payload_base64 }) => [direction, topic, payload ?? Buffer.from(payload_base64, 'base64').toString('hex')]),
    [
      ['sent', 'export/text', '{"t": 1}'],
      ['received', 'export/text', '{"t": 1}'],
      ['sent', 'export/bytes', 'ff00fe'],
      ['received', 'export/bytes', 'ff00fe'],
    ],
  );
  await dialog(page).getByText('The file is saved.', { exact: true }).waitFor({ state: 'visible' });
});

stage.scenario('only what matches the filter goes in, unless all is asked for', async ({ open }) => {
  const page = await traffic(open);
  await page.page.getByRole('searchbox', { name: 'Filter messages', exact: true }).fill('received topic:export/text');
  await openExport(page);
  const only = dialog(page).getByRole('checkbox', { name: 'Only what matches the filter of the list', exact: true });
  assert.equal(await only.isChecked(), true);
  const csv = (await download(page, 'CSV')).bytes.toString('utf8').trimEnd().split('\r\n');
  assert.equal(csv.length, 2);
  assert.match(csv[1], /,received,PUBLISH,export\/text,0,,,,8,text,"\{""t"": 1\}"$/);
  await only.uncheck();
  assert.equal(lines(await download(page, 'JSON Lines')).length, 4);
});

stage.scenario('a password is masked, and goes in when that is asked for in so many words', async ({ open }) => {
  const page = await traffic(open);
  await openExport(page);
  const masked = await download(page, 'pcapng');
  assert.equal(masked.bytes.readUInt32LE(0), 0x0a0d0d0a);
  assert.ok(masked.bytes.includes('chen') && !masked.bytes.includes('not-for-files'));
  assert.ok(masked.bytes.includes('A secret in this packet is masked'));
  await dialog(page).getByRole('checkbox', { name: 'With passwords and authentication data', exact: true }).check();
  assert.ok((await download(page, 'pcapng')).bytes.includes('not-for-files'));
});

stage.scenario('thirty megabytes are saved whole', async ({ open }) => {
  const broker = await stage.broker('host');
  const page = await open();
  await page.join(broker);
  await page.subscribe('large/#', { qos: 0 });
  await page.compose({ topic: 'large/x', payload: 'x'.repeat(1_000_000) });
  for (let count = 1; count <= 15; count += 1) {
    await page.press(page.button('Publish'));
    await until(`message ${count} came back`, async () => (await page.counters()).received === count);
  }
  await openExport(page);
  const file = await download(page, 'JSON Lines');
  const all = lines(file);
  assert.equal(all.length, 30);
  assert.ok(all.every(({ payload }) => payload.length === 1_000_000));
});
