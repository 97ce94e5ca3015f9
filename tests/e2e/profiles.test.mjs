// Saved connections: everything comes back but the password, which is never stored.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { everythingStored, formValues, profile, reload, saveProfile, writeWill } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const password = 'geheim-4711';
const will = { topic: 'gone/溫度', payload: 'good\nbye', qos: 2, retain: true };

async function filled(page, address) {
  await page.fillConnection({ address, clientId: 'desk-7', userName: 'chen ü', password });
  await page.keepAlive(17);
  await writeWill(page, will);
}

stage.scenario('a saved connection comes back after a reload, without the password, and can be removed', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await filled(page, fake.url);
  await saveProfile(page, 'Lab <b>7</b>');
  await profile(page, 'Lab <b>7</b>').waitFor();
  assert.equal(await page.value('Password'), password, 'it stays in its field for now');

  await reload(page);
  assert.equal(await page.value('Address'), (await stage.host()).url, 'nothing is filled in before it is chosen');
  await page.press(profile(page, 'Lab <b>7</b>'));
  assert.deepEqual(await formValues(page), { address: fake.url, clientId: 'desk-7', userName: 'chen ü', keepAlive: '17', will });
  assert.equal(await page.value('Password'), '');
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.clientId, 'desk-7');
  assert.equal(connect.keepalive, 17);
  assert.equal(connect.will.topic, will.topic);
  assert.equal(connect.will.payload.toString(), will.payload);
  assert.equal(connect.will.qos, 2);
  assert.equal(connect.will.retain, true);
  assert.equal(connect.password, undefined);

  await page.press(page.page.locator('#connection'));
  await page.press(page.button('Remove Lab <b>7</b>'));
  await until('it is gone', async () => (await profile(page, 'Lab <b>7</b>').count()) === 0);
  await reload(page);
  await page.button('Connect').waitFor();
  assert.equal(await profile(page, 'Lab <b>7</b>').count(), 0, 'it is gone for good');
});

stage.scenario('the password is nowhere in the browser’s storage, saved or connected', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await filled(page, fake.url);
  await saveProfile(page, 'Lab');
  await profile(page, 'Lab').waitFor();
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.equal((await (await fake.guest()).got('connect')).password.toString(), password, 'the broker got it');
  const stored = await everythingStored(page);
  assert.match(stored, /desk-7/, 'the rest is stored');
  for (const written of [password, Buffer.from(password).toString('base64'), Buffer.from(password).toString('hex'), [...Buffer.from(password)].join()]) {
    assert.ok(!stored.includes(written), `${written} is stored: ${stored}`);
  }
  const { cookies } = await page.page.context().storageState();
  assert.deepEqual(cookies, []);
});

stage.scenario('the address of the host itself is there as This machine', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  await profile(page, 'This machine').waitFor();
  await page.fill('Address', 'ws://elsewhere.example:1/');
  await page.press(profile(page, 'This machine'));
  assert.equal(await page.value('Address'), host.url);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
});

for (const [name, stored] of [
  ['no JSON', '{"version":1,"connections":[{"na'],
  ['another shape', '[1,null,{"connections":{}}]'],
  ['odd values', JSON.stringify({ version: 99, last: { address: 7 }, connections: [null, 5, { name: 'half' }, { name: 'Sound', address: 'ws://sound.example/' }] })],
]) {
  stage.scenario(`damaged storage (${name}) does not keep the page from working`, async ({ open }) => {
    const page = await open();
    await page.page.evaluate((damaged) => {
      localStorage.setItem('midge.profiles', damaged);
      localStorage.setItem('midge.theme', 'purple');
      localStorage.setItem('midge.budget', '-1');
      localStorage.setItem('midge.language', '\u0000');
    }, stored);
    await reload(page);
    assert.equal(await profile(page, 'Sound').count(), name === 'odd values' ? 1 : 0, 'what is sound stays');
    await page.join(await stage.broker('mosquitto'));
    await page.disconnect();
    await page.reaches('disconnected');
    await saveProfile(page, 'After');
    await reload(page);
    await profile(page, 'After').waitFor();
  });
}
