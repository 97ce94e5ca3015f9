// What MQTT 5 adds, on real brokers where they can be made to do it, on fake ones elsewhere.

import assert from 'node:assert/strict';
import { Mosquitto } from './brokers.mjs';
import { FakeBroker } from './fake_broker.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { chooseVersion, connectOptions, details, messageProperties, reauthenticate, subscribeOptions, useScram } from './panels5.mjs';
import { pause, throughout, until } from './processes.mjs';
import { ScramServer } from './scram_server.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const kinds = ['mosquitto', 'host'];

for (const kind of kinds) {
  stage.scenario(`${kind}: properties of a message arrive as they were sent, user properties in their order`, async ({ open, keep }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    await page.join(broker);
    await page.subscribe('props/in');
    await publish(broker, 'props/in', '{"a":1}', {
      properties: [
        ['content-type', 'application/json'],
        ['response-topic', 'props/answer'],
        ['correlation-data', 'c-1'],
        ['payload-format-indicator', '1'],
        ['user-property', 'z', 'first'],
        ['user-property', 'a', 'second'],
        ['user-property', 'z', 'third'],
      ],
    });
    await page.inspect(await page.row('props/in'));
    const facts = [...(await page.facts())].map(([name, value]) => `${name}: ${value}`).join('\n');
    for (const words of [/application\/json/, /props\/answer/, /c-1/]) assert.match(facts, words);
    assert.match(facts.replaceAll('\n', ' '), /first.*second.*third/);

    const listener = await keep(await Listener.start(broker, 'props/out', { format: '%C|%R|%D|%F|%P' }));
    await messageProperties(page, {
      responseTopic: 'props/back',
      correlationData: 'c-2',
      contentType: 'text/plain',
      text: true,
      userProperties: [['z', 'one'], ['a', 'two'], ['z', 'three']],
    });
    await page.publish({ topic: 'props/out', payload: 'hello', qos: 1 });
    const [line] = await listener.lines(1);
    assert.equal(line, 'text/plain|props/back|c-2|1|z:one a:two z:three');
  });

  stage.scenario(`${kind}: a request and its response are paired in the list`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    await page.join(broker);
    await page.subscribe('ask/back');
    await messageProperties(page, { responseTopic: 'ask/back', correlationData: 'q-7' });
    await page.publish({ topic: 'ask/it', payload: 'how much?' });
    await page.row('ask/it');
    await publish(broker, 'ask/back', 'something else', { properties: [['correlation-data', 'q-8']] });
    await publish(broker, 'ask/back', 'forty-two', { properties: [['correlation-data', 'q-7']] });
    const answer = await page.row('ask/back', /forty-two/);
    await page.inspect(answer);
    await until('the inspector leads to the request', async () => /Show the request/.test(await page.inspector.innerText()));
    await page.inspect(await page.row('ask/it'));
    await until('the inspector leads to the response', async () => /Show the response/.test(await page.inspector.innerText()));
    await page.inspect(await page.row('ask/back', /something else/));
  });

  // MQTT 5 [MQTT-3.8.3-3]
  stage.scenario(`${kind}: no local keeps the page's own messages away`, async ({ open }) => {
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    const broker = await stage.broker(kind);
    await page.join(broker);
    await subscribeOptions(page, { noLocal: true });
    await page.subscribe(`local/${kind}`);
    await page.publish({ topic: `local/${kind}`, payload: 'mine' });
    await publish(broker, `local/${kind}`, 'theirs');
    await page.row(`local/${kind}`, /theirs/);
    await pause(300);
    assert.equal((await page.counters()).received, 1);
  });

  // MQTT 5 [MQTT-3.8.4-4]
  stage.scenario(`${kind}: retain handling decides when retained messages come, retain as published keeps the flag`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const topic = `retained5/${kind}`;
    await publish(broker, topic, 'old', { retain: true });
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    await page.join(broker);
    await subscribeOptions(page, { retainHandling: 2, retainAsPublished: true });
    await page.subscribe(topic);
    await throughout('nothing comes', 700, async () => (await page.counters()).received === 0);
    await subscribeOptions(page, { retainHandling: 0, retainAsPublished: true });
    await page.subscribe(topic);
    await page.received(1);
    await publish(broker, topic, 'new', { retain: true });
    assert.match((await page.row(topic, /new/)).text, /retain/i);
    await publish(broker, topic, '', { retain: true });
  });

  // MQTT 5 [MQTT-4.8.2-1], [MQTT-4.8.2-2]
  stage.scenario(`${kind}: a shared subscription shares, under the plain topic`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const pages = [];
    for (let n = 0; n < 2; n += 1) {
      const page = await open();
      await chooseVersion(page, 'MQTT 5');
      await page.join(broker);
      await page.subscribe(`$share/group/shared/${kind}/+`, { qos: 1 });
      pages.push(page);
    }
    for (let n = 0; n < 10; n += 1) await publish(broker, `shared/${kind}/${n}`, `${n}`, { qos: 1 });
    const counts = async () => Promise.all(pages.map(async (page) => (await page.counters()).received));
    await until('all ten are somewhere', async () => (await counts()).reduce((a, b) => a + b) === 10);
    await pause(300);
    const [a, b] = await counts();
    assert.equal(a + b, 10);
    assert.ok(a > 0 && b > 0, `both got some: ${a} and ${b}`);
    assert.match((await pages[0].topics())[0], new RegExp(`^shared/${kind}/\\d$`));
  });
}

stage.scenario('what the broker granted is shown, and stops a forbidden action in the form', async ({ open, keep }) => {
  const broker = await keep(
    Mosquitto.start({ lines: ['retain_available false', 'max_keepalive 20', 'max_packet_size 1000'] }),
  );
  const page = await open();
  await chooseVersion(page, 'MQTT 5');
  await page.join(broker);
  const granted = await details(page);
  assert.match(granted, /20 seconds, chosen by the broker/);
  assert.match(granted, /1\.0 kB|1,000 B/);
  await page.compose({ topic: 'a', payload: 'x', retain: true });
  await page.press(page.button('Publish', page.publisher)).catch(() => {});
  assert.match(await page.page.locator('.publisher').innerText(), /retain/i);
  await pause(300);
  assert.equal((await page.counters()).sent, 0);
  await page.compose({ topic: 'a', payload: 'x'.repeat(1_200), retain: false });
  await page.press(page.button('Publish', page.publisher)).catch(() => {});
  await until('too large is said', async () => /larger/i.test(await page.page.locator('.publisher').innerText()));
  assert.equal((await page.counters()).sent, 0);
  assert.equal(await page.state(), 'connected');
});

// MQTT 5 [MQTT-3.2.2-18], [MQTT-3.3.2-7]
stage.scenario('topic aliases go both ways, and every row names the whole topic', async ({ open, keep }) => {
  const long = 'a/rather/long/topic/name/that/is/worth/an/alias';
  const broker = await keep(
    FakeBroker.start({
      answers: {
        connect: (guest) => guest.say({ cmd: 'connack', sessionPresent: false, properties: { topicAliasMaximum: 4 } }),
        subscribe(guest, { messageId }) {
          guest.say({ cmd: 'suback', messageId, granted: [0] });
          const publish = (topic, payload) =>
            guest.say({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 0, retain: false, dup: false, properties: { topicAlias: 1 } });
          publish('from/the/broker', 'one');
          publish('', 'two');
        },
      },
    }),
  );
  const page = await open();
  await chooseVersion(page, 'MQTT 5');
  await connectOptions(page, { topicAliasMaximum: 5 });
  await page.join(broker);
  await page.subscribe('from/#');
  await page.row('from/the/broker', /one/);
  await page.row('from/the/broker', /two/);
  for (const payload of ['1', '2', '3']) await page.publish({ topic: long, payload });
  const guest = await broker.guest();
  const sent = await until('three messages', () => {
    const all = guest.packets.filter(({ cmd }) => cmd === 'publish');
    return all.length === 3 && all;
  });
  assert.deepEqual(sent.map(({ topic }) => topic), [long, '', '']);
  assert.equal(new Set(sent.map(({ properties }) => properties.topicAlias)).size, 1);
  await until('three rows', async () => (await page.topics()).filter((topic) => topic === long).length === 3);
});

for (const [code, words] of [[0x87, /authori|allow/i], [0x97, /quota/i], [0x99, /not the text/i]]) {
  stage.scenario(`a publication that the broker refuses with 0x${code.toString(16)} is explained at the publisher`, async ({ open, keep }) => {
    const broker = await keep(
      FakeBroker.start({
        answers: {
          publish: (guest, { messageId, qos }) =>
            guest.say({ cmd: qos === 2 ? 'pubrec' : 'puback', messageId, code, properties: { reasonString: 'not <b>today</b>' } }),
        },
      }),
    );
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    await page.join(broker);
    for (const qos of [1, 2]) {
      await page.publish({ topic: 'no', payload: `way ${qos}`, qos });
      await until('it is explained', async () => {
        const text = await page.page.locator('.publisher').innerText();
        return words.test(text) && text.includes('not <b>today</b>');
      });
      assert.equal(await page.value('Payload'), `way ${qos}`, 'what was typed stays');
    }
    await pause(200);
    assert.equal((await broker.guest()).packets.filter(({ cmd }) => cmd === 'pubrel').length, 0, 'no PUBREL after a refusal');
  });
}

for (const [code, words] of [[0x8b, /shut/i], [0x98, /administrat/i], [0x82, /protocol/i]]) {
  // MQTT 5 [MQTT-4.13.2-1]
  stage.scenario(`DISCONNECT 0x${code.toString(16)} from the broker is explained in its words`, async ({ open, keep }) => {
    const broker = await keep(
      FakeBroker.start({
        answers: {
          subscribe(guest) {
            guest.say({ cmd: 'disconnect', code, properties: { reasonString: 'because <i>so</i>' } });
            guest.socket.close();
          },
        },
      }),
    );
    const page = await open({ socketFailures: true });
    await chooseVersion(page, 'MQTT 5');
    await page.join(broker);
    await page.subscribe('x', { wait: false });
    const said = await page.explains(['disconnected']);
    assert.match(said, words);
    assert.match(said, /because <i>so<\/i>/);
  });
}

// MQTT 5 [MQTT-4.12.0-2], [MQTT-4.12.0-3], [MQTT-4.12.0-5], [MQTT-4.12.1-1]
stage.scenario('SCRAM-SHA-256: the right password comes in, and authenticates anew; a wrong one does not', async ({ open, keep }) => {
  let server;
  const users = { chen: 'right ✓' };
  const auth = (guest, reasonCode, data) =>
    guest.say({ cmd: 'auth', code: reasonCode, properties: { authenticationMethod: 'SCRAM-SHA-256', authenticationData: data } });
  const broker = await keep(
    FakeBroker.start({
      answers: {
        connect(guest, { properties }) {
          server = new ScramServer(users);
          auth(guest, 0x18, server.first(properties.authenticationData));
        },
        auth(guest, { reasonCode, properties: { authenticationData } }) {
          if (reasonCode === 0x19) {
            server = new ScramServer(users);
            guest.again = true;
            return auth(guest, 0x18, server.first(authenticationData));
          }
          const last = server.last(authenticationData);
          if (!last) return guest.say({ cmd: 'connack', sessionPresent: false, code: 0x87 });
          if (guest.again) return auth(guest, 0, last);
          return guest.say({
            cmd: 'connack',
            sessionPresent: false,
            properties: { authenticationMethod: 'SCRAM-SHA-256', authenticationData: last },
          });
        },
      },
    }),
  );
  const page = await open({ socketFailures: true });
  await chooseVersion(page, 'MQTT 5');
  await useScram(page, true);
  await page.join(broker, { userName: 'chen', password: 'right ✓' });
  const connect = await (await broker.guest()).got('connect');
  assert.equal(connect.password, undefined, 'the password does not cross the wire');
  await reauthenticate(page);
  const told = page.page.locator('.toast').filter({ hasText: 'The broker accepted the new authentication.' });
  await until('the new authentication is told', async () => (await told.count()) > 0);
  assert.equal(await told.count(), 1, 'told once');
  await until('it authenticated anew', () => broker.guests[0].again);
  await throughout('it stays connected', 500, async () => (await page.state()) === 'connected');

  const other = await open({ socketFailures: true });
  await chooseVersion(other, 'MQTT 5');
  await useScram(other, true);
  await other.connect({ address: broker.url, userName: 'chen', password: 'wrong' });
  await other.explains(['refused']);
  await other.reaches('failed');
});
