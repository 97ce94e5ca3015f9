// What goes wrong is explained in place.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import { FakeBroker } from './fake_broker.mjs';
import { Listener } from './mosquitto_clients.mjs';
import { freePort, pause, throughout } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

stage.scenario('nothing listens: said in words, the address is still there, and the next try comes', async ({ open, keep }) => {
  const page = await open({ socketFailures: true });
  const address = `ws://127.0.0.1:${await freePort()}/mqtt`;
  await page.connect({ address, userName: 'chen' });
  await page.reaches('waiting');
  const words = await page.explains('not-opened');
  assert.match(words, /listen|WebSocket/i);
  assert.equal(await page.value('Address'), address);
  assert.equal(await page.value('User name'), 'chen');
});

stage.scenario('port 1883: said that it is plain MQTT, and what mosquitto needs', async ({ open }) => {
  const page = await open({ socketFailures: true });
  await page.fill('Address', 'ws://127.0.0.1:1883/mqtt');
  await page.field('Address').press('Tab');
  const before = await page.page.locator('body').innerText();
  if (!/1883/.test(before)) await page.press(page.button('Connect'));
  await page.page.getByText(/1883/).first().waitFor();
  const words = await page.page.locator('body').innerText();
  assert.match(words, /1883[^]*TCP/);
  assert.match(words, /protocol websockets|WebSocket/);
  assert.match(words, /9001/);
});

stage.scenario('a plain TCP broker at the address: the socket does not open, and the page says what to check', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open({ socketFailures: true });
  await page.connect({ address: `ws://127.0.0.1:${broker.tcp}` });
  assert.match(await page.explains('not-opened'), /WebSocket/i);
});

for (const [address, rule] of [
  ['', /address/i],
  ['http://127.0.0.1:9001', /ws:\/\//],
  ['mqtt://127.0.0.1:1883', /ws:\/\//],
  ['ws://', /host|address/i],
  ['ws://127.0.0.1:99999', /port|address/i],
]) {
  stage.scenario(`the address ${JSON.stringify(address)} is explained at its field, and nothing is tried`, async ({ open }) => {
    const page = await open();
    await page.watchStates();
    await page.connect({ address });
    assert.match(await page.fault('#address-error'), rule);
    await pause(300);
    assert.deepEqual(await page.statesSeen(), ['disconnected']);
    assert.equal(await page.value('Address'), address);
  });
}

stage.scenario('an https page with a ws address: said why, and that wss is needed', async ({ open, keep }) => {
  const host = await stage.host();
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048 });
  // The same page over TLS: every answer passed on with its headers.
  const front = createServer({ key: pems.private, cert: pems.cert }, (asked, answer) => {
    const { host: _, ...headers } = asked.headers;
    const inner = request({ host: '127.0.0.1', port: host.port, path: asked.url, headers }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    inner.on('error', () => answer.writeHead(502).end());
    inner.end();
  });
  await new Promise((done) => front.listen(0, '127.0.0.1', done));
  await keep({
    stop() {
      front.closeAllConnections();
      front.close();
    },
  });
  const page = await open({ at: `https://127.0.0.1:${front.address().port}/`, ignoreHTTPSErrors: true, socketFailures: true });
  // A mixed content warning of the browser is expected here.
  // An address of the documentation range: no machine is asked, the browser refuses before.
  await page.connect({ address: 'ws://192.0.2.7:9001/mqtt' });
  await page.page.getByText(/wss:\/\//).first().waitFor();
  const words = await page.page.locator('body').innerText();
  assert.match(words, /https/i);
  assert.match(words, /wss/);
  assert.notEqual(await page.state(), 'connected');
  assert.equal(await page.value('Address'), 'ws://192.0.2.7:9001/mqtt');
  page.faults = page.faults.filter((fault) => !/Mixed Content|insecure WebSocket/i.test(fault));
});

for (const [filter, rule, level] of [
  ['a/#/b', /#/, /\b2\b|second/],
  ['a/b#', /#/, /\b2\b|second/],
  ['a+/b', /\+/, /\b1\b|first/],
  ['a/b/+c', /\+/, /\b3\b|third/],
  ['', /filter|empty|topic/i, /(?:)/],
]) {
  stage.scenario(`the filter ${JSON.stringify(filter)} is explained: which rule, which level`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open();
    await page.join(fake);
    await page.subscribe('fine/#');
    await page.subscribe(filter, { wait: false });
    const words = await page.fault('#filter-error');
    assert.match(words, rule);
    assert.match(words, level);
    assert.equal(await page.value('Topic filter'), filter);
    await pause(300);
    assert.deepEqual((await page.subscriptions()).map((row) => row.filter), ['fine/#']);
    assert.equal((await fake.guest()).packets.filter(({ cmd }) => cmd === 'subscribe').length, 1, 'nothing was sent');
    await page.subscribe('right/+');
    await page.noFault('#filter-error');
  });
}

for (const [topic, rule] of [
  ['a/+/b', /\+[^]*\b2\b|\b2\b[^]*\+|second/],
  ['a/b/#', /#/],
  ['', /topic|empty/i],
]) {
  stage.scenario(`the topic ${JSON.stringify(topic)} in the publisher is explained, and nothing typed is lost`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open();
    await page.join(fake);
    await page.publish({ topic, payload: 'typed with care' });
    assert.match(await page.fault('#topic-error'), rule);
    assert.equal(await page.value('Topic'), topic);
    assert.equal(await page.value('Payload'), 'typed with care');
    await page.publish({ topic: 'a/b' });
    await page.noFault('#topic-error');
    const sent = await (await fake.guest()).got('publish');
    assert.equal(sent.topic, 'a/b');
    assert.equal(sent.payload.toString(), 'typed with care');
  });
}

for (const [format, wrong, rule, right, bytes] of [
  ['JSON', '{"a": 1,}', /JSON[^]*\d/, '{"a": 1}', Buffer.from('{"a": 1}')],
  ['Hex', '00 f', /two digits/, '00 ff', Buffer.from([0x00, 0xff])],
  ['Hex', '00 zz', /z[^]*hexadecimal/, '00', Buffer.from([0x00])],
]) {
  stage.scenario(`a payload that is not the ${format} it claims to be (${wrong}) is explained, and not sent`, async ({ open, keep }) => {
    const broker = await stage.broker('mosquitto');
    const listener = await Listener.start(broker, 'claim/#');
    await keep(listener);
    const page = await open();
    await page.join(broker);
    await page.publish({ topic: 'claim/a', payload: wrong, format });
    assert.match(await page.fault('#payload-error'), rule);
    assert.equal(await page.value('Payload'), wrong);
    await throughout('nothing is sent', 500, async () => (await page.counters()).sent === 0);
    await page.publish({ payload: right });
    await page.noFault('#payload-error');
    const [got] = await listener.count(1);
    assert.deepEqual(got.payload, bytes);
  });
}

stage.scenario('a placeholder that cannot be filled in is explained, and not sent', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.publish({ topic: 'a', payload: '{{random 99..0}}', format: 'Text' });
  assert.match(await page.fault('#payload-error'), /random 99\.\.0/);
  assert.equal(await page.value('Payload'), '{{random 99..0}}');
  assert.equal((await fake.guest()).packets.filter(({ cmd }) => cmd === 'publish').length, 0);
});
