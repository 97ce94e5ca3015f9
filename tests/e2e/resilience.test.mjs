// Promise 7: a broker that dies and comes back, and a broker that stops answering.

import assert from 'node:assert/strict';
import { Host, Mosquitto } from './brokers.mjs';
import { CuttingProxy } from './cutting_proxy.mjs';
import { FakeBroker } from './fake_broker.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { keepSession, waiting } from './panels5.mjs';
import { pause, until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

/** A broker that may be killed: not the one that other scenarios use. */
async function mortal(kind, keep) {
  const broker = await (kind === 'host' ? Host.start() : Mosquitto.start());
  await keep(broker);
  // A host's broker takes the pages that this host served.
  return { broker, at: kind === 'host' ? broker.page : undefined };
}

for (const kind of kinds) {
  stage.scenario(
    `${kind}: killed and started again: the page waits, connects and subscribes again, and nothing typed is lost`,
    async ({ open, keep }) => {
      const { broker, at } = await mortal(kind, keep);
      // The host serves the page, too: a part that is fetched while it is down does not come.
      const page = await open({ at, socketFailures: true, fetchFailures: at !== undefined });
      await page.join(broker);
      await page.subscribe('again/+', { qos: 1 });
      await page.subscribe('also/#');
      await publish(broker, 'again/a', 'before');
      await page.row('again/a', /before/);
      await page.compose({ topic: 'typed/topic', payload: 'typed payload', qos: 2, retain: true, every: 3 });
      await page.fill('Topic filter', 'typed/filter/#');
      await page.fill('Filter messages', 'again');
      await page.watchStates();

      await broker.stop({ hard: true });
      await page.reaches('waiting');
      // By the time that it is read, a further try may have come to nothing.
      await page.explains(['lost', 'not-opened']);
      await page.row('again/a', /before/);
      // An attempt meanwhile loses nothing either.
      await page.press(page.button('Publish', page.publisher));
      await until('it waits', async () => (await waiting(page)) === 1);
      await page.compose({ payload: 'typed payload, more' });

      await broker.start();
      await page.reaches('connected', 45_000);
      assert.deepEqual((await page.statesSeen()).slice(0, 2), ['connected', 'waiting']);
      assert.equal(await page.trouble(), undefined);
      for (const filter of ['again/+', 'also/#']) await page.subscribed(filter);
      await publish(broker, 'again/a', 'after one', { qos: 1 });
      assert.match((await page.row('again/a', /after one/)).text, /QoS 1/);
      await page.row('again/a', /before/);
      // What could not be fetched meanwhile is.
      await page.page.locator('#timeline').waitFor();

      assert.equal(await page.value('Topic'), 'typed/topic');
      assert.equal(await page.value('Payload'), 'typed payload, more');
      assert.equal(await page.value('Topic filter'), 'typed/filter/#');
      assert.equal(await page.value('Filter messages'), 'again');
      assert.equal(await page.value('Interval in seconds'), '3');
      const listener = await Listener.start(broker, 'typed/#');
      await keep(listener);
      await page.press(page.button('Publish', page.publisher));
      const sent = await until('the typed message goes out', () => listener.messages.find((m) => m.payload.toString() === 'typed payload, more'));
      assert.equal(sent.topic, 'typed/topic');
      assert.equal(sent.qos, 2);
    },
    { timeout: 100_000 },
  );
}

for (const kind of kinds) {
  stage.scenario(
    `${kind}: stopped with SIGSTOP: the PINGRESP deadline notices`,
    async ({ open, keep }) => {
      const { broker, at } = await mortal(kind, keep);
      const page = await open({ at, socketFailures: true });
      await page.keepAlive(2);
      await page.join(broker);
      await page.watchStates();
      // While the broker answers, pings keep the connection.
      await page.press(page.button('All packets'));
      await until('two pings are answered', async () => (await page.rows()).filter((row) => row.text.includes('PINGRESP')).length >= 2);
      assert.deepEqual(await page.statesSeen(), ['connected']);
      broker.program.signal('SIGSTOP');
      try {
        const words = await page.explains('ping-unanswered', 30_000);
        assert.match(words, /^The broker did not answer PINGREQ with PINGRESP within [\d.]+ s Next try in /);
      } finally {
        broker.program.signal('SIGCONT');
      }
      await page.reaches('connected', 45_000);
    },
    { timeout: 100_000 },
  );
}

for (const version of ['MQTT 3.1.1', 'MQTT 5']) {
  stage.scenario(
    `${version}: a connection that is cut while the broker is well comes back each time, with a client id and a session of its own`,
    async ({ open, keep }) => {
      const broker = await stage.broker('mosquitto');
      const proxy = await keep(CuttingProxy.start(broker));
      const page = await open({ socketFailures: true });
      await keepSession(page, { version, clientId: `cut-${version.replaceAll(' ', '-')}-${process.pid}` });
      await page.join(proxy);
      await page.subscribe('cut/#', { qos: 1 });
      // Twice at once, which is nothing yet, and then after a while, over and over. Time is what is tested: a connection
      // that is cut within five seconds is taken for a sign of another client.
      for (const after of [0, 0, 5_500, 0, 0, 5_500]) {
        await pause(after);
        proxy.cut();
        await until('it is lost', async () => (await page.state()) !== 'connected');
        assert.notEqual(await page.state(), 'failed');
        await page.reaches('connected', 20_000);
      }
      assert.equal(proxy.connections, 7);
      await publish(broker, 'cut/a', `still here, ${version}`, { qos: 1 });
      await page.row('cut/a', new RegExp(`still here, ${version}`));
    },
    { timeout: 120_000 },
  );
}

stage.scenario(
  'a proxy that ends what is idle is no other client: the page comes back each time',
  async ({ open, keep }) => {
    const broker = await stage.broker('mosquitto');
    const proxy = await keep(CuttingProxy.start(broker, { idle: 6_000 }));
    const page = await open({ socketFailures: true });
    await keepSession(page, { version: 'MQTT 3.1.1', clientId: `idle-${process.pid}` });
    await page.join(proxy);
    await page.watchStates();
    await until('it came back three times', () => proxy.connections >= 4, { within: 60_000 });
    await page.reaches('connected');
    assert.ok(!(await page.statesSeen()).includes('failed'));
  },
  { timeout: 100_000 },
);

stage.scenario('a user’s disconnect stays disconnected, and says DISCONNECT to the broker', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.disconnect();
  await page.reaches('disconnected');
  await (await fake.guest()).got('disconnect');
  await page.remains('disconnected');
  assert.equal(fake.guests.length, 1);
  assert.equal(await page.trouble(), undefined);
});

stage.scenario('disconnecting while waiting for the next try ends the tries', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  const page = await open({ socketFailures: true });
  await page.join(broker);
  await broker.stop({ hard: true });
  await page.reaches('waiting');
  await page.disconnect();
  await page.reaches('disconnected');
  await broker.start();
  await page.remains('disconnected');
});

stage.scenario('a filter subscribed while there is no connection is asked for at the next one', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  const page = await open({ socketFailures: true });
  await page.join(broker);
  await broker.stop({ hard: true });
  await page.reaches('waiting');
  await page.subscribe('sleeper/#', { wait: false });
  await page.subscribed('sleeper/#', 'asleep');
  await broker.start();
  await page.reaches('connected', 45_000);
  await page.subscribed('sleeper/#');
  await publish(broker, 'sleeper/a', 'awake');
  await page.row('sleeper/a', /awake/);
}, { timeout: 90_000 });

stage.scenario('a refused filter is shown as refused, and the others work', async ({ open, keep }) => {
  const fake = await FakeBroker.start({
    answers: {
      subscribe(guest, packet) {
        const granted = packet.subscriptions.map(({ topic }) => (topic.startsWith('secret') ? 0x80 : 0));
        guest.say({ cmd: 'suback', messageId: packet.messageId, granted });
      },
    },
  });
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.subscribe('secret/#', { wait: false });
  await page.subscribed('secret/#', 'refused');
  await page.subscribe('open/#');
  assert.equal(await page.state(), 'connected');
});

stage.scenario('a series goes on after a reconnect', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  const page = await open({ socketFailures: true });
  await page.join(broker);
  await page.compose({ topic: 'series/a', payload: 'tick', every: 1 });
  await page.press(page.button('Start'));
  await until('it runs', async () => (await page.counters()).sent >= 1);
  await broker.stop({ hard: true });
  await page.reaches('waiting');
  await broker.start();
  await page.reaches('connected', 45_000);
  const listener = await Listener.start(broker, 'series/#');
  await keep(listener);
  await listener.count(2);
  await page.press(page.button('Stop'));
}, { timeout: 90_000 });
