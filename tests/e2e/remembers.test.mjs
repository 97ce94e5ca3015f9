// After a reload, or on another day, one goes on where one left: the connection is in the form with its subscriptions, and
// one press brings both.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { everythingStored, profile, reload, saveProfile } from './panels.mjs';
import { throughout, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const filters = async (page) => (await page.subscriptions()).map(({ filter }) => filter);

async function atWork({ open, keep }, settings) {
  const fake = await keep(await FakeBroker.start());
  const page = await open();
  await page.join(fake, settings);
  await page.subscribe('sensors/+/temp', { qos: 1 });
  await page.subscribe('$SYS/#');
  return { fake, page };
}

async function goesOn(page, fake) {
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  await page.subscribed('sensors/+/temp');
  await page.subscribed('$SYS/#');
  assert.equal((await page.subscriptions()).length, 2);
  assert.equal(await page.page.locator('#connection .address').textContent(), fake.url);
}

stage.scenario('after a reload Connect connects and brings the subscriptions back, as they were', async (tools) => {
  const { fake, page } = await atWork(tools, { clientId: 'desk-7' });
  await page.unsubscribe('$SYS/#');
  await page.subscribe('$SYS/#', { qos: 0 });
  await reload(page);
  assert.equal(await page.value('Address'), fake.url);
  assert.equal(await page.value('Client id'), 'desk-7');
  await goesOn(page, fake);
  const guest = await fake.guest(1);
  const asked = await guest.got('subscribe');
  assert.deepEqual(asked.subscriptions.map(({ topic, qos }) => `${topic} ${qos}`), ['sensors/+/temp 1', '$SYS/# 0']);
  // What was given up stays given up.
  await page.unsubscribe('$SYS/#');
  await reload(page);
  await page.press(page.button('Connect'));
  await page.subscribed('sensors/+/temp');
  assert.deepEqual(await filters(page), ['sensors/+/temp']);
});

stage.scenario('Connect that is pressed before the page is whole goes on as well', async (tools) => {
  const { fake, page } = await atWork(tools);
  await page.page.reload();
  await goesOn(page, fake);
});

stage.scenario('a tab that opens later goes on with what was used last', async (tools) => {
  const { fake, page } = await atWork(tools);
  const later = await tools.open({ like: page });
  await until('the address is there', async () => (await later.value('Address')) === fake.url);
  await goesOn(later, fake);
});

stage.scenario('what was typed and looked for is there in a tab of another day, and tabs beside each other keep their own', async (tools) => {
  const { page } = await atWork(tools);
  const draft = page.page.getByLabel('Topic', { exact: true });
  await page.compose({ topic: 'my/draft', payload: 'half a sent' });
  await page.fill('Filter messages', 'qos:1');
  await until('it is stored', () => page.page.evaluate(() => localStorage.getItem('midge.bench')?.includes('qos:1')));
  const later = await tools.open({ like: page });
  await later.press(later.button('Connect'));
  await later.reaches('connected');
  assert.equal(await later.value('Topic'), 'my/draft');
  assert.equal(await later.value('Payload'), 'half a sent');
  assert.equal(await later.value('Filter messages'), 'qos:1');
  await later.fill('Topic', 'another/draft');
  await until('it is stored', () => later.page.evaluate(() => localStorage.getItem('midge.bench')?.includes('another/draft')));
  await page.page.bringToFront();
  await reload(page);
  assert.equal(await draft.inputValue(), 'my/draft');
});

stage.scenario('another broker is not asked for the subscriptions of this one', async (tools) => {
  const { page } = await atWork(tools);
  const other = await tools.keep(await FakeBroker.start());
  await reload(page);
  await page.join(other);
  await throughout('nothing is subscribed', 500, async () => (await page.subscriptions()).length === 0);
});

stage.scenario('two tabs each go on with their own', async (tools) => {
  const { fake, page } = await atWork(tools);
  const other = await tools.keep(await FakeBroker.start());
  const beside = await tools.open({ like: page });
  await beside.join(other);
  await beside.subscribe('beside/#');
  await page.page.bringToFront();
  await reload(page);
  await goesOn(page, fake);
  await beside.page.bringToFront();
  await reload(beside);
  await beside.press(beside.button('Connect'));
  await beside.subscribed('beside/#');
  assert.deepEqual(await filters(beside), ['beside/#']);
});

stage.scenario('a saved connection holds its subscriptions and connects with one press', async (tools) => {
  const { fake, page } = await atWork(tools);
  await page.press(page.page.locator('#connection'));
  await saveProfile(page, 'Lab');
  await profile(page, 'Lab').waitFor();
  await page.press(page.button('Back to messages'));
  // What is subscribed later belongs to it, too.
  await page.subscribe('later/#');
  await page.disconnect();
  const other = await tools.keep(await FakeBroker.start());
  await page.join(other);
  await page.subscribe('elsewhere/#');
  await page.press(page.page.locator('#connection'));
  await page.press(page.button('Connect to Lab'));
  await page.reaches('connected');
  await page.subscribed('later/#');
  assert.deepEqual((await filters(page)).toSorted(), ['$SYS/#', 'later/#', 'sensors/+/temp']);
  assert.equal(await page.page.locator('#connection .address').textContent(), fake.url);
});

stage.scenario('one with a password asks for it, and stores it nowhere', async (tools) => {
  const { fake, page } = await atWork(tools, { userName: 'chen', password: 'geheim-4711' });
  await page.press(page.page.locator('#connection'));
  await saveProfile(page, 'Lab');
  await reload(page);
  assert.ok(!(await everythingStored(page)).includes('geheim-4711'));
  await page.press(page.button('Connect to Lab'));
  await until('the password is to be typed', () => page.page.evaluate(() => document.activeElement?.id === 'password'));
  assert.equal(await page.state(), 'disconnected');
  await page.page.keyboard.type('geheim-4711');
  await goesOn(page, fake);
});

stage.scenario('the page connects by itself once that is set, and not where a password is missing', async (tools) => {
  const { page } = await atWork(tools);
  await page.press(page.button('Settings'));
  await page.page.getByLabel('Connect when Midge opens', { exact: true }).check();
  await reload(page);
  await page.reaches('connected');
  await page.subscribed('sensors/+/temp');
  await page.press(page.page.locator('#connection'));
  await page.fill('Password', 'geheim');
  await page.fill('User name', 'chen');
  await page.press(page.button('Reconnect'));
  await page.reaches('connected');
  await reload(page);
  await throughout('it waits for the password', 1_000, async () => (await page.state()) === 'disconnected');
});

for (const [what, stored] of [
  ['no JSON', '{"version":2,"last":{'],
  ['odd shapes', '{"version":"x","connections":7,"last":{"address":5,"subscriptions":"all"}}'],
  ['odd subscriptions', '{"last":{"address":"ws://sound.example/","subscriptions":[null,{"filter":"a/#/b","qos":9}]}}'],
]) {
  stage.scenario(`a damaged memory (${what}) costs no more than itself`, async ({ open }) => {
    const page = await open();
    await page.page.evaluate((text) => {
      for (const name of ['midge.last', 'midge.bench']) sessionStorage.setItem(name, text);
      localStorage.setItem('midge.bench', text);
      localStorage.setItem('midge.typed', text);
      localStorage.setItem('midge.by-itself', text);
    }, stored);
    await reload(page);
    const broker = await stage.broker('mosquitto');
    await page.join(broker);
    await page.subscribe('a/#');
    await reload(page);
    await page.press(page.button('Connect'));
    await page.subscribed('a/#');
  });
}
