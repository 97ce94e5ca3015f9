// What was typed for some addresses goes to no others: not at once, and not when the first of them fails later. A link may
// come from anybody, and needs no click in the tab that it is opened in.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { profile, saveProfile, writeWill } from './panels.mjs';
import { until } from './processes.mjs';
import { holdBack } from './requests.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const secret = 'hunter2-geheim';
const typed = { clientId: 'desk-7', userName: 'alice', password: secret };
const will = { topic: 'gone/alice', payload: `bye ${secret}`, qos: 1, retain: false };

const link = (addresses, more = [['go', '1']]) => `#${new URLSearchParams([...addresses.map((url) => ['url', url]), ...more])}`;

/** Follows a link in the open tab. */
const follow = (page, hash) => page.page.evaluate((to) => { location.hash = to; }, hash);

async function fakes(keep, count) {
  const all = [];
  for (let n = 0; n < count; n += 1) all.push(await keep(await FakeBroker.start()));
  return all;
}

/** An address that nobody listens at. */
async function dead() {
  const fake = await FakeBroker.start();
  await fake.stop();
  return fake.url;
}

function holdsNothing(connect) {
  assert.equal(connect.username, undefined);
  assert.equal(connect.password, undefined);
  assert.equal(connect.will, undefined);
  assert.notEqual(connect.clientId, typed.clientId);
  assert.doesNotMatch(JSON.stringify(connect), new RegExp(secret));
}

stage.scenario('a link with another second address gets nothing of what was typed, when the first does not answer', async ({ open, keep }) => {
  const [evil] = await fakes(keep, 1);
  const mine = await dead();
  const page = await open({ socketFailures: true });
  await page.fillConnection({ address: mine, ...typed });
  await writeWill(page, will);
  await follow(page, link([mine, evil.url]));
  await page.reaches('connected');
  holdsNothing(await (await evil.guest()).got('connect'));
  await page.press(page.page.locator('#connection'));
  assert.equal(await page.value('Password'), '');
});

stage.scenario('the same while connected: when the first address fails later, the other gets nothing', async ({ open, keep }) => {
  const [mine, evil] = await fakes(keep, 2);
  const page = await open({ socketFailures: true });
  await page.fillConnection({ address: mine.url, ...typed });
  await writeWill(page, will);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.equal((await (await mine.guest()).got('connect')).password.toString(), secret);
  await follow(page, link([mine.url, evil.url]));
  holdsNothing(await (await mine.guest(1)).got('connect'));
  await page.reaches('connected');
  await mine.stop();
  holdsNothing(await (await evil.guest(0, 30_000)).got('connect'));
}, { timeout: 90_000 });

stage.scenario('a link with the same addresses in another order and writing keeps what was typed', async ({ open, keep }) => {
  const [one, two] = await fakes(keep, 2);
  const page = await open();
  await page.fillConnection({ address: one.url, ...typed });
  await page.press(page.button('Another address to try'));
  await page.fill('Address 2', two.url);
  await follow(page, link([two.url.replace('ws://', 'WS://'), one.url]));
  await page.reaches('connected');
  const connect = await (await two.guest()).got('connect');
  assert.equal(connect.username, typed.userName);
  assert.equal(connect.password.toString(), secret);
});

for (const [what, change] of [['path', (url) => `${url}/x`], ['query', (url) => `${url}?x`]]) {
  stage.scenario(`another ${what} is another broker`, async ({ open, keep }) => {
    const [mine] = await fakes(keep, 1);
    const page = await open();
    await page.fillConnection({ address: mine.url, ...typed });
    await follow(page, link([mine.url, change(mine.url)], []));
    await until('the link is taken up', async () => (await page.page.getByRole('textbox', { name: 'Address 2', exact: true }).count()) === 1);
    assert.equal(await page.value('Password'), '');
    assert.equal(await page.value('User name'), '');
  });
}

stage.scenario('a saved connection with another second address does not get the typed password', async ({ open, keep }) => {
  const [mine, other] = await fakes(keep, 2);
  const page = await open();
  await page.fillConnection({ address: mine.url });
  await page.press(page.button('Another address to try'));
  await page.fill('Address 2', other.url);
  await saveProfile(page, 'Both');
  await page.press(page.button('Remove address 2'));
  await page.fillConnection(typed);
  await page.press(profile(page, 'Both'));
  assert.equal(await page.value('Password'), '');
  // Chosen once more with what was typed for both, it stays.
  await page.fill('Password', secret);
  await page.press(profile(page, 'Both'));
  assert.equal(await page.value('Password'), secret);
});

stage.scenario('a password that the browser fills in by itself does not go to the broker of a link that connects at once', async ({ open, keep }) => {
  const [evil] = await fakes(keep, 1);
  const page = await open();
  await fillEarly(page, { password: secret });
  await page.visit(`${page.address}${link([evil.url], [['user', 'chen'], ['go', '1']])}`);
  await page.page
    .getByText('The link asks to connect at once, and a password is filled in. If it is meant for this broker, press Connect.', { exact: true })
    .waitFor();
  assert.equal(await page.value('Password'), secret);
  assert.equal(evil.guests.length, 0);
  // The press is the first that tries anything.
  await page.press(page.button('Connect'));
  assert.equal((await (await evil.guest()).got('connect')).password.toString(), secret);
  await page.reaches('connected');
  assert.equal(evil.guests.length, 1);
});

/** Fills in fields of the form as soon as they are there, as a browser's password manager does. */
async function fillEarly(page, values) {
  await page.page.addInitScript((wanted) => {
    window.filledEarly = {};
    new MutationObserver(() => {
      for (const [id, value] of Object.entries(wanted)) {
        const field = document.getElementById(id);
        if (!field || id in window.filledEarly) continue;
        window.filledEarly[id] = true;
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }).observe(document, { subtree: true, childList: true });
  }, values);
}

stage.scenario('a password that is filled in early is sent to the broker of the link', async ({ open, keep }) => {
  const [fake] = await fakes(keep, 1);
  const page = await open();
  await fillEarly(page, { password: secret });
  await page.visit(`${page.address}${link([fake.url], [['user', 'chen'], ['sub', 'a/#']])}`);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.username, 'chen');
  assert.equal(connect.password.toString(), secret);
  await page.subscribed('a/#');
  // A change of the address afterwards forgets it.
  await follow(page, link(['ws://elsewhere.example/'], []));
  await page.press(page.page.locator('#connection'));
  await until('the password is gone', async () => (await page.value('Password')) === '');
});

stage.scenario('user name, client id and password that were filled in early stay beside those of the link', async ({ open, keep }) => {
  const [fake] = await fakes(keep, 1);
  const page = await open();
  await fillEarly(page, { 'user-name': 'bob', password: secret, 'client-id': 'desk-9' });
  await page.visit(`${page.address}${link([fake.url], [['user', 'chen'], ['id', 'lab-1'], ['keep', '33']])}`);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.username, 'bob');
  assert.equal(connect.password.toString(), secret);
  assert.equal(connect.clientId, 'desk-9');
  assert.equal(connect.keepalive, 33);
});

stage.scenario('what is typed for the last address goes to it, whatever the page’s host says later', async ({ open, keep }) => {
  const [other] = await fakes(keep, 1);
  const page = await open();
  await page.page.evaluate((address) => {
    localStorage.setItem('midge.profiles', JSON.stringify({ version: 2, connections: [], last: { address } }));
  }, other.url);
  let answer;
  const held = new Promise((done) => { answer = done; });
  await page.page.route('**/midge.json', async (route) => {
    await held;
    await route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html>' });
  });
  await page.visit(page.address);
  assert.equal(await page.value('Address'), other.url);
  await page.watchStates();
  await page.fillConnection({ userName: typed.userName, password: secret });
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  answer();
  const connect = await (await other.guest()).got('connect');
  assert.equal(connect.username, typed.userName);
  assert.equal(other.guests.length, 1);
  await page.sawOnly('disconnected', 'connecting', 'connected');
});

stage.scenario('Connect pressed for the address of the page’s host does not take what was typed to another one', async ({ open, keep }) => {
  const [other] = await fakes(keep, 1);
  const page = await open();
  await page.page.evaluate((address) => {
    localStorage.setItem('midge.profiles', JSON.stringify({ version: 2, connections: [], last: { address } }));
  }, other.url);
  let answer;
  const held = new Promise((done) => { answer = done; });
  await page.page.route('**/midge.json', async (route) => {
    await held;
    await route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html>' });
  });
  // Before the rest of the page is here, nothing is known of the last connection.
  const { come } = await holdBack(page, '**/*_split_rest.wasm');
  await page.visit(page.address, { whole: false });
  await page.fillConnection({ userName: typed.userName, password: secret });
  const shown = await page.value('Address');
  assert.notEqual(shown, other.url);
  await page.press(page.button('Connect'));
  await page.button('Connecting').waitFor();
  await page.watchStates();
  come();
  answer();
  await until('the address is another one', async () => (await page.value('Address')) === other.url);
  await page.button('Connect').waitFor();
  // The next press is the first that tries anything.
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.equal(other.guests.length, 1);
  await page.sawOnly('disconnected', 'connecting', 'connected');
});
