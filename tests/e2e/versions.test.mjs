// MQTT 3.1, 3.1.1 and 5 on real brokers, and finding out which of them a broker takes.

import assert from 'node:assert/strict';
import { AedesBroker, Mosquitto } from './brokers.mjs';
import { FakeBroker } from './fake_broker.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { addresses, chooseVersion, details, oldSubprotocol } from './panels5.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const brokers = {
  mosquitto: () => stage.broker('mosquitto'),
  host: () => stage.broker('host'),
  aedes: () => stage.once('aedes', () => AedesBroker.start()),
};

/** The words of the details of a connection in this version. They name others as well. */
const speaks = (version) => new RegExp(`^Version\\s+${version.replaceAll('.', '\\.')}$`, 'm');

for (const [kind, versions] of [
  ['mosquitto', ['MQTT 3.1', 'MQTT 3.1.1', 'MQTT 5']],
  ['host', ['MQTT 3.1', 'MQTT 3.1.1', 'MQTT 5']],
  ['aedes', ['MQTT 3.1', 'MQTT 3.1.1']],
]) {
  for (const version of versions) {
    // MQTT 3.1.1 [MQTT-7.1.2-1]
    // MQTT 5 [MQTT-4.2-1]
    stage.scenario(`${kind}, ${version}: every quality of service, both ways`, async ({ open, keep }) => {
      const broker = await brokers[kind]();
      const place = `${kind}/${version.replaceAll(' ', '-')}`;
      const page = await open();
      await chooseVersion(page, version);
      await page.join(broker);
      assert.match(await details(page), speaks(version));
      await page.subscribe(`${place}/in/+`, { qos: 2 });
      const listener = await keep(await Listener.start(broker, `${place}/out/+`));
      for (const qos of [0, 1, 2]) {
        await publish(broker, `${place}/in/${qos}`, `in ${qos} ✓`, { qos });
        const row = await page.row(`${place}/in/${qos}`, new RegExp(`in ${qos} ✓`));
        // QoS 0 is the usual, and not worth a mark.
        assert.equal(/QoS (\d)/.exec(row.text)?.[1] ?? '0', String(qos));
        await page.publish({ topic: `${place}/out/${qos}`, payload: `out ${qos} ✓`, qos });
        await listener.count(qos + 1);
      }
      assert.deepEqual(
        listener.messages.map(({ qos, payload }) => [qos, payload.toString()]),
        [[0, 'out 0 ✓'], [1, 'out 1 ✓'], [2, 'out 2 ✓']],
      );
      await page.unsubscribe(`${place}/in/+`);
    });
  }
}

for (const kind of ['mosquitto', 'host']) {
  stage.scenario(`${kind}: the newest version that the broker takes is MQTT 5, without being asked`, async ({ open }) => {
    const page = await open();
    await page.join(await brokers[kind]());
    assert.match(await details(page), speaks('MQTT 5'));
  });
}

for (const [kind, refuse] of [
  ['with a code', (guest) => (guest.say({ cmd: 'connack', code: guest.version === 5 ? 0x84 : 1 }), guest.socket.close())],
  ['in the shape of 3.1.1', (guest) => (guest.send(Buffer.of(0x20, 2, 0, 1)), guest.socket.close())],
  ['by closing without a word', (guest) => guest.socket.terminate()],
]) {
  // MQTT 3.1.1 [MQTT-3.1.0-1]
  stage.scenario(`a broker of MQTT 3.1 that refuses the others ${kind}: found, and asked for 3.1 first the next time`, async ({ open, keep }) => {
    const broker = await keep(
      FakeBroker.start({
        answers: {
          connect(guest) {
            if (guest.version === 3) guest.say({ cmd: 'connack', sessionPresent: false });
            else refuse(guest);
          },
        },
      }),
    );
    const page = await open({ socketFailures: true });
    await page.connect({ address: broker.url });
    await page.reaches('connected', 30_000);
    assert.match(await details(page), speaks('MQTT 3.1'));
    assert.deepEqual(broker.guests.map((guest) => guest.version), [5, 4, 3]);
    await page.disconnect();
    await page.reaches('disconnected');
    await page.connect();
    await page.reaches('connected');
    assert.deepEqual(broker.guests.map((guest) => guest.version), [5, 4, 3, 3]);
  });
}

for (const [what, answer] of [
  ['is not answered at all', () => {}],
  ['is answered in the shape of 3.1.1', (guest) => guest.send(Buffer.of(0x20, 2, 0, 0))],
  ['is answered with Maximum QoS 2', (guest) => guest.send(Buffer.of(0x20, 5, 0, 0, 2, 0x24, 2))],
]) {
  stage.scenario(
    `a link to a broker where MQTT 5 ${what}: 3.1.1 is spoken, and first from then on`,
    async ({ open, keep }) => {
      const connect = (guest) => (guest.version === 5 ? answer(guest) : guest.say({ cmd: 'connack', sessionPresent: false }));
      const broker = await keep(FakeBroker.start({ answers: { connect } }));
      const page = await open({ hash: `#url=${encodeURIComponent(broker.url)}&sub=a%2F%23&go=1`, socketFailures: true });
      await page.reaches('connected', 30_000);
      assert.match(await details(page), speaks('MQTT 3.1.1'));
      const versions = () => broker.guests.map((guest) => guest.version);
      assert.deepEqual(versions(), [5, 4]);
      await page.subscribed('a/#');
      // Lost, and asked for by hand.
      (await broker.guest(1)).socket.terminate();
      await until('it is back', () => broker.guests.length === 3);
      await page.reaches('connected');
      await page.disconnect();
      await page.reaches('disconnected');
      await page.connect();
      await page.reaches('connected');
      assert.deepEqual(versions(), [5, 4, 4, 4]);
    },
    { timeout: 90_000 },
  );
}

stage.scenario('where no version is answered as it should be, what was wrong with the newest is told, and it is tried again', async ({ open, keep }) => {
  const connect = (guest) => guest.send(guest.version === 5 ? Buffer.of(0x20, 5, 0, 0, 2, 0x24, 2) : Buffer.of(0x20, 3, 0, 0, 0));
  const broker = await keep(FakeBroker.start({ answers: { connect } }));
  const page = await open({ socketFailures: true });
  await page.connect({ address: broker.url });
  assert.match(await page.explains('malformed', 30_000), /^The broker broke the protocol: .* \(MQTT 5 section [\d.]+\)\n/);
  await until('it is tried again', () => broker.guests.filter((guest) => guest.greeted).length >= 6, { within: 30_000 });
  assert.deepEqual(broker.guests.slice(0, 6).map((guest) => guest.version), [5, 4, 3, 5, 4, 3]);
});

stage.scenario('a broker that takes no version at all is explained', async ({ open, keep }) => {
  const connect = (guest) => (guest.say({ cmd: 'connack', code: guest.version === 5 ? 0x84 : 1 }), guest.socket.close());
  const broker = await keep(FakeBroker.start({ answers: { connect } }));
  const page = await open({ socketFailures: true });
  await page.connect({ address: broker.url });
  assert.match(await page.explains('no-version', 30_000), /^The broker takes none of the MQTT versions that were tried\n/);
  await page.reaches('failed');
});

stage.scenario('the subprotocol mqttv3.1 is offered when it is asked for', async ({ open, keep }) => {
  const broker = await keep(FakeBroker.start({ choose: ([first]) => first }));
  const page = await open();
  await chooseVersion(page, 'MQTT 3.1');
  await oldSubprotocol(page, true);
  await page.join(broker);
  assert.deepEqual(broker.offered, [['mqttv3.1']]);
  assert.equal((await (await broker.guest()).got('connect')).protocolId, 'MQIsdp');
});

stage.scenario('of two addresses the second is used when nobody is at the first, and the first again when the second dies', async ({ open, keep }) => {
  const one = await keep(await Mosquitto.start());
  const two = await keep(await Mosquitto.start());
  await one.stop({ hard: true });
  const page = await open({ socketFailures: true });
  await addresses(page, [one.url, two.url]);
  await page.connect();
  await page.reaches('connected', 30_000);
  assert.match(await details(page), new RegExp(String(two.ws)));
  await page.subscribe('fail/over');
  await one.start();
  await two.stop({ hard: true });
  await until('the page is at the first', async () => (await page.state()) === 'connected' && (await page.page.locator('#connection').innerText()).includes(String(one.ws)), { within: 45_000 });
  await page.subscribed('fail/over');
  await publish(one, 'fail/over', 'here');
  await page.row('fail/over', /here/);
});
