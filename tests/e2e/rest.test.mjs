// The rest of the page comes after the connect screen: what was done before it came is done when it comes, and when it
// does not come, that is said.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { forgiveLostRequests, holdBack } from './requests.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage({ host: {} });
const REST = '**/*_split_rest.wasm';

/** Opens the page while the rest of it is held back. The second result lets it come. */
async function withoutRest(open, hash = '') {
  const page = await open();
  const { asked, come } = await holdBack(page, REST);
  await page.visit(page.address + hash, { whole: false });
  await until('the rest is asked for', () => asked() > 0);
  return { page, come };
}

const form = (page) => page.button('Connect');

stage.scenario('the connect screen is there without the rest of the page, and what is typed stays', async ({ open }) => {
  const host = await stage.host();
  const { page, come } = await withoutRest(open);
  await form(page).waitFor({ state: 'visible' });
  assert.equal(await page.value('Address'), host.url);
  assert.equal(await page.button('Save profile').count(), 0, 'this comes with the rest');
  await page.fill('Address', 'nonsense');
  await page.fill('User name', 'chen');
  assert.equal((await page.fault('#address-error')).split('\n')[0], 'An address starts with ws:// or, encrypted, with wss://.');
  come();
  await page.button('Save profile').waitFor({ state: 'visible' });
  assert.equal(await page.value('Address'), 'nonsense');
  assert.equal(await page.value('User name'), 'chen');
});

stage.scenario('Connect pressed before the rest of the page is there connects when it comes', async ({ open }) => {
  const host = await stage.host();
  const { page, come } = await withoutRest(open);
  await page.press(form(page));
  await page.button('Connecting').waitFor({ state: 'visible' });
  come();
  await page.reaches('connected');
  assert.match(await page.page.locator('#connection').innerText(), new RegExp(`${host.url}\\s`));
});

stage.scenario('the same with an address that was typed', async ({ open }) => {
  const host = await stage.host();
  const { page, come } = await withoutRest(open);
  await page.fill('Address', `${host.url}?typed`);
  await page.press(form(page));
  come();
  await page.reaches('connected');
  assert.match(await page.page.locator('#connection').innerText(), /\?typed\s/);
});

stage.scenario('a link is followed when the rest of the page comes', async ({ open }) => {
  const host = await stage.host();
  const { page, come } = await withoutRest(open, `#${new URLSearchParams([['url', host.url], ['sub', 'a/#'], ['go', '1']])}`);
  come();
  await page.reaches('connected');
  await page.subscribed('a/#');
});

stage.scenario('the address of a link is there from the start, and a password typed before the rest belongs to it', async ({ open, keep }) => {
  const fake = await keep(await FakeBroker.start());
  const { page, come } = await withoutRest(open, `#${new URLSearchParams([['url', fake.url], ['user', 'chen'], ['sub', 'a/#']])}`);
  assert.equal(await page.value('Address'), fake.url);
  assert.equal(await page.value('User name'), 'chen');
  await page.fill('Password', 'early-4711');
  come();
  await page.button('Save profile').waitFor({ state: 'visible' });
  assert.equal(await page.value('Password'), 'early-4711');
  await page.press(form(page));
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.username, 'chen');
  assert.equal(connect.password.toString(), 'early-4711');
  await page.subscribed('a/#');
});

stage.scenario('the same with Connect pressed before the rest is there', async ({ open, keep }) => {
  const fake = await keep(await FakeBroker.start());
  const { page, come } = await withoutRest(open, `#${new URLSearchParams([['url', fake.url], ['user', 'chen']])}`);
  await page.fill('Password', 'early-4711');
  await page.press(form(page));
  come();
  const connect = await (await fake.guest()).got('connect');
  assert.equal(connect.username, 'chen');
  assert.equal(connect.password.toString(), 'early-4711');
});

stage.scenario('another address that was typed before the rest is there stays, with what was typed for it', async ({ open, keep }) => {
  const [mine, linked] = [await keep(await FakeBroker.start()), await keep(await FakeBroker.start())];
  const { page, come } = await withoutRest(open, `#${new URLSearchParams([['url', linked.url], ['go', '1']])}`);
  await page.fill('Address', mine.url);
  await page.fill('User name', 'chen');
  await page.fill('Password', 'early-4711');
  come();
  await page.button('Save profile').waitFor({ state: 'visible' });
  await page.press(form(page));
  const connect = await (await mine.guest()).got('connect');
  assert.equal(connect.password.toString(), 'early-4711');
  assert.equal(linked.guests.length, 0);
});

stage.scenario('a page that is never painted loads the rest all the same', async ({ open }) => {
  const page = await open();
  // As in a tab behind others.
  await page.page.addInitScript(() => { window.requestAnimationFrame = () => 0; });
  await page.visit(page.address, { whole: false });
  await page.button('Save profile').waitFor({ state: 'attached' });
});

for (const [size, context] of [['desktop', {}], ['phone', { viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true }]]) {
  for (const [name, answer] of [
    ['not there', { status: 404, body: 'no' }],
    ['HTML', { status: 200, contentType: 'text/html', body: '<!doctype html>' }],
    ['garbage', { status: 200, contentType: 'application/wasm', body: 'garbage' }],
  ]) {
    stage.scenario(`${size}: a rest of the page that is ${name} is said in view, and another try brings it`, async ({ open }) => {
      const page = await open(context);
      let broken = true;
      await page.page.route(REST, (route) => (broken ? route.fulfill(answer) : route.continue()));
      await page.visit(page.address, { whole: false });
      const banner = page.page.getByRole('alert').filter({ hasText: 'did not load' });
      await banner.waitFor({ state: 'visible' });
      const again = page.button('Try now', banner);
      const hit = await again.evaluate((button) => {
        const box = button.getBoundingClientRect();
        return button.contains(document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2));
      });
      assert.ok(hit, 'it is in view, and nothing lies over it');
      await page.fill('User name', 'chen');
      await page.press(form(page));
      broken = false;
      await page.press(again);
      await page.reaches('connected');
      page.faults = page.faults.filter((fault) => !/ERR_|404|MIME|wasm|WebAssembly|Failed to/i.test(fault));
    });
  }
}

stage.scenario('a rest of the page that does not load is said, and another try brings it', async ({ open }) => {
  const page = await open();
  let broken = true;
  await page.page.route(REST, (route) => (broken ? route.abort() : route.continue()));
  await page.visit(page.address, { whole: false });
  const said = page.page.getByText('A part of the page did not load. Is the network still there?', { exact: true });
  await said.waitFor({ state: 'visible' });
  await page.press(form(page));
  broken = false;
  await page.press(page.button('Try now', page.page.getByRole('alert').filter({ hasText: 'did not load' })));
  await page.reaches('connected');
  await until('nothing is said any more', async () => !(await said.isVisible()));
  forgiveLostRequests(page);
});
