// Promise 6: several clients at once; and two that claim the same client identifier.

import assert from 'node:assert/strict';
import { publish } from './mosquitto_clients.mjs';
import { chooseVersion } from './panels5.mjs';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

for (const kind of kinds) {
  stage.scenario(`${kind}: two subscribing pages and one publishing page: both get everything`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const [one, two, sender] = [await open(), await open(), await open()];
    for (const page of [one, two, sender]) await page.join(broker);
    for (const page of [one, two]) await page.subscribe('shared/#', { qos: 1 });
    await sender.compose({ topic: 'shared/a', qos: 1 });
    const sent = [];
    for (let number = 1; number <= 10; number += 1) {
      await sender.publish({ payload: `message ${number}.` });
      sent.push(`message ${number}.`);
    }
    for (const page of [one, two]) {
      assert.equal((await page.received(10)).received, 10);
      const texts = (await page.rows()).map((row) => /message \d+\./.exec(row.text)?.[0]);
      assert.deepEqual(texts.reverse(), sent);
    }
    assert.deepEqual(await sender.counters(), { received: 0, kept: 0, dropped: 0, sent: 10 });
  });

  stage.scenario(`${kind}: pages have client identifiers of their own by themselves`, async ({ open }) => {
    const [one, two] = [await open(), await open()];
    const ids = [await one.value('Client id'), await two.value('Client id')];
    for (const id of ids) assert.match(id, /^midge-[0-9a-f]{8}$/);
    assert.notEqual(ids[0], ids[1]);
  });

  for (const version of ['MQTT 3.1.1', 'MQTT 5']) {
    // The host says who was replaced, in every version. Mosquitto says nothing, and the two find out by throwing each other
    // out a few times.
    const told = kind === 'host';
    stage.scenario(
      `${kind}, ${version}: the same client identifier twice: ${told ? 'the loser says so at once and does not fight back' : 'one of the two gives way, and says so'}`,
      async ({ open }) => {
        const broker = await stage.broker(kind);
        const clientId = `twin-${kind}-${version.replaceAll(' ', '-')}-${process.pid}`;
        const twins = [await open(), await open()];
        for (const twin of twins) {
          await chooseVersion(twin, version);
          await twin.watchStates();
          await twin.join(broker, { clientId });
        }
        let loser;
        await until('one of the two gives way', async () => (loser = (await Promise.all(twins.map((twin) => twin.state()))).indexOf('failed')) >= 0, {
          within: told ? 20_000 : 90_000,
        });
        const [rests, stays] = [twins[loser], twins[1 - loser]];
        if (told) {
          assert.equal(loser, 0);
          assert.deepEqual((await stays.statesSeen()).filter((state) => state !== 'disconnected'), ['connecting', 'connected']);
        }
        const words = await rests.explains('replaced');
        assert.equal(
          words.split('\n')[0],
          told
            ? `Another client connected with the client id ${clientId}, so the broker ended this connection`
            : `The broker ended the connection within seconds each time; most likely another client uses the client id ${clientId}, too`,
        );
        assert.ok(await rests.button('Connect with a new client id').isVisible());
        assert.equal(await rests.page.locator('#connection [role=status]').textContent(), 'Connection ended', 'it stood before');
        await Promise.all([rests.remains('failed'), stays.remains('connected')]);
        await stays.subscribe(`${clientId}/#`);
        await publish(broker, `${clientId}/a`, 'still here');
        await stays.row(`${clientId}/a`, /still here/);
        // The way back.
        await rests.press(rests.button('Connect with a new client id'));
        await rests.reaches('connected');
        assert.equal(await stays.state(), 'connected');
      },
      { timeout: 150_000 },
    );
  }
}
