// The connect screen beyond address and credentials: what it says at CONNECT, keeps, shares and explains.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { chooseLanguage, closeDialog, everythingStored, openSettings, openSharing, profile, reload, saveProfile, sharedLink } from './panels.mjs';
import { freePort, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** CONNACK of MQTT 5, without properties. */
const connack = (code) => Buffer.of(0x20, 3, 0, code, 0);
/** A broker that says yes in the version it was spoken to. */
const answers = {
  connect: (guest, { protocolVersion }) => guest.send(protocolVersion === 5 ? connack(0) : Buffer.of(0x20, 2, 0, 0)),
};

const panel = (page, name) => page.page.locator('.connect-form summary').getByText(name, { exact: true });
const version = (page) => page.page.getByLabel('MQTT version', { exact: true });

async function broker(keep, more = {}) {
  const fake = await FakeBroker.start({ answers: { ...answers, ...more } });
  await keep(fake);
  return fake;
}

for (const [name, level, protocol] of [['MQTT 5', 5, 'MQTT'], ['MQTT 3.1.1', 4, 'MQTT'], ['MQTT 3.1', 3, 'MQIsdp']]) {
  stage.scenario(`${name} is spoken when it is chosen`, async ({ open, keep }) => {
    const fake = await broker(keep);
    const page = await open();
    await version(page).selectOption({ label: name });
    await page.join(fake);
    const connect = await (await fake.guest()).got('connect');
    assert.equal(connect.protocolVersion, level);
    assert.equal(connect.protocolId, protocol);
    assert.match(await page.page.locator('#connection').innerText(), new RegExp(`${name.replaceAll('.', '\\.')}(\\s|$)`));
  });
}

stage.scenario('the newest version is tried first, the one that was taken is remembered, and tried first next time', async ({ open, keep }) => {
  const seen = [];
  const fake = await broker(keep, {
    connect: (guest, { protocolVersion }) => {
      seen.push(protocolVersion);
      guest.send(protocolVersion === 4 ? Buffer.of(0x20, 2, 0, 0) : Buffer.of(0x20, 2, 0, 1));
    },
  });
  const page = await open();
  await page.join(fake);
  assert.deepEqual(seen, [5, 4]);
  await page.disconnect();
  await page.reaches('disconnected');
  await reload(page);
  await page.page.locator('#version-hint').waitFor({ state: 'hidden' });
  await page.fill('Address', fake.url);
  // Another address was filled in before: what was found belongs to the saved one.
  await saveProfile(page, 'old');
  await page.press(profile(page, 'old'));
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  await page.disconnect();
  await page.reaches('disconnected');
  await page.press(profile(page, 'old'));
  assert.match(await page.page.locator('#version-hint').innerText(), /^Begins with MQTT 3\.1\.1, which this broker took last\./);
  const before = seen.length;
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.deepEqual(seen.slice(before), [4]);
});

stage.scenario('of several addresses the one that answers is used, and shown', async ({ open, keep }) => {
  const fake = await broker(keep);
  const page = await open({ socketFailures: true });
  const dead = `ws://127.0.0.1:${await freePort()}/mqtt`;
  await page.fill('Address', dead);
  await page.press(page.button('Another address to try'));
  await page.fill('Address 2', fake.url);
  await page.press(page.button('Connect'));
  await page.reaches('connected', 20_000);
  await page.press(page.page.locator('#connection'));
  const details = page.page.getByRole('region', { name: 'This connection', exact: true });
  await details.locator('dl.granted').waitFor();
  assert.match(await details.innerText(), new RegExp(`Address\\s+${fake.url.replaceAll('.', '\\.')}\\s`));
});

stage.scenario('further addresses are checked, moved and removed', async ({ open }) => {
  const page = await open();
  await page.fill('Address', 'ws://one');
  await page.press(page.button('Another address to try'));
  await page.fill('Address 2', 'mqtt://two');
  await page.page
    .locator('[id^=address-][id$=-error]:not(#address-error)')
    .getByText('A browser reaches MQTT only over WebSocket: the address starts with ws:// or wss://, not mqtt://.', { exact: true })
    .waitFor();
  await page.fill('Address 2', 'ws://two');
  await page.press(page.button('Another address to try'));
  await page.fill('Address 3', 'ws://three');
  await page.press(page.button('Move address 3 up'));
  assert.equal(await page.value('Address 2'), 'ws://three');
  await page.press(page.button('Move address 2 up'));
  assert.equal(await page.value('Address'), 'ws://three');
  assert.equal(await page.value('Address 2'), 'ws://one');
  await page.press(page.button('Remove address 2'));
  assert.equal(await page.value('Address 2'), 'ws://two');
});

const everything = async (page) => {
  await page.press(panel(page, 'Session, will and limits'));
  await page.fill('Session expiry', '2');
  await page.page.getByLabel('Unit of the session expiry').selectOption({ label: 'days' });
  await page.page.locator('#clean-session').uncheck();
  await page.fill('Will topic', 'gone');
  await page.fill('Will payload', 'bye');
  await page.press(panel(page, 'MQTT 5 properties of the will'));
  await page.fill('Will delay (seconds)', '5');
  await page.fill('Will expiry (seconds)', '60');
  await page.fill('Content type of the will', 'text/plain');
  await page.fill('Response topic of the will', 'reply/here');
  await page.fill('Correlation data of the will', 'c-1');
  await page.page.locator('#will-is-text').check();
  await page.press(panel(page, 'MQTT 5'));
  await page.fill('Receive maximum', '20');
  await page.fill('Maximum packet size (bytes)', '100000');
  await page.fill('Topic alias maximum', '7');
  await page.page.locator('#request-response').check();
  await page.page.locator('#request-problem').uncheck();
  const own = page.page.getByRole('group', { name: 'User properties of the connection', exact: true });
  await page.press(page.button('Add a user property', own));
  await page.fill('Name of property 1', 'site');
  await page.fill('Value of property 1', 'roof');
};

const expected = (connect) => {
  assert.equal(connect.clean, false);
  assert.deepEqual(
    { ...connect.properties, userProperties: { ...connect.properties.userProperties } },
    {
      sessionExpiryInterval: 172_800,
      receiveMaximum: 20,
      maximumPacketSize: 100_000,
      topicAliasMaximum: 7,
      requestResponseInformation: true,
      requestProblemInformation: false,
      userProperties: { site: 'roof' },
    },
  );
  const { correlationData, ...will } = connect.will.properties;
  assert.deepEqual(
    { ...will },
    { willDelayInterval: 5, payloadFormatIndicator: true, messageExpiryInterval: 60, contentType: 'text/plain', responseTopic: 'reply/here' },
  );
  assert.equal(correlationData.toString(), 'c-1');
};

stage.scenario('everything that MQTT 5 has to say is said, and comes back with the profile', async ({ open, keep }) => {
  const fake = await broker(keep);
  const page = await open();
  await page.fillConnection({ address: fake.url, clientId: 'desk-7', userName: 'chen', password: 'geheim' });
  await everything(page);
  await saveProfile(page, 'all of it');
  await profile(page, 'all of it').waitFor();
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  expected(await (await fake.guest()).got('connect'));
  await page.disconnect();
  assert.ok(!(await everythingStored(page)).includes('geheim'));
  await reload(page);
  await page.press(profile(page, 'all of it'));
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  expected(await (await fake.guest(1)).got('connect'));
});

stage.scenario('an older version shows and says none of it', async ({ open, keep }) => {
  const fake = await broker(keep);
  const page = await open();
  await everything(page);
  await page.fill('Receive maximum', 'nonsense');
  await version(page).selectOption({ label: 'MQTT 3.1.1' });
  for (const name of ['Receive maximum', 'Session expiry', 'Will delay (seconds)']) {
    assert.equal(await page.field(name).isVisible(), false, name);
  }
  await page.join(fake, { clientId: 'desk-7' });
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.protocolVersion, 4);
  assert.equal(connect.properties, undefined);
  assert.equal(connect.will.properties, undefined);
});

stage.scenario('a plain user says nothing but how many topic aliases may come', async ({ open, keep }) => {
  const fake = await broker(keep);
  const page = await open();
  await page.join(fake);
  const connect = await (await fake.guest()).got('connect');
  // The largest packet is the engine's own limit: 128 MiB.
  assert.deepEqual({ ...connect.properties }, { maximumPacketSize: 128 << 20, topicAliasMaximum: 16 });
});

for (const [field, id, wrong, right, range] of [
  ['Receive maximum', '#receive-maximum-error', '0', '1', 'from 1 to 65,535'],
  ['Maximum packet size (bytes)', '#maximum-packet-size-error', '4294967296', '4294967295', 'from 1 to 4,294,967,295'],
  ['Topic alias maximum', '#topic-alias-maximum-error', '65536', '65535', 'from 0 to 65,535'],
]) {
  stage.scenario(`${field}: a number out of its range is said at the field, and nothing is tried`, async ({ open, keep }) => {
    const fake = await broker(keep);
    const page = await open();
    await page.watchStates();
    await page.fill('Address', fake.url);
    await page.press(panel(page, 'MQTT 5'));
    await page.fill(field, wrong);
    assert.equal(await page.fault(id), `A whole number ${range}, or nothing.`);
    await page.press(page.button('Connect'));
    assert.equal(await page.fault('#form-error'), `${field}: A whole number ${range}, or nothing.`);
    await page.fill(field, right);
    await page.noFault(id);
    // The next press is the first that tries anything.
    await page.press(page.button('Connect'));
    await page.reaches('connected');
    assert.equal(fake.guests.length, 1);
    await page.sawOnly('disconnected', 'connecting', 'connected');
  });
}

stage.scenario('SCRAM-SHA-256 tries MQTT 5 only, and never sends the password', async ({ open, keep }) => {
  const fake = await broker(keep, { connect: (guest) => guest.send(connack(0x8c)) });
  const page = await open();
  await page.press(panel(page, 'MQTT 5'));
  await page.page.getByLabel('Authentication', { exact: true }).selectOption({ label: 'SCRAM-SHA-256' });
  await page.connect({ address: fake.url });
  assert.equal(await page.fault('#form-error'), 'Authentication: SCRAM-SHA-256 needs a user name and a password.');
  await page.connect({ userName: 'chen', password: 'geheim-4711' });
  const words = await page.explains('refused');
  assert.match(words, /^The broker refused the connection: bad authentication method \(reason code 0x8C\)/);
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.properties.authenticationMethod, 'SCRAM-SHA-256');
  assert.equal(connect.password, undefined);
  assert.ok(!connect.properties.authenticationData.includes('geheim'));
  // No older version was tried: the next connection is the next press of Connect.
  await page.connect();
  await (await fake.guest(1)).got('connect');
  await page.reaches('failed');
  assert.deepEqual(fake.guests.map((guest) => guest.packets[0].protocolVersion), [5, 5]);
});

stage.scenario('what looks like a secret in the address is not in the link, and that is said', async ({ open }) => {
  const page = await open();
  await page.fill('Address', 'wss://broker.example/mqtt?room=7&access_token=geheim');
  await openSharing(page);
  const link = decodeURIComponent(await sharedLink(page));
  assert.match(link, /room=7/);
  assert.ok(!link.includes('geheim') && !link.includes('access_token'), link);
  assert.match(await page.page.getByRole('dialog').innerText(), /Left out, because it looks like a secret: access_token\./);
});

// The tables of MQTT 5 sections 3.2.2.2 and 3.14.2.1, without the codes that only a client sends.
const refusals = [
  0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9f,
];
const endings = [
  0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c,
  0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
];
const hex = (code) => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
const chosenFive = async (page) => page.page.locator('#version').selectOption('5');

for (const language of ['English', '繁體中文']) {
  stage.scenario(`every reason code of a refusal is explained, an unknown one by its number: ${language}`, async ({ open, keep }) => {
    let code = 0;
    const fake = await broker(keep, { connect: (guest) => guest.send(connack(code)) });
    const page = await open();
    await openSettings(page);
    await chooseLanguage(page, language);
    await closeDialog(page);
    await chosenFive(page);
    await page.page.locator('#address').fill(fake.url);
    const said = new Set();
    for (code of [...refusals, 0xee]) {
      await page.press(page.page.locator('.connect-form .button.primary'));
      let words = '';
      await until(
        () => `${hex(code)} is explained: ${words}`,
        async () => (words = (await page.trouble())?.words ?? '').includes(hex(code)),
      );
      // A code that the table does not have is a malformed packet, which is explained as such.
      assert.equal((await page.trouble()).kind, code === 0xee ? 'malformed' : 'refused');
      assert.ok(words.split('\n').filter(Boolean).length >= 2, `what to do about ${hex(code)}: ${words}`);
      said.add(words.replace(hex(code), ''));
    }
    assert.equal(said.size, refusals.length + 1, 'no two say the same');
  });

  stage.scenario(`every reason code of an ending is explained, an unknown one by its number: ${language}`, async ({ open, keep }) => {
    let code = 0;
    const fake = await broker(keep, { connect: (guest) => guest.send(Buffer.concat([connack(0), Buffer.of(0xe0, 1, code)])) });
    const page = await open();
    await openSettings(page);
    await chooseLanguage(page, language);
    await closeDialog(page);
    await chosenFive(page);
    await page.page.locator('#address').fill(fake.url);
    const said = new Set();
    for (code of [...endings, 0xee]) {
      // The page goes to and fro between messages and broker as connections come and end; the form is there all the time.
      await page.page.evaluate(() => document.querySelector('.connect-form .button.primary').click());
      let words = '';
      await until(
        () => `${hex(code)} is explained: ${words}`,
        async () => (words = (await page.trouble())?.words ?? '').includes(hex(code)),
      );
      said.add(words.replace(hex(code), ''));
    }
    assert.equal(said.size, endings.length + 1, 'no two say the same');
  });
}

stage.scenario('a broker that takes no version at all is explained', async ({ open, keep }) => {
  const seen = [];
  const fake = await broker(keep, {
    connect: (guest, { protocolVersion }) => {
      seen.push(protocolVersion);
      guest.send(protocolVersion === 5 ? connack(0x84) : Buffer.of(0x20, 2, 0, 1));
    },
  });
  const page = await open();
  await page.connect({ address: fake.url });
  assert.match(await page.explains('no-version'), /^The broker takes none of the MQTT versions that were tried/);
  assert.deepEqual(seen, [5, 4, 3]);
});

stage.scenario('what the broker says of a refusal is shown as text, and another server is named and not followed', async ({ open, keep }) => {
  const reason = 'go <b>away</b>';
  const text = (identifier, words) => {
    const bytes = Buffer.from(words);
    return Buffer.concat([Buffer.of(identifier, bytes.length >> 8, bytes.length & 255), bytes]);
  };
  const elsewhere = await broker(keep);
  const properties = Buffer.concat([text(0x1f, reason), text(0x1c, elsewhere.url)]);
  const refusal = Buffer.concat([Buffer.of(0x20, 3 + properties.length, 0, 0x9d, properties.length), properties]);
  const fake = await broker(keep, { connect: (guest) => guest.send(refusal) });
  const page = await open();
  await page.connect({ address: fake.url });
  const words = await page.explains('refused');
  assert.ok(words.includes(reason), words);
  assert.ok(words.includes(elsewhere.url), words);
  // The first who comes to the other server is sent there by hand.
  await page.connect({ address: elsewhere.url });
  await page.reaches('connected');
  assert.equal(elsewhere.guests.length, 1);
  assert.equal(fake.guests.length, 1);
});

stage.scenario('what the broker granted stands beside what was asked for', async ({ open, keep }) => {
  const properties = Buffer.of(0x11, 0, 0, 0, 60, 0x13, 0, 20, 0x24, 1, 0x25, 0, 0x28, 0, 0x21, 0, 10, 0x22, 0, 5, 0x27, 0, 0, 4, 0);
  const yes = Buffer.concat([Buffer.of(0x20, 3 + properties.length, 0, 0, properties.length), properties]);
  const fake = await broker(keep, { connect: (guest) => guest.send(yes) });
  const page = await open();
  await page.press(panel(page, 'Session, will and limits'));
  await page.fill('Session expiry', '2');
  await page.join(fake);
  await page.press(page.page.locator('#connection'));
  const details = page.page.getByRole('region', { name: 'This connection', exact: true });
  await details.locator('dl.granted').waitFor();
  const words = await details.innerText();
  for (const expected of [
    /MQTT 5/,
    /20 seconds, chosen by the broker instead of 30 seconds/,
    /1 minute, chosen by the broker instead of 2 hours/,
    /Highest QoS to publish\s+1/,
    /Retained messages\s+no/,
    /Wildcards in filters\s+no/,
    /Shared subscriptions\s+yes/,
    /Unacknowledged at once\s+10/,
    /Topic aliases to the broker\s+5/,
    /Largest packet\s+1\.0 kB/,
  ]) {
    assert.match(words, expected);
  }
});
