// Promise 11: MQTT packets and WebSocket frames have nothing to do with each other; what breaks the transport's rules
// ends with its explanation.

import assert from 'node:assert/strict';
import { FakeBroker, StubbornServer, encode } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { chooseVersion } from './panels5.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
// High enough for fifty rows of the list.
const tall = { viewport: { width: 1280, height: 2400 } };

stage.scenario('fifty packets joined in one frame: all fifty are there, in order', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(tall);
  await page.join(fake);
  await page.subscribe('joined/#');
  const guest = await fake.guest();
  guest.send(Buffer.concat(Array.from({ length: 50 }, (_, at) => guest.message(`joined/${at}`, `payload ${at}.`))));
  assert.equal((await page.received(50)).received, 50);
  await page.row('joined/49');
  const rows = (await page.rows()).reverse();
  assert.deepEqual(rows.map((row) => row.topic), Array.from({ length: 50 }, (_, at) => `joined/${at}`));
  for (const [at, row] of rows.entries()) assert.match(row.text, new RegExp(`payload ${at}\\.`));
});

stage.scenario('every byte in a frame of its own: CONNACK, SUBACK and all messages are understood', async ({ open, keep }) => {
  const fake = await FakeBroker.start({ byteByByte: true });
  await keep(fake);
  const page = await open(tall);
  await page.join(fake);
  await page.subscribe('bytes/#', { qos: 1 });
  const guest = await fake.guest();
  for (let at = 0; at < 20; at += 1) guest.send(guest.message(`bytes/${at}`, `payload ${at}, ${'x'.repeat(150)}`, { qos: 1, messageId: at + 1 }));
  assert.equal((await page.received(20)).received, 20);
  await page.row('bytes/19');
  assert.deepEqual((await page.topics()).reverse(), Array.from({ length: 20 }, (_, at) => `bytes/${at}`));
  await until('all are acknowledged', () => guest.packets.filter(({ cmd }) => cmd === 'puback').length === 20);
});

stage.scenario('packets cut anywhere over the frames', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(tall);
  await page.join(fake);
  await page.subscribe('cut/#');
  const guest = await fake.guest();
  const all = Buffer.concat(Array.from({ length: 40 }, (_, at) => guest.message(`cut/${at}`, 'y'.repeat(at * 11))));
  for (let at = 0, length = 1; at < all.length; at += length, length = (length * 7) % 61 || 1) guest.send(all.subarray(at, at + length));
  assert.equal((await page.received(40)).received, 40);
  await page.row('cut/39');
  assert.deepEqual((await page.topics()).reverse(), Array.from({ length: 40 }, (_, at) => `cut/${at}`));
});

const textFrame = /^The server sent a WebSocket text frame; MQTT uses binary frames( Next try in \d+ s)?\n/;

stage.scenario('a text frame is explained', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open({ socketFailures: true });
  await page.join(fake);
  (await fake.guest()).socket.send('hello');
  assert.match(await page.explains('text-frame'), textFrame);
  assert.equal(await page.state(), 'waiting');
});

stage.scenario('a text frame instead of CONNACK is explained', async ({ open, keep }) => {
  const fake = await FakeBroker.start({ answers: { connect: (guest) => guest.socket.send('{"error":"not MQTT"}') } });
  await keep(fake);
  const page = await open({ socketFailures: true });
  await page.connect({ address: fake.url });
  assert.match(await page.explains('text-frame'), textFrame);
});

for (const [name, protocol] of [['that was not offered', 'chat'], ['of none', undefined]]) {
  stage.scenario(`a server that answers with a subprotocol ${name} is explained`, async ({ open, keep }) => {
    const server = await StubbornServer.start(protocol);
    await keep(server);
    const page = await open({ socketFailures: true });
    await page.connect({ address: server.url });
    // Chromium closes such a socket before it opens, and tells the page nothing.
    const words = await page.explains('not-opened');
    assert.match(words, /^The socket closed after [\d.]+ m?s, before it opened\n/);
    assert.match(words, /what listens there does not speak WebSocket\./);
    assert.equal(server.offers[0], 'mqtt');
    assert.equal(await page.state(), 'waiting');
  });
}

stage.scenario('the page offers the subprotocol mqtt', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  assert.deepEqual(fake.offered, [['mqtt']]);
});

stage.scenario('a CONNACK that never comes is explained', async ({ open, keep }) => {
  const fake = await FakeBroker.start({ answers: { connect() {} } });
  await keep(fake);
  const page = await open({ socketFailures: true });
  await page.connect({ address: fake.url });
  const words = await page.explains('no-connack', 40_000);
  assert.match(words, /^The broker did not answer CONNECT with CONNACK within 10(\.\d)? s\n/);
  await until('the socket is closed', async () => (await fake.guest()).closed !== undefined);
}, { timeout: 90_000 });

stage.scenario('a socket that closes before CONNACK is explained', async ({ open, keep }) => {
  const fake = await FakeBroker.start({ answers: { connect: (guest) => guest.socket.close(1011) } });
  await keep(fake);
  const page = await open({ socketFailures: true });
  await page.connect({ address: fake.url });
  const words = await page.explains('closed-before-connack');
  assert.match(words, /^The broker closed the socket [\d.]+ m?s after CONNECT, without CONNACK \(code 1011\)\n/);
});

for (const [name, detail, bytes] of [
  ['a PUBLISH with QoS 3', 'PUBLISH: both QoS bits are set, at byte 0 (MQTT 3.1.1 section 3.3.1.2 [MQTT-3.3.1-4])', Buffer.from([0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01])],
  ['a remaining length of five bytes', 'PUBLISH: the remaining length does not end with its fourth byte, at byte 1 (MQTT 3.1.1 section 2.2.3)', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ['a topic longer than its packet', 'PUBLISH: a length reaches past the end of the packet, at byte 2 (MQTT 3.1.1 section 1.5.3)', Buffer.from([0x30, 0x03, 0x00, 0x09, 0x61])],
  ['a packet of a kind that only clients send', 'SUBSCRIBE: only the other side may send a packet of this type, at byte 0 (MQTT 3.1.1 section 2.2.1)', Buffer.from([0x82, 0x06, 0x00, 0x01, 0x00, 0x01, 0x61, 0x00])],
  ['a packet identifier of 0', 'PUBLISH: the packet identifier is 0, at byte 5 (MQTT 3.1.1 section 2.3.1 [MQTT-2.3.1-1])', Buffer.from([0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00])],
]) {
  stage.scenario(`${name} ends the connection with its explanation`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open({ socketFailures: true });
    await chooseVersion(page, 'MQTT 3.1.1');
    await page.join(fake);
    const guest = await fake.guest();
    guest.send(bytes);
    const words = await page.explains('malformed');
    assert.ok(words.startsWith(`The broker broke the protocol: ${detail} Next try in `), words);
    await until('the socket is closed', () => guest.closed !== undefined);
  });
}

for (const [name, bytes, words] of [
  ['a topic with a wildcard', Buffer.from([0x30, 0x05, 0x00, 0x03, 0x61, 0x2f, 0x23]), /^A message on “a\/#” breaks a rule of MQTT 3\.1\.1: /],
  ['a second CONNACK', encode({ cmd: 'connack', returnCode: 0, sessionPresent: false }), /^The broker broke a rule: a second CONNACK /],
]) {
  stage.scenario(`${name} is said, and the connection goes on`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open();
    await chooseVersion(page, 'MQTT 3.1.1');
    await page.join(fake);
    const guest = await fake.guest();
    guest.send(bytes);
    const said = page.page.locator('[data-remark]');
    await until('it is said', async () => (await said.count()) === 1 && words.test(await said.innerText()));
    guest.send(guest.message('later', 'x'));
    await page.row('later', /x/);
    assert.equal(guest.closed, undefined);
  });
}
