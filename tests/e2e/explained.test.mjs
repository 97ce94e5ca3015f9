// What goes wrong is explained in place.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import { FakeBroker } from './fake_broker.mjs';
import { Listener } from './mosquitto_clients.mjs';
import { freePort, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const notOpened = /^The socket closed after [\d.]+ m?s, before it opened\n/;
const protocolWebsockets = /Mosquitto takes WebSocket when mosquitto\.conf has these two lines:\s+listener 9001\s+protocol websockets/;

stage.scenario('nothing listens: said in words, the address is still there, and the next try comes', async ({ open, keep }) => {
  const page = await open({ socketFailures: true });
  const port = await freePort();
  const address = `ws://127.0.0.1:${port}/mqtt`;
  await page.connect({ address, userName: 'chen' });
  await page.reaches('waiting');
  const words = await page.explains('not-opened');
  assert.match(words, notOpened);
  assert.match(words, /It failed at once: nothing listens on this port, or what listens there does not speak WebSocket\./);
  assert.match(words, protocolWebsockets);
  assert.equal(await page.value('Address'), address);
  assert.equal(await page.value('User name'), 'chen');
  const fake = await keep(FakeBroker.start({ port }));
  await page.reaches('connected', 30_000);
  assert.equal(fake.guests.length, 1);
});

stage.scenario('port 1883: said that it is plain MQTT, and what mosquitto needs', async ({ open }) => {
  const page = await open({ socketFailures: true });
  await page.fill('Address', 'ws://127.0.0.1:1883/mqtt');
  await page.field('Address').press('Tab');
  const [words, instead, two] = (await page.fault('#address-error')).split(/\n+/);
  assert.equal(
    words,
    'Port 1883 is normally plain MQTT over TCP, which a browser cannot open. Mosquitto needs a listener with “protocol websockets”, often on 9001.',
  );
  assert.equal(instead, 'Use ws://127.0.0.1:9001/mqtt');
  assert.equal(two, 'Two lines in mosquitto.conf open it:');
  assert.match(await page.fault('#address-error'), /companion is the way in, started like this:\s+midge --broker mqtt:\/\/127\.0\.0\.1:1883$/);
  await page.fill('Address', 'mqtts://broker.example');
  await page.field('Address').press('Tab');
  await until('the command is for that', async () => /\s+midge --broker mqtts:\/\/broker\.example$/.test(await page.fault('#address-error')));
});

stage.scenario('a plain TCP broker at the address: the socket does not open, and the page says what to check', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open({ socketFailures: true });
  await page.connect({ address: `ws://127.0.0.1:${broker.tcp}` });
  const words = await page.explains('not-opened');
  assert.match(words, notOpened);
  assert.match(words, /what listens there does not speak WebSocket\./);
  assert.match(words, protocolWebsockets);
});

const onlyWebSocket = (scheme) => `A browser reaches MQTT only over WebSocket: the address starts with ws:// or wss://, not ${scheme}://.`;
for (const [address, rule] of [
  ['', "Please type the broker's address, for example ws://localhost:9001."],
  ['http://127.0.0.1:9001', onlyWebSocket('http')],
  ['mqtt://127.0.0.1:1883', onlyWebSocket('mqtt')],
  ['ws://', 'The host is missing: a name or a number after ws://.'],
  ['ws://127.0.0.1:99999', 'A port is a number from 1 to 65535.'],
]) {
  stage.scenario(`the address ${JSON.stringify(address)} is explained at its field, and nothing is tried`, async ({ open, keep }) => {
    const fake = await keep(FakeBroker.start());
    const page = await open();
    await page.watchStates();
    await page.connect({ address });
    assert.equal((await page.fault('#address-error')).split('\n')[0], rule);
    assert.equal(await page.value('Address'), address);
    // The next press is the first that tries anything.
    await page.connect({ address: fake.url });
    await page.reaches('connected');
    await page.sawOnly('disconnected', 'connecting', 'connected');
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
  assert.equal(
    (await page.fault('#address-error')).split('\n')[0],
    'This page came over https, so the browser will not open an unencrypted ws:// address elsewhere. The broker needs wss://, or open Midge over http.',
  );
  assert.equal(await page.state(), 'disconnected');
  assert.equal(await page.value('Address'), 'ws://192.0.2.7:9001/mqtt');
  page.faults = page.faults.filter((fault) => !/Mixed Content|insecure WebSocket/i.test(fault));
});

for (const [filter, rule] of [
  ['a/#/b', '# must be the last level, but level 2 is followed by others.'],
  ['a/b#', '# must be a whole level by itself; level 2 has more than that.'],
  ['a+/b', '+ must be a whole level by itself; level 1 has more than that.'],
  ['a/b/+c', '+ must be a whole level by itself; level 3 has more than that.'],
  ['', 'Type a topic filter, for example sensors/# for everything below sensors.'],
]) {
  stage.scenario(`the filter ${JSON.stringify(filter)} is explained: which rule, which level`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open();
    await page.join(fake);
    await page.subscribe('fine/#');
    await page.subscribe(filter, { wait: false });
    assert.equal(await page.fault('#filter-error'), rule);
    assert.equal(await page.value('Topic filter'), filter);
    await page.subscribe('right/+');
    await page.noFault('#filter-error');
    // Nothing was sent between the two.
    assert.deepEqual((await page.subscriptions()).map((row) => row.filter), ['fine/#', 'right/+']);
    const asked = (await fake.guest()).packets.filter(({ cmd }) => cmd === 'subscribe').map(({ subscriptions }) => subscriptions.map(({ topic }) => topic));
    assert.deepEqual(asked, [['fine/#'], ['right/+']]);
  });
}

for (const [topic, rule] of [
  ['a/+/b', 'Level 2 has a wildcard. + and # are for subscribing; a message goes to one exact topic.'],
  ['a/b/#', 'Level 3 has a wildcard. + and # are for subscribing; a message goes to one exact topic.'],
  ['', 'Type a topic, for example sensors/lab/temp.'],
]) {
  stage.scenario(`the topic ${JSON.stringify(topic)} in the publisher is explained, and nothing typed is lost`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open();
    await page.join(fake);
    await page.publish({ topic, payload: 'typed with care' });
    assert.equal(await page.fault('#topic-error'), rule);
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
  ['JSON', '{"a": 1,}', 'This is not JSON, line 1, column 9: a comma stands before the closing bracket. Choose Text to send it as it is.', '{"a": 1}', Buffer.from('{"a": 1}')],
  ['Hex', '00 f', 'Hex needs two digits per byte; one digit is missing.', '00 ff', Buffer.from([0x00, 0xff])],
  ['Hex', '00 zz', '“z” is not a hexadecimal digit (0-9, a-f).', '00', Buffer.from([0x00])],
]) {
  stage.scenario(`a payload that is not the ${format} it claims to be (${wrong}) is explained, and not sent`, async ({ open, keep }) => {
    const broker = await stage.broker('mosquitto');
    const listener = await Listener.start(broker, 'claim/#');
    await keep(listener);
    const page = await open();
    await page.join(broker);
    await page.publish({ topic: 'claim/a', payload: wrong, format });
    assert.equal(await page.fault('#payload-error'), rule);
    assert.equal(await page.value('Payload'), wrong);
    await page.publish({ payload: right });
    await page.noFault('#payload-error');
    // The first that was sent.
    const all = await listener.count(1);
    assert.deepEqual(all.map(({ payload }) => payload), [bytes]);
    await until('it is counted', async () => (await page.counters()).sent === 1);
  });
}

stage.scenario('a placeholder that cannot be filled in is explained, and not sent', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.publish({ topic: 'a', payload: '{{random 99..0}}', format: 'Text' });
  assert.match(await page.fault('#payload-error'), /^“\{\{random 99\.\.0\}\}” cannot be filled in\. To send it as it is, untick “Fill in placeholders”\. There are random 0\.\.99, /);
  assert.equal(await page.value('Payload'), '{{random 99..0}}');
  await page.publish({ payload: '{{random 7..7}}' });
  const guest = await fake.guest();
  await guest.got('publish');
  assert.deepEqual(guest.packets.filter(({ cmd }) => cmd === 'publish').map(({ payload }) => payload.toString()), ['7']);
});
