// Sharing: a link with everything but secrets, in a QR code that a camera reads.

import assert from 'node:assert/strict';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { FakeBroker } from './fake_broker.mjs';
import { closeDialog, joinPanel, openSharing, pictureOfCode, sharedLink, sharing } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const settings = { clientId: 'desk-7', userName: 'chen & ü+', password: 'geheim-4711' };

/** A connected page with two subscriptions. */
async function ready({ open, keep }) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake, settings);
  await page.subscribe('a/#', { qos: 1 });
  await page.subscribe('b/+/溫度', { qos: 1 });
  await openSharing(page);
  return { fake, page };
}

const onlyHere = 'Only this machine can open this page now. Started with --lan, Midge lets phones of the same network join.';

const inside = (link) => [...new URLSearchParams(new URL(link).hash.slice(1))];

function decode(png) {
  const { data, width, height } = PNG.sync.read(png);
  const read = jsqr.default ?? jsqr;
  return read(new Uint8ClampedArray(data), width, height)?.data;
}

stage.scenario('the link has address, filters, QoS and user name, and neither password nor client id', async (tools) => {
  const { fake, page } = await ready(tools);
  const link = await sharedLink(page);
  assert.ok(link.startsWith(`${(await stage.host()).page}#`), link);
  const said = inside(link);
  assert.deepEqual(
    said.map(([key, value]) => `${key}=${value}`).sort(),
    [`url=${fake.url}`, 'sub=a/#', 'sub=b/+/溫度', 'qos=1', `user=${settings.userName}`, 'go=1'].sort(),
  );
  assert.ok(!decodeURIComponent(link).includes(settings.password));
  assert.ok(!decodeURIComponent(link).includes(settings.clientId));
  await page.page.getByRole('checkbox', { name: /^Connect at once/ }).uncheck();
  await until('go is gone', async () => !inside(await sharedLink(page)).some(([key]) => key === 'go'));
});

stage.scenario('the link, opened by somebody else, fills the form; Connect gives the same subscriptions', async (tools) => {
  const { fake, page } = await ready(tools);
  await page.page.getByRole('checkbox', { name: /^Connect at once/ }).uncheck();
  await until('go is gone', async () => !inside(await sharedLink(page)).some(([key]) => key === 'go'));
  const other = await tools.open({ at: await sharedLink(page) });
  await until('the address is filled in', async () => (await other.value('Address')) === fake.url);
  assert.equal(await other.value('User name'), settings.userName);
  assert.equal(await other.value('Password'), '');
  assert.notEqual(await other.value('Client id'), settings.clientId);
  assert.equal(await other.state(), 'disconnected');
  // The press is the first that tries anything.
  await other.press(other.button('Connect'));
  await other.reaches('connected');
  assert.equal(fake.guests.length, 2);
  await other.subscribed('a/#');
  await other.subscribed('b/+/溫度');
  const guest = await fake.guest(1);
  assert.equal(guest.packets[0].username, settings.userName);
  assert.notEqual(guest.packets[0].clientId, settings.clientId);
  const asked = guest.packets.filter(({ cmd }) => cmd === 'subscribe').flatMap(({ subscriptions }) => subscriptions);
  assert.deepEqual(asked.map(({ topic, qos }) => [topic, qos]), [['a/#', 1], ['b/+/溫度', 1]]);
});

stage.scenario('the link as it is offered connects at once', async (tools) => {
  const { fake, page } = await ready(tools);
  const other = await tools.open({ at: await sharedLink(page) });
  await other.reaches('connected');
  await other.subscribed('a/#');
  assert.equal(fake.guests.length, 2);
  assert.equal(await page.state(), 'connected', 'and does not push the first one out');
});

/** A page whose host says that other machines reach it. */
async function openForPhones({ open }, options) {
  const page = await open(options);
  await page.page.route('**/midge.json', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), lan: 'http://192.0.2.7:8080/' } });
  });
  await page.visit(page.address);
  return page;
}

for (const colorScheme of ['light', 'dark']) {
  stage.scenario(`the QR code reads as exactly the link (${colorScheme})`, async (tools) => {
    const { page } = await ready({ ...tools, open: () => openForPhones(tools, { colorScheme, deviceScaleFactor: 2 }) });
    const link = await sharedLink(page);
    assert.ok(link.startsWith('http://192.0.2.7:8080/#'), link);
    assert.equal(decode(await pictureOfCode(page)), link);
    // It follows what is shared.
    await page.page.getByRole('checkbox', { name: /^Connect at once/ }).uncheck();
    await until('the link has changed', async () => (await sharedLink(page)) !== link);
    assert.equal(decode(await pictureOfCode(page)), await sharedLink(page));
  });
}

stage.scenario('a host that serves this machine only says so, and names --lan, where a phone would join', async (tools) => {
  const { page } = await ready(tools);
  await sharing(page).getByText(onlyHere, { exact: true }).waitFor({ state: 'visible' });
  assert.equal(await sharing(page).getByRole('img').count(), 0, 'no code that no phone could use');
  await closeDialog(page);
  await page.press(page.page.locator('#connection'));
  await joinPanel(page).waitFor();
  assert.ok((await joinPanel(page).innerText()).includes(onlyHere));
  assert.equal(await joinPanel(page).getByRole('img').count(), 0, 'no code that no phone could use');
});
