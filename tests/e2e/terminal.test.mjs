// The same in a terminal: what the page shows is run by a real shell, with Mosquitto's own programs, against real brokers.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mosquitto } from './brokers.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { chooseVersion, keepSession, messageProperties, subscribeOptions } from './panels5.mjs';
import { Program, folder, until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

/** The terminal's part of the publisher, or of the connect screen. */
const part = (page, inside) => page.page.locator(inside).locator('.terminal');
const publisherPart = (page) => part(page, '.publisher');
const brokerPart = (page) => part(page, '.connect');

/** The command that is shown; its port is the usual one, and the test's broker has another. */
async function command(where, broker) {
  const code = where.locator('code');
  await until('a command is shown', () => code.isVisible());
  const text = await code.textContent();
  assert.match(text, / -p \d+/);
  return text.replaceAll(' -p 1883', ` -p ${broker.tcp}`);
}

/** Runs it as a person would who pastes it. */
async function run(line, { where = folder(), password } = {}) {
  const cd = `cd '${where}' && `;
  const set = password === undefined ? '' : `MQTT_PASSWORD='${password}'; export MQTT_PASSWORD; `;
  await new Program('sh', ['-c', `${set}${cd}${line}`]).done();
}

/** What each message was, without the time. */
const seen = (listener) => listener.messages.map(({ topic, qos, retain, payload }) => ({ topic, qos, retain, hex: payload.toString('hex') }));

const payloads = [
  ['Text', 'plain'],
  ['Text', ''],
  ['Text', ' '],
  ['Text', 'two words, it\'s "quoted" $HOME `id` $(id) !! ! # ~ * ? [a] {a,b} ; & | < > \\'],
  ['Text', '\\n \\0 \\x41 %s %d %%'],
  ['Text', '-n'],
  ['Text', '--help'],
  ['Text', 'ends with a line break\n'],
  ['Text', '\n\n'],
  ['Text', '\ta tab\n\ttwo'],
  ['Text', '溫度 23.4 °C 🌡️ Grüße'],
  ['Text', 'turned \u202earound, \u200bhidden, \u00a0wide \ufeff'],
  ['Text', '{{{{ braces }} {{ value_json.t }}'],
  ['Text', `${"it's long ".repeat(300)}end`],
  ['JSON', '{"on": true, "level": 1.50, "name": "O\'Neill"}'],
  ['JSON', ''],
  ['Hex', 'de ad be ef 00'],
  ['Hex', '00'],
  ['Hex', '0a'],
  ['Hex', '2d 25 27 5c 0a 00 0a'],
  ['Hex', 'ff fe 80 31 32 33'],
];

for (const kind of kinds) {
  stage.scenario(`${kind}: every payload goes out from a terminal as it does from the page`, async ({ open, keep }) => {
    const broker = await stage.broker(kind);
    const listener = await keep(await Listener.start(broker, 'same/#'));
    const page = await open();
    await page.join(broker);
    await page.compose({ topic: 'same/a' });
    let count = 0;
    for (const [format, payload] of payloads) {
      await page.publish({ format, payload });
      await listener.count((count += 1));
      await run(await command(publisherPart(page), broker));
      await listener.count((count += 1));
      const [own, other] = seen(listener).slice(-2);
      assert.deepEqual(other, own, JSON.stringify(payload));
    }
  }, { timeout: 120_000 });

  stage.scenario(`${kind}: topic, QoS and Retain are the same`, async ({ open, keep }) => {
    const broker = await stage.broker(kind);
    const listener = await keep(await Listener.start(broker, '#'));
    const page = await open();
    await page.join(broker);
    let count = 0;
    const topics = ['-topic', "it's/a b", '溫度/🌡', '!/!!/x$y`z`', 'turned\u202e/\u200b%\\', ' spaced '];
    for (const [at, topic] of topics.entries()) {
      await page.publish({ topic, payload: `${at}`, format: 'Text', qos: at % 3, retain: at % 2 === 1 });
      await listener.count((count += 1));
      // Retain does not stay ticked: the line is that of the form as it was.
      await page.compose({ retain: at % 2 === 1 });
      const line = await command(publisherPart(page), broker);
      // The flag of a live message is 0 for a subscriber, so it is looked at in the line.
      assert.equal(/ -r /.test(line), at % 2 === 1, line);
      await run(line);
      await listener.count((count += 1));
      const [own, other] = seen(listener).slice(-2);
      assert.deepEqual(other, own, topic);
      assert.equal(own.topic, topic);
      if (at % 2 === 1) await publish(broker, topic, '', { retain: true });
      count += at % 2;
      await listener.count(count);
    }
  }, { timeout: 90_000 });
}

stage.scenario('the port is that of the host, or a guess that is said', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  await page.join(host);
  await page.compose({ topic: 'a', payload: 'x' });
  assert.match(await command(publisherPart(page), {}), new RegExp(`mosquitto_pub -h 127\\.0\\.0\\.1 -p ${host.tcp} -V mqttv5 -t a -m x`));
  assert.doesNotMatch(await publisherPart(page).innerText(), /guess/);
  const broker = await stage.broker('mosquitto');
  const other = await open();
  await other.join(broker);
  await other.compose({ topic: 'a', payload: 'x' });
  await until('the guess is said', async () => /Port 1883 is the usual one, and a guess/.test(await publisherPart(other).innerText()));
});

stage.scenario('properties of MQTT 5 are the same, bytes of correlation data too', async ({ open, keep }) => {
  const broker = await stage.broker('mosquitto');
  const listener = await keep(await Listener.start(broker, 'props/a', { format: '%x|%C|%R|%D|%F|%P' }));
  const page = await open();
  await chooseVersion(page, 'MQTT 5');
  await page.join(broker);
  await messageProperties(page, {
    responseTopic: 'props/-back $x',
    correlationData: "c'\\ !%\u202e2",
    contentType: 'text/plain; charset="utf-8"',
    expiry: '60',
    text: true,
    userProperties: [['z', "o'ne"], ['-a', '!two!'], ['z', 'three']],
  });
  await page.publish({ topic: 'props/a', payload: 'hello\n', format: 'Text', qos: 1 });
  await run(await command(publisherPart(page), broker));
  const [own, other] = await listener.lines(2);
  assert.equal(other, own);
  assert.match(own, /^68656c6c6f0a\|text\/plain; charset="utf-8"\|/);
});

stage.scenario('a password is taken from the environment, and is not in the line', async ({ open, keep }) => {
  const broker = await Mosquitto.start({ users: { "chen o'wu": 'se cret!' } });
  await keep(broker);
  const user = { name: "chen o'wu", password: 'se cret!' };
  const listener = await keep(await Listener.start(broker, 'a', { user }));
  const page = await open();
  await page.join(broker, { userName: user.name, password: user.password });
  await page.compose({ topic: 'a', payload: 'x' });
  const line = await command(publisherPart(page), broker);
  assert.doesNotMatch(await page.page.locator('body').innerHTML(), /se cret/);
  assert.match(await publisherPart(page).innerText(), /Set MQTT_PASSWORD/);
  await run(line, { password: user.password });
  await listener.count(1);
});

stage.scenario('a file is published from the folder where it is', async ({ open, keep }) => {
  const broker = await stage.broker('mosquitto');
  const listener = await keep(await Listener.start(broker, 'file/a'));
  const page = await open();
  await page.join(broker);
  const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 131) & 255));
  const name = "it's a file.bin";
  await page.publish({ topic: 'file/a', format: 'File', payload: { name, bytes } });
  const where = folder();
  writeFileSync(join(where, name), bytes);
  assert.match(await publisherPart(page).innerText(), /Run it where the file it's a file\.bin is/);
  await run(await command(publisherPart(page), broker), { where });
  const [own, other] = (await listener.count(2)).map((message) => message.payload);
  assert.deepEqual(own, bytes);
  assert.deepEqual(other, bytes);
});

stage.scenario('what cannot be the same is not offered, and why is said', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  const says = async (what, rule) => {
    await page.compose({ topic: 'a', format: 'Text', ...what });
    await until(`${rule}`, async () => rule.test(await publisherPart(page).innerText()));
    assert.ok(!(await publisherPart(page).locator('code').isVisible()));
    assert.ok(!(await page.button('Copy the command', page.publisher).isVisible()));
  };
  await says({ payload: '{{random 0..99}}' }, /does not fill in placeholders/);
  await says({ payload: 'x'.repeat(20_000) }, /too long/);
  await says({ payload: 'x', topic: 'a\u0001' }, /control characters in the topic/);
  // What the page itself would not send has its own words.
  await page.compose({ topic: 'a/#', payload: 'x' });
  await until('nothing is offered', async () => !(await publisherPart(page).isVisible()));
  await page.compose({ topic: 'a', payload: 'f', format: 'Hex' });
  await until('nothing is offered', async () => !(await publisherPart(page).isVisible()));
});

stage.scenario('the command is copied as it is', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await page.join(broker);
  await page.compose({ topic: 'a', payload: "it's\n\u202ea", format: 'Text' });
  const text = await publisherPart(page).locator('code').textContent();
  await page.press(page.button('Copy the command', page.publisher));
  await until('it is in the clipboard', async () => (await page.page.evaluate(() => navigator.clipboard.readText())) === text);
  assert.match(text, /^printf /);
});

/** Goes to the connect screen of a connected page. */
async function toBroker(page) {
  await page.press(page.page.locator('#connection'));
  await until('the command is there', () => brokerPart(page).isVisible());
}

for (const version of ['MQTT 3.1', 'MQTT 3.1.1', 'MQTT 5']) {
  stage.scenario(`${version}: all filters are subscribed to from a terminal`, async ({ open, keep }) => {
    const broker = await stage.broker('mosquitto');
    const page = await open();
    await chooseVersion(page, version);
    await page.join(broker);
    const filters = ["it's/#", '-x', '$SYS/broker/version', 'a b/+', '溫度/#', 'f/1', 'f/2'];
    for (const filter of filters) await page.subscribe(filter, { qos: 1 });
    await toBroker(page);
    const line = await command(brokerPart(page), broker);
    assert.equal(line.split('\n').length, 1);
    const program = await keep(new Program('stdbuf', ['-oL', 'sh', '-c', `exec ${line}`]));
    await program.says(/\$SYS\/broker\/version mosquitto/);
    for (const topic of ["it's/a", '-x', 'a b/c', '溫度/a', 'f/1', 'f/2']) await publish(broker, topic, `to ${topic}`);
    await until(
      () => `all six come: ${program.output}`,
      () => Buffer.from(program.output, 'latin1').toString().split('\n').filter((text) => / to /.test(text)).length === 6,
    );
  });
}

stage.scenario('filters that differ in their options have a command each, and a kept session an identifier of its own', async ({ open, keep }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await keepSession(page, { version: 'MQTT 5', clientId: 'desk' });
  await page.join(broker);
  await page.subscribe('one', { qos: 0 });
  await page.subscribe('two', { qos: 2 });
  await toBroker(page);
  await until('there are two', async () => (await command(brokerPart(page), broker)).split('\n').length === 2);
  assert.match(await brokerPart(page).innerText(), /Run each in a terminal of its own/);
  const lines = (await command(brokerPart(page), broker)).split('\n');
  assert.match(lines[0], / -i desk-terminal -c -x \d+ -t one -v$/);
  assert.match(lines[1], / -i desk-terminal-2 -c -x \d+ -q 2 -t two -v$/);
  const programs = [];
  for (const line of lines) programs.push(await keep(new Program('stdbuf', ['-oL', 'sh', '-c', `exec ${line}`])));
  await until('both are subscribed', async () => {
    for (const topic of ['one', 'two']) await publish(broker, topic, 'x', { qos: 2 });
    return programs.every((program) => program.output !== '');
  });
  assert.match(programs[0].output, /^(one x\n)+$/);
  assert.match(programs[1].output, /^(two x\n)+$/);
  assert.equal(await page.state(), 'connected');
});

stage.scenario('retained messages are asked for in the same way', async ({ open, keep }) => {
  const broker = await stage.broker('mosquitto');
  await publish(broker, 'kept/a', 'old', { retain: true });
  await publish(broker, 'kept/b', 'old', { retain: true });
  const page = await open();
  await chooseVersion(page, 'MQTT 5');
  await page.join(broker);
  await subscribeOptions(page, { retainHandling: 2 });
  await page.subscribe('kept/+');
  await toBroker(page);
  const line = await command(brokerPart(page), broker);
  assert.match(line, / -R /);
  const program = await keep(new Program('stdbuf', ['-oL', 'sh', '-c', `exec ${line}`]));
  await until('it listens', async () => {
    await publish(broker, 'kept/c', 'new');
    return /kept\/c new/.test(program.output);
  });
  assert.doesNotMatch(program.output, /old/);
});
