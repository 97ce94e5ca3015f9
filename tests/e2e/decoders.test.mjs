// Payloads that are packed, encoded or binary: taken out of what they are in, laid out, copied and saved to the byte.

import assert from 'node:assert/strict';
import { deflateSync, gzipSync } from 'node:zlib';
import { FakeBroker } from './fake_broker.mjs';
import { chooseLanguage, openSettings } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

const DOCUMENT = '{"device":"lab-1","t":21.50,"n":12345678901234567890}';
const TOKENS = DOCUMENT;
/** DOCUMENT by zstd 1.5, without a checksum, in a raw block. */
const ZSTD = Buffer.concat([
  Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, DOCUMENT.length, (DOCUMENT.length << 3) & 0xff | 1, DOCUMENT.length >> 5, 0]),
  Buffer.from(DOCUMENT),
]);

async function ready({ open, keep }, options) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(options);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  const shows = async (topic, payload, text) => {
    guest.send(guest.message(topic, payload));
    await page.inspect(await page.row(topic, text));
  };
  return { page, shows };
}

const tokens = async (page) => (await page.payloadText()).replace(/\s/g, '');
const reason = (page) => page.page.locator('#payload-reason').innerText();
const inside = (page) => page.page.locator('#payload-inside');

for (const [name, payload] of [
  ['gzip', gzipSync(DOCUMENT)],
  ['zlib', deflateSync(DOCUMENT)],
  ['zstd', ZSTD],
  ['base64', Buffer.from(Buffer.from(DOCUMENT).toString('base64'))],
  ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(DOCUMENT, 'utf16le')])],
]) {
  stage.scenario(`JSON in ${name} is opened and laid out, with exact numbers; what is saved is what came`, async (tools) => {
    const { page, shows } = await ready(tools);
    await shows('packed', payload);
    await until('it is laid out', async () => (await tokens(page)) === TOKENS);
    assert.match(await inside(page).innerText(), new RegExp(`^Opened from ${name}: ${payload.length} B → ${DOCUMENT.length} B\\.`));
    assert.match(await reason(page), /^It is JSON from start to end\./);
    assert.ok((await page.save()).equals(payload));
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.press(page.button('Save what is inside', page.inspector)),
    ]);
    assert.equal(download.suggestedFilename(), 'packed.json');
    // As it came, and back.
    await page.press(page.button('Show as it came', page.inspector));
    await until('it is not opened', async () => (await tokens(page)) !== TOKENS);
    await page.press(page.button('Open what is packed', page.inspector));
    await until('it is opened again', async () => (await tokens(page)) === TOKENS);
    // The next message is none of it.
    await shows('packed', 'plain', /plain/);
    await until('the next one is as it is', async () => (await page.payloadText()) === 'plain');
    assert.ok(!(await inside(page).isVisible()));
  });
}

stage.scenario('one in the other is opened; what is cut is shown as far as it goes', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('both', Buffer.from(gzipSync(gzipSync(DOCUMENT)).toString('base64')));
  await until('it is laid out', async () => (await tokens(page)) === TOKENS);
  assert.match(await inside(page).innerText(), /base64.*gzip.*gzip/s);
  await shows('cut', gzipSync('one line of many\n'.repeat(1000)).subarray(0, -9));
  await until('what was there', async () => (await inside(page).innerText()).includes('It ends too early; this is what was there.'));
});

stage.scenario('a zip bomb stops at its bound, and the page goes on', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('bomb', gzipSync(Buffer.alloc(40 * 1024 * 1024, 'a')));
  await until('it is stopped', async () => /There is more inside: opening stops at/.test(await inside(page).innerText()), { within: 30_000 });
  await shows('small', 'after it', /after it/);
  await until('the next one is there', async () => (await page.payloadText()) === 'after it');
});

stage.scenario('MessagePack and protobuf are laid out, and told where they are none', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('pack', Buffer.from('82a174cb4035800000000000a16e93010203', 'hex'));
  await until('MessagePack', async () => (await page.payloadText()).trimEnd() === '{\n  "t": 21.5,\n  "n": [\n    1,\n    2,\n    3\n  ]\n}');
  assert.match(await reason(page), /^It is MessagePack from start to end\./);
  await shows('fields', Buffer.from('0a056c61622d311096011a0208031d0000c03f', 'hex'));
  await until('protobuf', async () => (await page.payloadText()).trimEnd() === '1: "lab-1"\n2: 150\n3: {\n  1: 3 / sint -2 /\n}\n3: 1069547520 / fixed32, float 1.5 /');
  await shows('cut', Buffer.from('0896', 'hex'));
  await page.view('Protobuf');
  const note = page.page.locator('#not-protobuf');
  await until('the fault', async () => (await note.textContent()) === 'Not protobuf from byte 0 on (counted from 0): the payload ends inside a field.');
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await until('the fault in Chinese', async () => (await note.textContent()) === '從位元組 0（從 0 算起）開始不是 protobuf：內容在一個欄位中間就結束了。');
});

stage.scenario('a choice holds for its topic, over a reload, until it is taken back', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('degrees', Buffer.from('3230b0', 'hex'));
  await page.view('Latin-1');
  await until('Latin-1', async () => (await page.payloadText()) === '20°');
  assert.match(await reason(page), /^You chose this for the topic\./);
  await shows('other', 'text', /text/);
  await until('the other is text', async () => (await page.payloadText()) === 'text');
  assert.match(await reason(page), /^It is readable text\./);
  await shows('degrees', Buffer.from('3231b0', 'hex'), /32 31 b0/);
  await until('it holds', async () => (await page.payloadText()) === '21°');
  await page.press(page.button('Let Midge choose', page.inspector));
  await until('bytes again', async () => (await page.payloadText()).includes('32 31 b0'));
  assert.equal(await page.page.evaluate(() => localStorage.getItem('midge.shown')), '{"version":1,"chosen":[]}');
});

stage.scenario('what cannot be seen in a text has a sign, and is copied as it is', async (tools) => {
  const { page, shows } = await ready(tools);
  const text = 'plain\nad\u202emin\u200b\tend\n';
  await shows('hidden', text);
  await until('it is there', async () => (await page.payloadText()) === text);
  const signs = await page.page.locator('#payload .sign').evaluateAll((all) => all.map((sign) => sign.dataset.sign));
  assert.deepEqual(signs, ['U+202E', 'U+200B', '⇥']);
  await shows('json', '{"a\u202eb":"\u200bc"}');
  await until('JSON', async () => (await page.page.locator('#payload .sign').count()) === 2);
});

// Protobuf by hand, as Sparkplug's payloads are written.
const varint = (value) => {
  const bytes = [];
  let left = BigInt(value);
  while (left >= 128n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Buffer.from([...bytes, Number(left)]);
};
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(Buffer.byteLength(value)), Buffer.from(value)]);
const double = (field, value) => {
  const eight = Buffer.alloc(8);
  eight.writeDoubleLE(value);
  return Buffer.concat([varint((field << 3) | 1), eight]);
};
const metric = (...parts) => bytes(2, Buffer.concat(parts));

stage.scenario('metrics of Sparkplug have the names that the birth told, and what is missing is counted', async (tools) => {
  const { page, shows } = await ready(tools);
  const birth = Buffer.concat([
    number(1, 1_700_000_000_000),
    metric(bytes(1, 'Node Control/Rebirth'), number(2, 1), number(4, 11), number(14, 0)),
    metric(bytes(1, 'Outlet/Temperature'), number(2, 7), number(3, 1_700_000_000_000), number(4, 10), double(13, 21.5)),
    number(3, 0),
  ]);
  const cells = () => page.page.locator('#payload tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].slice(0, 3).map((cell) => cell.textContent)));
  const note = page.page.locator('#sparkplug');
  await shows('spBv1.0/plant/NBIRTH/edge', birth);
  await until('the birth', async () => (await cells()).length === 2);
  assert.deepEqual(await cells(), [['Node Control/Rebirth', 'Boolean', 'false'], ['Outlet/Temperature', 'Double', '21.5']]);
  assert.match(await reason(page), /^The topic is one of Sparkplug B\./);
  await shows('spBv1.0/plant/NDATA/edge', Buffer.concat([metric(number(2, 7), double(13, -3)), metric(number(2, 9), number(10, 5)), number(3, 3)]));
  await until('the data', async () => (await note.getAttribute('data-gap')) === '2');
  assert.deepEqual(await cells(), [['Outlet/Temperature', 'Double', '-3.0'], ['#9', '', '5']]);
  assert.equal(await note.innerText(), 'Sequence number 3. 2 messages of this node are missing before it. One metric has only an alias.');
  await shows('spBv1.0/plant/DDATA/edge/pump', Buffer.concat([metric(number(2, 1), number(10, 5)), number(3, 4)]));
  await until('no birth of the device', async () => (await note.innerText()).includes('The birth that names them was not seen'));
  assert.equal(await note.getAttribute('data-gap'), null);
});

stage.scenario('what changed is told by line, by range, and against a message that was picked', async (tools) => {
  const { page, shows } = await ready(tools);
  const changed = () => page.page.locator('#payload-difference pre').allTextContents();
  await shows('log', 'first\nsecond\nthird\n');
  const picked = page.button('Compare others with this', page.inspector);
  await page.press(picked);
  await shows('log', 'first\n2nd\nthird\n', /2nd/);
  await until('a line changed', async () => (await changed()).join() === '− second\n+ 2nd\n');
  await shows('log', 'first\n2nd\nthird\nfourth\n', /fourth/);
  await until('against the one picked', async () => (await changed()).join('|') === '− second\n+ 2nd\n|+ fourth\n');
  await page.press(page.button('Compare with the message before', page.inspector));
  await until('against the one before', async () => (await changed()).join('|') === '+ fourth\n');
  await shows('raw', Buffer.from('00ff00ff', 'hex'));
  await shows('raw', Buffer.from('00fe00ff', 'hex'), /00 fe/);
  await until('a byte changed', async () => (await changed()).join() === '− ff  .\n+ fe  .\n');
  assert.match(await page.page.locator('#payload-difference').innerText(), /Byte 1/);
});
