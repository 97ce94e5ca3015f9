// Promise 3: user name and password, right, wrong and missing, each outcome in words with its code.

import assert from 'node:assert/strict';
import { FakeBroker, encode } from './fake_broker.mjs';
import { Host, Mosquitto } from './brokers.mjs';
import { publish } from './mosquitto_clients.mjs';
import { chooseVersion } from './panels5.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const user = { name: 'chen', password: 'pass wörd' };

/** A broker of this kind with one user, and the page that may use it: a host's broker takes its own pages. */
async function guarded(kind) {
  if (kind === 'mosquitto') {
    return { broker: await stage.once('guarded mosquitto', () => Mosquitto.start({ users: { [user.name]: user.password } })) };
  }
  const broker = await stage.once('guarded host', () => Host.start({ options: ['--user', `${user.name}:${user.password}`] }));
  return { broker, at: broker.page };
}

for (const kind of ['mosquitto', 'host']) {
  stage.scenario(`${kind}: the right user name and password connect, and messages come`, async ({ open }) => {
    const { broker, at } = await guarded(kind);
    const page = await open({ at });
    await page.join(broker, { userName: user.name, password: user.password });
    await page.subscribe('in/#');
    await publish(broker, 'in/a', 'welcome', { user });
    await page.row('in/a', /welcome/);
    assert.equal(await page.trouble(), undefined);
  });

  for (const [version, bad, notAuthorized] of [
    ['MQTT 3.1.1', 'bad user name or password (CONNACK code 4)', 'not authorized (CONNACK code 5)'],
    ['MQTT 5', 'bad user name or password (reason code 0x86)', 'not authorized (reason code 0x87)'],
  ]) {
    const without = `The broker refused the connection: ${notAuthorized}`;
    // Mosquitto has one word for all of it.
    const wrong = kind === 'host' ? `The broker refused the connection: ${bad}` : without;
    stage.scenario(`${kind}, ${version}: a wrong password is explained with its code, and is not tried again and again`, async ({ open }) => {
      const { broker, at } = await guarded(kind);
      const page = await open({ at });
      await chooseVersion(page, version);
      await page.connect({ address: broker.url, userName: user.name, password: 'wrong' });
      await page.reaches('failed');
      const words = await page.explains('refused');
      assert.equal(words.split('\n')[0], wrong);
      assert.match(words, /Check user name and password/);
      assert.match(words, /allow_anonymous false\s+password_file \/etc\/mosquitto\/passwd/);
      assert.match(words, /sudo mosquitto_passwd \/etc\/mosquitto\/passwd chen\s/);
      assert.doesNotMatch(words, /No user name was sent/);
      await page.remains('failed');
      // What was typed is there to be corrected, and the correction connects.
      assert.equal(await page.value('Address'), broker.url);
      assert.equal(await page.value('User name'), user.name);
      await page.connect({ password: user.password });
      await page.reaches('connected');
      assert.equal(await page.trouble(), undefined);
    });

    stage.scenario(`${kind}, ${version}: missing credentials are explained with their code`, async ({ open }) => {
      const { broker, at } = await guarded(kind);
      const page = await open({ at });
      await chooseVersion(page, version);
      await page.connect({ address: broker.url });
      await page.reaches('failed');
      const words = await page.explains('refused');
      assert.equal(words.split('\n')[0], without);
      assert.match(words, /No user name was sent, and this broker seems to want one\./);
    });

    stage.scenario(`${kind}, ${version}: an unknown user is explained with the code`, async ({ open }) => {
      const { broker, at } = await guarded(kind);
      const page = await open({ at });
      await chooseVersion(page, version);
      await page.connect({ address: broker.url, userName: 'nobody', password: user.password });
      await page.reaches('failed');
      assert.equal((await page.explains('refused')).split('\n')[0], wrong);
    });
  }
}

for (const [code, refusal] of [
  [2, 'client id rejected (CONNACK code 2, identifier rejected)'],
  [4, 'bad user name or password (CONNACK code 4)'],
  [5, 'not authorized (CONNACK code 5)'],
]) {
  stage.scenario(`CONNACK code ${code} is explained, and no further try follows by itself`, async ({ open, keep }) => {
    const fake = await FakeBroker.start({
      answers: {
        connect(guest) {
          guest.send(encode({ cmd: 'connack', returnCode: code, sessionPresent: false }));
          guest.socket.close();
        },
      },
    });
    await keep(fake);
    const page = await open();
    await page.connect({ address: fake.url, userName: 'chen', password: 'secret' });
    await page.reaches('failed');
    assert.equal((await page.explains('refused')).split('\n')[0], `The broker refused the connection: ${refusal}`);
    await page.remains('failed');
    assert.equal(fake.guests.length, 1);
  });
}

stage.scenario('CONNACK code 1 to every version is explained, and no further try follows by itself', async ({ open, keep }) => {
  const fake = await FakeBroker.start({
    answers: {
      connect(guest) {
        guest.send(encode({ cmd: 'connack', returnCode: 1, sessionPresent: false }));
        guest.socket.close();
      },
    },
  });
  await keep(fake);
  const page = await open();
  await page.connect({ address: fake.url });
  await page.reaches('failed');
  assert.match(await page.explains('no-version'), /5 nor 3\.1\.1 nor 3\.1/);
  await page.remains('failed');
  assert.equal(fake.guests.length, 3);
});

stage.scenario('CONNACK code 3, server unavailable, is tried again', async ({ open, keep }) => {
  const fake = await FakeBroker.start({
    answers: {
      connect(guest) {
        if (guest.broker.guests.length > 1) return guest.say({ cmd: 'connack', sessionPresent: false });
        guest.send(encode({ cmd: 'connack', returnCode: 3, sessionPresent: false }));
        guest.socket.close();
      },
    },
  });
  await keep(fake);
  const page = await open();
  await page.watchStates();
  await page.connect({ address: fake.url });
  await page.reaches('connected', 20_000);
  assert.ok((await page.statesSeen()).includes('waiting'));
});

stage.scenario('user name and password go out as typed', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake, { clientId: 'desk-7', userName: ' chen ü ', password: ' p4ß ' });
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.clientId, 'desk-7');
  assert.equal(connect.username, ' chen ü ');
  assert.equal(connect.password.toString(), ' p4ß ');
  assert.equal(connect.protocolVersion, 5);
});
