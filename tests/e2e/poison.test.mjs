// One message must not end a page: what somebody published against the rules is kept, marked and said once, the
// connection goes on, and a page that comes later lives too.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { Mosquitto } from './brokers.mjs';
import { packet, prefixed, publish5, publishOddly } from './odd_publisher.mjs';
import { closeDialog, openSettings, reload } from './panels.mjs';
import { chooseVersion } from './panels5.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

const responseTopic = (topic) => Buffer.concat([Buffer.of(8), prefixed(topic)]);
const userProperty = Buffer.of(0x26, 0, 0, 0, 0);

/** The lines over the messages that say what broke a rule. */
const remarks = (page) => page.page.locator('[data-remark]');

/** Presses “Look at it”, and returns the fields of the packet view that are marked, with what is wrong. */
async function lookAt(page) {
  await page.press(remarks(page).getByRole('button', { name: 'Look at it' }));
  const marked = page.inspector.locator('.fields li').filter({ has: page.page.locator('.error') });
  await marked.first().waitFor();
  return marked.allInnerTexts();
}

const odd = [
  { name: 'an empty response topic', topic: 'odd/response', properties: responseTopic(''), field: /Response Topic.*is empty/s },
  { name: 'a response topic with a wildcard', topic: 'odd/wildcard', properties: responseTopic('r/#'), field: /Response Topic.*wildcard/s },
  { name: 'a payload format indicator of 2', topic: 'odd/format', properties: Buffer.of(1, 2), field: /Payload Format Indicator.*neither 0 nor 1/s },
];

for (const { name, topic, properties, field } of odd) {
  stage.scenario(`mosquitto passes on ${name}, retained: open and later pages stay, mark it and say it once`, async ({ open, keep }) => {
    const broker = await keep(Mosquitto.start());
    const before = await open();
    await chooseVersion(before, 'MQTT 5');
    await before.join(broker);
    await before.subscribe('#');
    await publishOddly(broker, publish5(topic, 'odd', properties, { retain: true }), publish5('later', 'x'));
    const after = await open();
    await chooseVersion(after, 'MQTT 5');
    await after.join(broker);
    await after.subscribe('#');
    await publishOddly(broker, publish5('later', 'y'));
    for (const page of [before, after]) {
      await page.row('later', /y/);
      const row = await page.row(topic, /odd/);
      assert.match(row.text, /breaks a rule/);
      await until('it is said', async () => (await remarks(page).count()) === 1);
      assert.match(await remarks(page).innerText(), new RegExp(`message on “${topic}” breaks a rule of MQTT 5`));
      const marked = await lookAt(page);
      assert.equal(marked.length, 1);
      assert.match(marked[0], field);
      assert.equal(await page.state(), 'connected');
      const { received, kept, dropped } = await page.counters();
      assert.equal(received, kept + dropped);
      // Put away, it stays away.
      await page.press(remarks(page).getByRole('button', { name: 'Close' }));
      await until('it is put away', async () => (await remarks(page).count()) === 0);
    }
    await publishOddly(broker, publish5(topic, 'odd', properties), publish5('last', 'z'));
    for (const page of [before, after]) {
      await page.row('last', /z/);
      assert.equal(await remarks(page).count(), 0);
    }
  });
}

stage.scenario('10,001 user properties are no breach: shown, and what is not laid out is counted', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await chooseVersion(page, 'MQTT 5');
  await page.join(broker);
  await page.subscribe('#');
  await publishOddly(broker, publish5('many', 'odd', Buffer.concat(Array(10_001).fill(userProperty))), publish5('later', 'x'));
  await page.row('later', /x/);
  await page.inspect(await page.row('many', /odd/));
  await page.inspector.getByText('1 more are not laid out here; they are in the packet.').waitFor();
  assert.equal(await remarks(page).count(), 0);
  assert.equal(await page.state(), 'connected');
});

for (const [name, bytes, topic, field] of [
  ['a NUL in a user property', publish5('nul', 'odd', Buffer.concat([Buffer.of(0x26), prefixed('a\0'), prefixed('b')])), 'nul', /User Property name.*U\+0000/s],
  ['a topic with a wildcard', publish5('w/#', 'odd'), 'w/#', /Topic Name.*wildcard/s],
  ['a topic with NUL', publish5('w/\0', 'odd'), 'w/␀', /Topic Name.*U\+0000/s],
  ['a topic that is no text', packet(0x30, prefixed(Buffer.of(0x77, 0xff)), Buffer.of(0), Buffer.from('odd')), 'w\ufffd', /Topic Name.*not UTF-8/s],
]) {
  stage.scenario(`a broker that passes on ${name}: kept, marked, said once`, async ({ open, keep }) => {
    const fake = await keep(FakeBroker.start());
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    await page.join(fake);
    await page.subscribe('#');
    const guest = await fake.guest();
    for (let time = 0; time < 20; time += 1) guest.send(bytes);
    guest.send(publish5('later', 'x'));
    await page.row('later', /x/);
    const row = await page.row(topic, /odd/);
    assert.match(row.text, /breaks a rule/);
    await until('it is said with its count', async () => /There were 20 such messages/.test(await remarks(page).innerText()));
    assert.equal(await remarks(page).count(), 1);
    assert.match((await lookAt(page)).join(), field);
    assert.equal(await page.state(), 'connected');
    assert.equal((await page.counters()).received, 21);
  });
}

stage.scenario('RabbitMQ’s PUBACK for QoS 2 ends the delivery and is said; its session present for a clean one is survived', async ({ open, keep }) => {
  const fake = await keep(FakeBroker.start({
    answers: {
      connect: (guest) => guest.send(Buffer.of(0x20, 2, 1, 0)),
      publish: (guest, { messageId }) => guest.say({ cmd: 'puback', messageId }),
    },
  }));
  const page = await open();
  await chooseVersion(page, 'MQTT 3.1.1');
  await page.join(fake);
  await page.watchStates();
  await page.publish({ topic: 't', payload: 'x', qos: 2 });
  await until('both are said', async () => (await remarks(page).count()) === 2);
  const said = (await remarks(page).allInnerTexts()).join(' ');
  assert.match(said, /PUBACK for a QoS 2 message/);
  assert.match(said, /session present for a clean session/);
  // The connection goes on.
  await page.subscribe('after');
  assert.equal(fake.guests.length, 1);
  await page.sawOnly('connected');
});

stage.scenario('a farewell that MQTT 3.1.1 does not have is a loss: said, and tried again', async ({ open, keep }) => {
  const fake = await keep(FakeBroker.start());
  const page = await open({ socketFailures: true });
  await chooseVersion(page, 'MQTT 3.1.1');
  await page.join(fake);
  (await fake.guest()).send(Buffer.of(0xe0, 0));
  assert.match(await page.explains('malformed'), /DISCONNECT/);
  await page.reaches('connected');
  assert.equal(fake.guests.length, 2);
});

stage.scenario('what ends each connection has its filter named, and leaving that out helps', async ({ open, keep }) => {
  // The identifier 0 cannot be acknowledged.
  const poison = packet(0x32, prefixed('bad/x'), Buffer.of(0, 0), Buffer.of(0), Buffer.from('odd'));
  const fake = await keep(FakeBroker.start({
    answers: {
      subscribe: (guest, { messageId, subscriptions }) => {
        guest.say({ cmd: 'suback', messageId, granted: subscriptions.map(({ qos }) => qos) });
        if (subscriptions.some(({ topic }) => topic === 'bad/#')) guest.send(poison);
      },
    },
  }));
  const page = await open({ socketFailures: true });
  await chooseVersion(page, 'MQTT 5');
  await page.join(fake);
  await page.subscribe('good');
  await page.subscribe('bad/#', { wait: false });
  const leave = page.page.locator('#trouble').getByRole('button', { name: 'Leave out bad/# and connect' });
  await leave.waitFor({ timeout: 40_000 });
  await page.press(leave);
  await page.reaches('connected');
  const connections = fake.guests.length;
  await page.subscribed('good');
  const guest = fake.guests.at(-1);
  guest.send(guest.message('good', 'it comes'));
  await page.row('good', /it comes/);
  assert.deepEqual((await page.subscriptions()).map(({ filter }) => filter), ['good']);
  assert.equal(fake.guests.length, connections);
  assert.equal(await page.state(), 'connected');
});

stage.scenario('the strict mode closes for good, and is remembered', async ({ open, keep }) => {
  const fake = await keep(FakeBroker.start());
  const page = await open({ socketFailures: true });
  await openSettings(page);
  await page.page.getByLabel('Close on every broken rule').check();
  await closeDialog(page);
  await reload(page);
  await chooseVersion(page, 'MQTT 5');
  await page.join(fake);
  (await fake.guest()).send(publish5('w/#', 'odd'));
  assert.match(await page.explains('malformed'), /wildcard/);
  await page.reaches('failed');
  assert.equal(fake.guests.length, 1);
});
