// A broker and its publishers may send anything: it shows as text, no script runs, nothing throws.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { publish } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();
const markup = '<img src=x onerror="window.owned=1"><script>window.owned=1</script><svg onload="alert(1)">';

/** Nothing of the markup became an element, and none of it ran. */
async function mustBeHarmless(page) {
  const found = await page.page.evaluate(() => ({
    owned: window.owned === 1,
    planted: document.querySelectorAll('img[src="x"], [onerror], [onload], body script:not([src])').length,
  }));
  assert.deepEqual(found, { owned: false, planted: 0 });
}

for (const kind of kinds) {
  stage.scenario(`${kind}: markup in topics and payloads shows as text everywhere`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    await page.subscribe('markup/#');
    const topic = `markup/${markup.replaceAll('/', '|')}`;
    const json = JSON.stringify({ [markup]: markup });
    await publish(broker, topic, markup);
    await publish(broker, 'markup/json', json);
    const row = await page.row(topic);
    assert.ok(row.text.includes('<img src=x onerror='), row.text);
    await page.inspect(row);
    await page.view('Text');
    assert.equal(await page.payloadText(), markup);
    await page.view('Hex');
    assert.deepEqual(await page.payloadHex(), Buffer.from(markup));
    await page.inspect(await page.row('markup/json'));
    await page.view('JSON');
    assert.ok((await page.payloadText()).includes('<script>window.owned=1'));
    await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
    await until('the packet view is there', async () => /PUBLISH/.test(await page.inspector.innerText()));
    await mustBeHarmless(page);
  });
}

stage.scenario('markup as filter, topic and payload of the page itself shows as text', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  const filter = '<b onmouseover=alert(1)>/#';
  await page.subscribe(filter);
  await page.publish({ topic: '<b onmouseover=alert(1)>/x', payload: markup });
  await page.row('<b onmouseover=alert(1)>/x');
  await page.fill('Filter messages', markup);
  await page.unsubscribe(filter);
  await mustBeHarmless(page);
});

stage.scenario('markup in a link shows as text', async ({ open }) => {
  const page = await open({ hash: `#url=${encodeURIComponent(`ws://x/${markup}`)}&sub=${encodeURIComponent(markup)}&user=${encodeURIComponent(markup)}` });
  await until('the form is filled', async () => (await page.value('User name')) === markup);
  await mustBeHarmless(page);
});

stage.scenario('odd bytes: invalid UTF-8, control characters, bidirectional marks, deep and broken JSON', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  const payloads = [
    Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]),
    Buffer.from('\u202eevil\u202c\u0007\u001b[31m\u0000end'),
    Buffer.from('['.repeat(20_000)),
    Buffer.from(`${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`),
    Buffer.from('1e999999'),
    Buffer.from('{"__proto__":{"a":1},"constructor":1}'),
    Buffer.from('x'.repeat(60_000)),
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00]),
  ];
  payloads.forEach((payload, at) => guest.send(guest.message(`odd/${at}`, payload)));
  guest.send(guest.message(`${'deep/'.repeat(5_000)}end`, 'a topic of five thousand levels'));
  guest.send(guest.message('l'.repeat(65_000), 'a level of 65,000 characters'));
  await page.received(payloads.length + 2);
  for (const [at, payload] of payloads.entries()) {
    await page.inspect(await page.row(`odd/${at}`));
    for (const view of ['JSON', 'Text', 'Hex']) await page.view(view);
    await until('the hex view begins with its bytes', async () => {
      const shown = await page.payloadHex();
      return shown.length > 0 && shown.subarray(0, 16).equals(payload.subarray(0, 16));
    });
    assert.deepEqual(await page.save(), payload);
  }
  await page.inspect(await page.row(`${'deep/'.repeat(5_000)}end`));
  assert.equal(await page.state(), 'connected');
  await page.mustNotScrollSideways('with long topics');
});
