// The tests' own tools: the brokers let clients in, mosquitto_sub reports exact bytes, the fake broker frames as asked, and a
// scenario gets one try.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import mqtt from 'mqtt-packet';
import { WebSocket } from 'ws';
import { Host, Mosquitto } from './brokers.mjs';
import { FakeBroker, StubbornServer, encode, message } from './fake_broker.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { Program, folder, until } from './processes.mjs';
import { secondTries } from './second_tries.mjs';

let broker;
before(async () => (broker = await Mosquitto.start()));
after(() => broker.stop());

/** A bare MQTT client over WebSocket: what it got, as packets and as frames. */
async function visitor(url, connect = {}) {
  const socket = new WebSocket(url, ['mqtt']);
  const packets = [];
  const frames = [];
  const parser = mqtt.parser({ protocolVersion: 4 });
  parser.on('packet', (packet) => packets.push(packet));
  socket.on('message', (data) => {
    frames.push(data);
    parser.parse(data);
  });
  await new Promise((done, failed) => socket.once('open', done).once('error', failed));
  const send = (packet) => socket.send(encode(packet));
  send({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true, clientId: `visitor-${Date.now()}`, keepalive: 30, ...connect });
  const got = (cmd) => until(`${cmd} arrives`, () => packets.find((packet) => packet.cmd === cmd));
  return { socket, packets, frames, send, got };
}

for (const kind of ['mosquitto', 'host']) test(`${kind} takes a client over WebSocket, and mosquitto_pub reaches it over TCP`, { timeout: 40_000 }, async (t) => {
  const broker = await (kind === 'host' ? Host.start() : Mosquitto.start());
  t.after(() => broker.stop());
  const guest = await visitor(broker.url);
  assert.equal((await guest.got('connack')).returnCode, 0);
  guest.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/#', qos: 1 }] });
  await guest.got('suback');
  await publish(broker, 'a/b', Buffer.of(0, 255, 10), { qos: 1 });
  const { topic, payload, qos } = await guest.got('publish');
  assert.deepEqual([topic, [...payload], qos], ['a/b', [0, 255, 10], 1]);
  guest.socket.terminate();
});

test('mosquitto_sub reports topic, QoS, retain flag and exact bytes', { timeout: 20_000 }, async () => {
  await publish(broker, 'kept|for/ü', 'retained', { retain: true });
  const listener = await Listener.start(broker, ['kept|for/#', 'live']);
  await publish(broker, 'live', Buffer.of(0, 10, 124, 255), { qos: 2 });
  await publish(broker, 'live', '');
  // MQTT orders messages of one QoS only.
  const all = await listener.count(3);
  const retained = all.find((m) => m.topic !== 'live');
  const live = all.find((m) => m.topic === 'live' && m.qos === 2);
  const empty = all.find((m) => m.topic === 'live' && m.qos === 0);
  assert.deepEqual(
    { ...retained, payload: retained.payload.toString() },
    { topic: 'kept|for/ü', qos: 0, retain: true, length: 8, payload: 'retained' },
  );
  assert.deepEqual({ ...live, payload: [...live.payload] }, { topic: 'live', qos: 2, retain: false, length: 4, payload: [0, 10, 124, 255] });
  assert.equal(empty.payload.length, 0);
  await listener.stop();
});

test('mosquitto with a password file refuses a wrong password with code 5', { timeout: 20_000 }, async () => {
  const guarded = await Mosquitto.start({ users: { chen: 'right' } });
  try {
    const welcome = await visitor(guarded.url, { username: 'chen', password: Buffer.from('right') });
    assert.equal((await welcome.got('connack')).returnCode, 0);
    const stranger = await visitor(guarded.url, { username: 'chen', password: Buffer.from('wrong') });
    assert.equal((await stranger.got('connack')).returnCode, 5);
    welcome.socket.terminate();
    stranger.socket.terminate();
  } finally {
    await guarded.stop();
  }
});

test('the fake broker sends each byte in a frame of its own, or packets joined in one', { timeout: 20_000 }, async () => {
  const fake = await FakeBroker.start({ byteByByte: true });
  const guest = await visitor(fake.url);
  await guest.got('connack');
  assert.deepEqual(guest.frames.map((frame) => frame.length), [1, 1, 1, 1]);
  fake.byteByByte = false;
  (await fake.guest()).send(Buffer.concat([message('a', '1'), message('b', '2')]));
  await until('two messages', () => guest.packets.filter(({ cmd }) => cmd === 'publish').length === 2);
  assert.equal(guest.frames.length, 5);
  guest.socket.terminate();
  await fake.stop();
});

test('the stubborn server answers with a subprotocol that nobody offered', { timeout: 20_000 }, async () => {
  const server = await StubbornServer.start('chat');
  const socket = new WebSocket(server.url, ['mqtt']);
  const error = await new Promise((done) => socket.once('error', done));
  assert.match(String(error), /subprotocol/);
  await server.stop();
});

/** Runs these scenarios in a process of their own: whether that went well, and what was said. */
async function run(scenarios, listed) {
  const file = join(folder(), 'tries.test.mjs');
  writeFileSync(file, `
    import { Stage } from '${import.meta.dirname}/stage.mjs';
    const stage = new Stage({ secondTries: ${JSON.stringify(listed.map((entry) => ({ file: 'tries.test.mjs', reason: 'shown here', ...entry })))} });
    const failing = (times) => () => { if (times-- > 0) throw new Error('not yet'); };
    ${scenarios.map(([name, times]) => `stage.scenario('${name}', failing(${times}));`).join('\n')}
  `);
  // It reports to this test, and not to the runner of this file.
  const program = new Program('env', ['-u', 'NODE_TEST_CONTEXT', process.execPath, '--test-reporter=tap', file]);
  await program.ended;
  return { well: program.code === 0, said: program.output };
}

test('a scenario gets one try, and one that is listed two', { timeout: 30_000 }, async () => {
  const { well, said } = await run([['plain', 1], ['listed', 1], ['listed, and fails twice', 2], ['first', 0]], [{ name: 'listed' }, { name: 'listed, and fails twice' }, { name: 'first' }]);
  assert.equal(well, false);
  assert.match(said, /^not ok \d+ - plain$/m);
  assert.match(said, /^ok \d+ - listed$/m);
  assert.match(said, /^not ok \d+ - listed, and fails twice$/m);
  assert.match(said, /^ok \d+ - first$/m);
  assert.deepEqual(said.match(/SECOND TRY: .*/g), ['SECOND TRY: tries.test.mjs: listed: shown here', 'SECOND TRY: tries.test.mjs: listed, and fails twice: shown here']);
  assert.match(said, /^tries\.test\.mjs: 4 scenarios in \d+ ms$/m);
});

test('a list that names a scenario which is not there fails, and so does one name twice', { timeout: 30_000 }, async () => {
  assert.equal((await run([['one', 0]], [{ name: 'one' }])).well, true);
  const gone = await run([['one', 0]], [{ name: 'two' }]);
  assert.equal(gone.well, false);
  assert.match(gone.said, /no scenario is called: two/);
  assert.equal((await run([['one', 0], ['one', 0]], [])).well, false);
});

test('every entry of second_tries.mjs has a file that is there, and a reason', () => {
  for (const { file, name, reason } of secondTries) {
    assert.ok(existsSync(join(import.meta.dirname, file)), `${file} of “${name}”`);
    assert.match(reason, /\w+ \w+ \w+/, name);
  }
});
