// What MQTT 5 adds, on real brokers where they can be made to do it, on fake ones elsewhere.

import assert from 'node:assert/strict';
import { Mosquitto } from './brokers.mjs';
import { FakeBroker } from './fake_broker.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { chooseVersion, connectOptions, details, messageProperties, reauthenticate, subscribeOptions, useScram } from './panels5.mjs';
import { until } from './processes.mjs';
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
    const facts = await page.facts();
    assert.equal(facts.get('Content type'), 'application/json');
    assert.equal(facts.get('Response topic'), 'props/answer');
    assert.equal(facts.get('Payload format'), 'UTF-8 text');
    assert.equal(facts.get('Correlation data'), 'c-1');
    assert.match(facts.get('User properties'), /^z\W*first\W*a\W*second\W*z\W*third$/);

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
    await page.inspect(await page.row('ask/back', /forty-two/));
    const shows = (topic, payload) =>
      until(`the inspector shows ${payload}`, async () => (await page.facts()).get('Topic') === topic && (await page.payloadText()) === payload);
    await page.press(page.button('Show the request', page.inspector));
    await shows('ask/it', 'how much?');
    await page.press(page.button('Show the response', page.inspector));
    await shows('ask/back', 'forty-two');
    await page.inspect(await page.row('ask/back', /something else/));
    await shows('ask/back', 'something else');
    assert.equal(await page.button('Show the request', page.inspector).isVisible(), false, 'it answers nothing that was asked');
  });

  // MQTT 5 [MQTT-3.8.3-3]
  stage.scenario(`${kind}: no local keeps the page's own messages away`, async ({ open }) => {
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    const broker = await stage.broker(kind);
    await page.join(broker);
    await subscribeOptions(page, { noLocal: true });
    await page.subscribe(`local/${kind}`);
    await page.publish({ topic: `local/${kind}`, payload: 'mine', qos: 1 });
    // The broker has it before what comes after.
    await until('it is acknowledged', async () => (await page.publisher.innerText()).includes(`Published: local/${kind}`));
    await publish(broker, `local/${kind}`, 'theirs');
    await page.row(`local/${kind}`, /theirs/);
    assert.equal((await page.counters()).received, 1);
  });

  // MQTT 5 [MQTT-3.8.4-4]
  stage.scenario(`${kind}: retain handling decides when retained messages come, retain as published keeps the flag`, async ({ open }) => {
    const broker = await stage.broker(kind);
    // Not a name with the word that is looked for.
    const topic = `kept5/${kind}`;
    await publish(broker, topic, 'old', { retain: true });
    const page = await open();
    await chooseVersion(page, 'MQTT 5');
    await page.join(broker);
    await subscribeOptions(page, { retainHandling: 2, retainAsPublished: true });
    await page.subscribe(topic);
    // What comes after the subscription is the first that comes.
    await publish(broker, topic, 'live');
    assert.doesNotMatch((await page.row(topic, /live/)).text, /retained/);
    assert.equal((await page.counters()).received, 1);
    await subscribeOptions(page, { retainHandling: 0, retainAsPublished: true });
    await page.subscribe(topic);
    assert.match((await page.row(topic, /old/)).text, /retained/);
    assert.equal((await page.counters()).received, 2);
    await publish(broker, topic, 'new', { retain: true });
    assert.match((await page.row(topic, /new/)).text, /retained/);
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
      await page.subscribe(`end/${kind}`, { qos: 1 });
      pages.push(page);
    }
    for (let n = 0; n < 10; n += 1) await publish(broker, `shared/${kind}/${n}`, `${n}`, { qos: 1 });
    // What each of them gets comes behind all that it was given.
    await publish(broker, `end/${kind}`, 'the end', { qos: 1 });
    const got = [];
    for (const page of pages) {
      await page.row(`end/${kind}`);
      const topics = (await page.topics()).filter((topic) => topic !== `end/${kind}`);
      assert.equal((await page.counters()).received, topics.length + 1);
      assert.ok(topics.length > 0, 'both got some');
      got.push(...topics);
    }
    assert.deepEqual(got.sort(), Array.from({ length: 10 }, (_, n) => `shared/${kind}/${n}`));
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
  assert.match(granted, /Keep alive\s+20 seconds, chosen by the broker instead of 30 seconds/);
  assert.match(granted, /Retained messages\s+no/);
  assert.match(granted, /Largest packet\s+1\.0 kB/);
  const listener = await keep(await Listener.start(broker, 'a'));
  const says = (words) => page.page.getByText(words, { exact: true }).waitFor();
  await page.publish({ topic: 'a', payload: 'x', retain: true });
  await says('This broker does not keep retained messages. Untick Retain to send it.');
  await page.publish({ topic: 'a', payload: 'x'.repeat(1_200), retain: false });
  await says('This broker takes packets up to 1.0 kB. This one would be larger.');
  await page.publish({ topic: 'a', payload: 'allowed' });
  const all = await listener.count(1);
  assert.deepEqual(all.map(({ payload }) => payload.toString()), ['allowed']);
  await until('it is counted', async () => (await page.counters()).sent === 1);
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

for (const [code, meaning] of [
  [0x87, 'not authorized (0x87)'],
  [0x97, 'a quota is used up (0x97)'],
  [0x99, 'the payload is not the text that its properties promise (0x99)'],
]) {
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
        return text.includes(`The broker refused the message to no: ${meaning}.`) && text.includes('The broker says: “not <b>today</b>”');
      });
      assert.equal(await page.value('Payload'), `way ${qos}`, 'what was typed stays');
    }
    // What goes out next comes behind all that there was.
    await page.subscribe('after');
    assert.deepEqual((await broker.guest()).packets.map(({ cmd }) => cmd), ['connect', 'publish', 'publish', 'subscribe'], 'no PUBREL after a refusal');
  });
}

for (const [code, meaning] of [
  [0x8b, 'it is shutting down (reason code 0x8B)'],
  [0x98, 'administrative action (reason code 0x98)'],
  [0x82, 'a packet broke a rule (protocol error) (reason code 0x82)'],
]) {
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
    assert.ok(said.startsWith(`The broker ended the connection: ${meaning}`), said);
    assert.ok(said.includes(' because <i>so</i>'), said);
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
  await page.watchStates();
  await reauthenticate(page);
  const told = page.page.locator('.toast').filter({ hasText: 'The broker accepted the new authentication.' });
  await told.first().waitFor();
  assert.equal(broker.guests[0].again, true);
  // The connection goes on.
  await page.subscribe('after');
  assert.equal(await told.count(), 1, 'told once');
  assert.equal(broker.guests.length, 1);
  await page.sawOnly('connected');

  const other = await open({ socketFailures: true });
  await chooseVersion(other, 'MQTT 5');
  await useScram(other, true);
  await other.connect({ address: broker.url, userName: 'chen', password: 'wrong' });
  await other.explains(['refused']);
  await other.reaches('failed');
});
