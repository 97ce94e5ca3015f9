// The broker in this browser: one click, no address, nothing else running. Its tabs share it, it can be looked into, and what it
// cannot do for others is said.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve } from 'node:path';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const PRACTISE = 'Practise without a broker';

/** The page as any server of files has it, below a path, with no companion and no broker beside it. */
class Files {
  static async start(folder, below) {
    const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };
    const files = new Files();
    files.missing = [];
    files.server = createServer(async ({ url }, answer) => {
      const { pathname } = new URL(url, 'http://files');
      const name = pathname.startsWith(below) ? pathname.slice(below.length) || 'index.html' : undefined;
      const body = name && !name.includes('..') && (await readFile(join(folder, name)).catch(() => undefined));
      if (!body) files.missing.push(pathname);
      answer.writeHead(body ? 200 : 404, { 'content-type': kinds[extname(name ?? '')] ?? 'application/octet-stream' });
      answer.end(body || '');
    });
    files.server.listen(0, '127.0.0.1');
    await once(files.server, 'listening');
    files.page = `http://127.0.0.1:${files.server.address().port}${below}`;
    return files;
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function practise(page) {
  await page.press(page.button(PRACTISE));
  await page.reaches('connected');
}

const isLoaded = (page) => page.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => /broker_(lines|lending)|broker_bg/.test(name)));
const inside = (page) => page.page.getByRole('region', { name: 'Inside the broker', exact: true });
/** The pages that are connected; the devices beside the broker have names of their own. */
const clientsInside = (page) => inside(page).locator('[data-client^="midge-"]').evaluateAll((all) => all.map((row) => row.dataset.client).toSorted());

stage.scenario('one click is a connection, and everything works on it', async ({ open }) => {
  const page = await open();
  assert.equal(await isLoaded(page), false, 'it is loaded by those who want it');
  await practise(page);
  assert.equal(await page.page.locator('#connection').getAttribute('data-broker'), 'tab');
  assert.match(await page.page.locator('#connection').innerText(), /a broker in this browser/);

  await page.subscribe('room/#', { qos: 2 });
  for (const qos of [0, 1, 2]) await page.publish({ topic: `room/${qos}`, payload: `at ${qos}`, format: 'Text', qos });
  for (const qos of [0, 1, 2]) await until(`${qos} came back`, async () => (await page.rows()).filter(({ topic }) => topic === `room/${qos}`).length === 2);

  await page.publish({ topic: 'kept/lamp', payload: 'on', format: 'Text', qos: 1, retain: true });
  await page.subscribe('kept/#');
  assert.match((await page.row('kept/lamp', /retained/)).text, /on/);

  // Away and back by hand, and the attribute with it.
  await page.disconnect();
  await page.reaches('disconnected');
  assert.equal(await page.page.locator('#connection').getAttribute('data-broker'), null);
  await practise(page);
  await page.subscribe('kept/+');
  await page.row('kept/lamp', /retained/);
});

stage.scenario('a large message comes whole, and a series of them does not drown the line', async ({ open }) => {
  const page = await open();
  await practise(page);
  await page.subscribe('large');
  const text = 'x'.repeat(200_000);
  await page.publish({ topic: 'large', payload: text, format: 'Text', qos: 1 });
  await until('it is there', async () => (await page.rows()).some(({ topic, text }) => topic === 'large' && /195|200/.test(text)));
  await page.received(1);
});

stage.scenario('one can look inside, and a message\u2019s way is told', async ({ open }) => {
  const page = await open();
  await practise(page);
  await page.subscribe('home/#', { qos: 1 });
  await page.publish({ topic: 'home/lamp', payload: 'on', format: 'Text', qos: 1, retain: true });
  await page.press(page.button('Inside the broker'));
  await inside(page).getByRole('heading', { name: 'Clients', exact: true }).waitFor();
  await until('the client is there', async () => (await clientsInside(page)).length === 1);
  await inside(page).locator('[data-retained="home/lamp"]').waitFor();
  await page.publish({ topic: 'home/door', payload: 'shut', format: 'Text', qos: 1 });
  await page.inspect(await page.row('home/door'));
  const [id] = await clientsInside(page);
  const reached = inside(page).locator(`[data-reached=${JSON.stringify(id)}]`);
  await until('it is told whom it reached', async () => (await reached.count()) === 1 && (await reached.getAttribute('data-outcome')) === 'Acknowledged');
});

stage.scenario('another tab is a second client of the same broker, and its will comes when it is closed or killed', async ({ open }) => {
  const first = await open();
  await practise(first);
  await first.subscribe('home/#');
  const second = await open({ like: first, hash: '#url=tab%3A&go=1' });
  await second.reaches('connected');
  await second.subscribe('home/#');
  await first.publish({ topic: 'home/lamp', payload: 'on', format: 'Text', qos: 1 });
  await second.row('home/lamp', /on/);

  await second.disconnect();
  await second.reaches('disconnected');
  await second.page.locator('summary').getByText('Session, will and limits', { exact: true }).click();
  await second.fill('Will topic', 'home/door');
  await second.fill('Will payload', 'gone');
  await second.connect();
  await second.reaches('connected');
  await second.page.close();
  await first.page.bringToFront();
  await first.row('home/door', /gone/);
});

stage.scenario('the way to a second client is beside the way inside', async ({ open }) => {
  const page = await open();
  await practise(page);
  const link = page.page.getByRole('link', { name: 'Open a second client', exact: true });
  const [tab] = await Promise.all([page.page.context().waitForEvent('page'), page.press(link)]);
  await until('it is connected', () => tab.evaluate(() => document.querySelector('#connection')?.dataset.broker === 'tab').catch(() => false), { within: 20_000 });
});

for (const locks of [true, false]) {
  stage.scenario(`without SharedWorker ${locks ? '' : 'and without locks '}one tab lends the broker to the others, and they say so when it closes`, async ({ open }) => {
    const without = (page) => page.page.context().addInitScript((locks) => {
      delete globalThis.SharedWorker;
      if (!locks) Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    }, locks);
    const first = await open();
    await without(first);
    await first.visit(first.address);
    await practise(first);
    await first.publish({ topic: 'home/lamp', payload: 'on', format: 'Text', qos: 1, retain: true });
    const second = await open({ like: first, hash: '#url=tab%3A&go=1' });
    await second.reaches('connected');
    await second.subscribe('home/#');
    await second.row('home/lamp', /retained/);
    await second.publish({ topic: 'home/lamp', payload: 'off', format: 'Text', qos: 2 });
    await second.row('home/lamp', /off/);
    await second.press(second.button('Inside the broker'));
    await until('both are inside', async () => (await clientsInside(second)).length === 2);

    await first.page.close();
    await second.page.bringToFront();
    const said = second.page.getByRole('status').getByText(/the tab that had the broker was closed/);
    await said.first().waitFor();
    assert.match(await said.first().innerText(), /begins empty/);
    await second.reaches('connected');
    await until('it has one of its own', async () => (await clientsInside(second)).length === 1);
    await second.press(second.button('Close', inside(second)));
    await second.publish({ topic: 'home/lamp', payload: 'again', format: 'Text', qos: 1 });
    await second.row('home/lamp', /again/);
  });
}

stage.scenario('it works from any server of files, below any path, and nothing leaves the browser', async ({ open, keep }) => {
  const files = await keep(Files.start(resolve(process.env.MIDGE_DIST ?? join(import.meta.dirname, '../../dist')), '/class/midge/'));
  // Parts that are fetched once the server is gone do not come.
  const page = await open({ at: files.page, fetchFailures: true });
  await practise(page);
  await page.subscribe('#');
  await page.publish({ topic: 'a/b', payload: 'here', format: 'Text', qos: 1 });
  await page.row('a/b', /here/);
  const strangers = await page.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(location.origin)));
  assert.deepEqual(strangers, []);
  // The one thing that a companion would have had.
  assert.deepEqual(files.missing, ['/class/midge/midge.json']);
  page.faults = page.faults.filter((fault) => !/404/.test(fault));
  // What was loaded is enough: the server may go.
  await files.stop();
  await page.publish({ topic: 'a/b', payload: 'still here', format: 'Text', qos: 1 });
  await page.row('a/b', /still here/);
});

stage.scenario('what is of no use to others says so', async ({ open }) => {
  const page = await open();
  await practise(page);
  await page.press(page.button('Share'));
  const dialog = page.page.locator('#sharing');
  await dialog.getByText('The broker is in this browser. The link works in its other tabs, and nowhere else.').waitFor();
  assert.equal(await dialog.locator('.qr').count(), 0);
  assert.match(await dialog.locator('#share-link').inputValue(), /#url=tab%3A/);
});

stage.scenario('wrong use: an address after it, many clicks, a broker that is not there', async ({ open }) => {
  const page = await open();
  const button = page.button(PRACTISE);
  await button.dblclick();
  await button.click({ force: true }).catch(() => {});
  await page.reaches('connected');
  await page.subscribe('x');
  await page.press(page.page.locator('#connection'));
  await page.fill('Address', 'tab://elsewhere');
  await page.press(page.button('Reconnect'));
  await page.fault('#address-error');
  await page.fill('Address', 'tab:');
  await page.press(page.button('Reconnect'));
  await page.reaches('connected');

  const other = await open();
  await other.page.context().route(/broker_(lines|loader|bg)/, (route) => route.abort());
  other.options.socketFailures = true;
  await other.press(other.button(PRACTISE));
  assert.match(await other.explains(['not-opened', 'closed-before-connack']), /did not start|stopped/);
  other.faults.length = 0;
  await other.page.context().unroute(/broker_(lines|loader|bg)/);
  await other.reaches('connected');
});
