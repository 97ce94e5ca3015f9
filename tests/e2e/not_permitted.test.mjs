// Brokers whose word for "not permitted" is to close the connection: what they close over is found, named and left out, and
// everything else goes on.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { reload } from './panels.mjs';
import { chooseVersion, keepSession } from './panels5.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** A broker that closes without a word over a filter or a topic that begins with `secret`, and knows every session. */
function strict({ present = false } = {}) {
  const asked = [];
  const published = [];
  return FakeBroker.start({
    answers: {
      connect(guest) {
        guest.say({ cmd: 'connack', sessionPresent: present && broker.guests.indexOf(guest) > 0 });
      },
      subscribe(guest, packet) {
        const filters = packet.subscriptions.map(({ topic }) => topic);
        asked.push(filters);
        if (filters.some((filter) => filter.startsWith('secret'))) guest.socket.terminate();
        else guest.say({ cmd: 'suback', messageId: packet.messageId, granted: packet.subscriptions.map(({ qos }) => qos) });
      },
      publish(guest, packet) {
        published.push(packet);
        if (packet.topic.startsWith('secret')) guest.socket.terminate();
        else if (packet.qos === 1) guest.say({ cmd: 'puback', messageId: packet.messageId });
      },
    },
  }).then((started) => {
    broker = started;
    return Object.assign(started, { asked, published });
  });
}
let broker;

const secrets = (all) => all.filter((filters) => filters.some((filter) => filter.startsWith('secret')));

for (const version of ['MQTT 3.1.1', 'MQTT 5']) {
  stage.scenario(`${version}: a filter that the broker closes over is named, left out, and asked for again when the user says so`, async ({ open, keep }) => {
    const broker = await keep(strict());
    const page = await open({ socketFailures: true });
    await chooseVersion(page, version);
    await page.join(broker, { clientId: 'mine' });
    await page.subscribe('open/#');
    await page.subscribe('secret/#', { wait: false });
    await page.subscribed('secret/#', 'withheld');
    await until('it is back', () => broker.guests.length === 2);
    await page.reaches('connected');
    await page.subscribed('open/#');
    const row = page.subscription('secret/#');
    await row.getByText('The broker closed the connection when it was asked for this, so it is probably not permitted.', { exact: true }).waitFor();
    await page.remains('connected');
    assert.equal(broker.guests.length, 2);
    assert.deepEqual(secrets(broker.asked), [['secret/#']]);
    // The user wants it once more.
    await page.press(row.getByRole('button', { name: 'Ask again: secret/#' }));
    await until('it was asked for', () => secrets(broker.asked).length === 2);
    await page.subscribed('secret/#', 'withheld');
    await page.reaches('connected');
    await page.subscribed('open/#');
    assert.deepEqual(secrets(broker.asked), [['secret/#'], ['secret/#']]);
    // And then no more.
    await page.press(row.getByRole('button', { name: 'Leave it out: secret/#' }));
    await until('it is gone', async () => (await page.subscriptions()).length === 1);
  }, { timeout: 60_000 });
}

stage.scenario('ten filters of a link, two of them forbidden: eight at a time at the most, and the culprits are found', async ({ open, keep }) => {
  const broker = await keep(strict());
  const names = ['a', 'b', 'secret/1', 'c', 'd', 'e', 'f', 'g', 'h', 'secret/2'];
  const hash = `#url=${encodeURIComponent(broker.url)}${names.map((name) => `&sub=${encodeURIComponent(name)}`).join('')}&go=1`;
  const page = await open({ hash, socketFailures: true });
  for (const name of names) await page.subscribed(name, name.startsWith('secret') ? 'withheld' : 'granted', 60_000);
  await page.reaches('connected');
  assert.ok(broker.asked.every((filters) => filters.length <= 8));
  // After the first connection, where both packets were on their way, a suspect went with no other.
  for (const filters of secrets(broker.asked).slice(2)) assert.equal(filters.length, 1);
}, { timeout: 100_000 });

stage.scenario('a message that makes the broker close is held back; the rest goes on, and it can be sent again or dropped', async ({ open, keep }) => {
  const broker = await keep(strict({ present: true }));
  const page = await open({ socketFailures: true });
  await keepSession(page, { version: 'MQTT 3.1.1', clientId: `poison-${process.pid}` });
  await page.join(broker);
  await page.publish({ topic: 'secret/topic', payload: 'poison', qos: 1 });
  await until('the page is told why', async () => /secret\/topic/.test((await page.trouble())?.words ?? ''), { every: 20 });
  const held = page.page.getByRole('list', { name: 'Held back', exact: true });
  await until('it is held back', async () => (await held.isVisible()) && /secret\/topic/.test(await held.innerText()), { within: 60_000 });
  await page.reaches('connected', 30_000);
  assert.equal(broker.published.filter(({ topic }) => topic === 'secret/topic').length, 3);
  const connections = broker.guests.length;
  await page.publish({ topic: 'fine', payload: 'more', qos: 1 });
  await until('the rest goes on', () => broker.published.some(({ topic }) => topic === 'fine'));
  assert.equal(broker.guests.length, connections);
  // Over a reload it is learned again.
  await reload(page);
  await keepSession(page, { version: 'MQTT 3.1.1', clientId: `poison-${process.pid}` });
  await page.connect({ address: broker.url });
  await until('it is held back again', async () => (await held.isVisible()) && /secret\/topic/.test(await held.innerText()), { within: 60_000 });
  await page.reaches('connected', 30_000);
  // Once more is enough.
  const sent = () => broker.published.filter(({ topic }) => topic === 'secret/topic').length;
  const before = sent();
  await page.press(page.button('Send again: secret/topic'));
  await until('it was sent', () => sent() === before + 1);
  await until('it is held back at once', async () => (await held.isVisible()) && /secret\/topic/.test(await held.innerText()));
  await page.reaches('connected', 30_000);
  await page.press(page.button('Drop it: secret/topic'));
  await until('it is gone', async () => !(await held.isVisible()));
  await page.disconnect();
  await page.reaches('disconnected');
  await page.connect();
  await page.reaches('connected');
  // It is not sent again: the next message comes alone.
  const now = broker.published.length;
  await page.publish({ topic: 'last', payload: 'x', qos: 1 });
  await until('it came', () => broker.published.at(-1).topic === 'last');
  assert.equal(broker.published.length, now + 1);
  assert.equal(sent(), before + 1);
  assert.equal(await page.state(), 'connected');
}, { timeout: 180_000 });
