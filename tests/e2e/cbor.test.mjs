// A payload as CBOR: in the list, laid out, and what is said of bytes that are none.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { chooseLanguage, openSettings } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** {"id": "lab-1", "t": 21.5, "raw": h'00ff', "on": true, "list": [1, -2]} */
const READING = 'a5626964656c61622d316174f94d6063726177' + '4200ff626f6ef5646c697374820121';

async function ready({ open, keep }, options) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(options);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  const shows = async (topic, hex, text) => {
    guest.send(guest.message(topic, Buffer.from(hex, 'hex')));
    await page.inspect(await page.row(topic, text));
  };
  return { page, shows };
}

stage.scenario('CBOR is read in the list and laid out a value a line; bytes that are none are told with their place', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('cbor/reading', READING, /CBOR \{/);
  const row = await page.row('cbor/reading');
  assert.ok(row.text.includes('CBOR {"id": "lab-1", "t": 21.5, "raw": h\'00ff\', "on": true, "list": [1, -2]}'), row.text);
  const lines = ['{', '  "id": "lab-1",', '  "t": 21.5,', "  \"raw\": h'00ff',", '  "on": true,', '  "list": [', '    1,', '    -2', '  ]', '}'];
  await until('every value has its line', async () => (await page.payloadText()).trimEnd() === lines.join('\n'));
  assert.equal(await page.page.locator('#not-cbor').count(), 0);
  // Another shape is a press away.
  await page.view('Hex');
  await until('hexadecimal', async () => (await page.payloadText()).includes('a5 62 69 64'));
  await page.view('CBOR');
  // Cut off inside of the list: what could be read is there.
  await shows('cbor/cut', READING.slice(0, -2), /a5 62/);
  await page.view('CBOR');
  const note = page.page.locator('#not-cbor');
  await until('the fault', async () => (await note.textContent()) === 'Not CBOR from byte 33 on (counted from 0): the payload ends inside an item.');
  assert.ok((await page.payloadText()).includes('  "on": true,\n  "list": [\n    1,'));
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await until('the fault in Chinese', async () => (await note.textContent()) === '從位元組 33（從 0 算起）開始不是 CBOR：內容在一個項目中間就結束了。');
});
