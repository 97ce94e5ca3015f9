// Saved connections in two tabs: neither loses what the other saved, each shows it at once, and what this Midge cannot read
// stays as it is.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { profile, reload, saveProfile } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const stored = (page) => page.page.evaluate(() => localStorage.getItem('midge.profiles'));
const names = async (page) => JSON.parse(await stored(page)).connections.map(({ name }) => name);

async function twoTabs({ open, keep }) {
  const fake = await keep(await FakeBroker.start());
  const a = await open();
  const b = await open({ like: a });
  return { a, b, fake };
}

/** A tab behind another draws once a second. */
const toFront = (page) => page.page.bringToFront();

async function save(page, address, name) {
  await toFront(page);
  await page.fill('Address', address);
  await saveProfile(page, name);
  await profile(page, name).waitFor();
}

stage.scenario('what one tab saved is there after Connect in an older tab', async (tools) => {
  const { a, b, fake } = await twoTabs(tools);
  await save(a, 'ws://one.example/', 'one');
  await toFront(b);
  await b.join(fake);
  assert.deepEqual(await names(b), ['one']);
  await reload(a);
  await profile(a, 'one').waitFor();
});

stage.scenario('both tabs save, and nothing is lost; what was removed stays removed', async (tools) => {
  const { a, b, fake } = await twoTabs(tools);
  await save(a, 'ws://one.example/', 'one');
  await save(b, 'ws://two.example/', 'two');
  await save(a, 'ws://three.example/', 'three');
  assert.deepEqual(await names(a), ['one', 'two', 'three']);
  await toFront(a);
  await a.press(a.button('Remove two'));
  await until('it is gone', async () => (await profile(a, 'two').count()) === 0);
  await toFront(b);
  await b.join(fake);
  assert.deepEqual(await names(b), ['one', 'three']);
});

stage.scenario('the list of an open tab follows what another tab saves and removes', async (tools) => {
  const { a, b } = await twoTabs(tools);
  await save(a, 'ws://one.example/', 'one');
  await profile(b, 'one').waitFor();
  await toFront(b);
  await b.press(profile(b, 'one'));
  assert.equal(await b.value('Address'), 'ws://one.example/');
  await toFront(a);
  await a.press(a.button('Remove one'));
  await until('it is gone in the other tab', async () => (await profile(b, 'one').count()) === 0);
  assert.equal(await b.value('Address'), 'ws://one.example/', 'the form stays');
});

stage.scenario('what a later Midge stored is kept, word for word', async ({ open, keep }) => {
  const fake = await keep(await FakeBroker.start());
  const page = await open();
  const kept = ['"version":99', '"theme":{"a": [1.50]}', '5,{"name":"half"},{"name":"odd","address":"ws://odd","keep_alive":"soon"}', '"tunnel":{"x":1}'];
  const later = `{${kept[0]},${kept[1]},"connections":[${kept[2]},{"name":"Plain","address":"ws://plain.example/",${kept[3]}}],"last":null}`;
  await page.page.evaluate((text) => localStorage.setItem('midge.profiles', text), later);
  await reload(page);
  await profile(page, 'Plain').waitFor();
  await page.join(fake);
  await page.press(page.page.locator('#connection'));
  await saveProfile(page, 'Mine');
  await profile(page, 'Mine').waitFor();
  const now = await stored(page);
  for (const text of kept) assert.ok(now.includes(text), `${text} in ${now}`);
});

for (const damaged of ['{"version":1,"connections":[{"name":"Lab","addr', '{"connections":{"a":1}}', 'no JSON']) {
  stage.scenario(`a list that cannot be read (${damaged}) is put aside, and that is said once`, async ({ open }) => {
    const page = await open();
    await page.page.evaluate((text) => localStorage.setItem('midge.profiles', text), damaged);
    await reload(page);
    const said = page.page.getByText(/^What was saved here cannot be read\. It is kept in the browser's storage as \S+; profiles begin anew\.$/);
    await said.waitFor();
    await save(page, 'ws://mine.example/', 'Mine');
    const all = await page.page.evaluate(() => Object.entries(localStorage));
    assert.equal(all.filter(([, value]) => value === damaged).length, 1, JSON.stringify(all));
    assert.deepEqual(await names(page), ['Mine']);
    await reload(page);
    await profile(page, 'Mine').waitFor();
    // What is said later is said, and this is not.
    await save(page, 'ws://other.example/', 'Other');
    await page.page.getByText('Saved as “Other”, without the password.', { exact: true }).waitFor();
    assert.equal(await said.count(), 0, 'it is not said again');
  });
}

stage.scenario('a later list of another shape is left as it is', async ({ open, keep }) => {
  const fake = await keep(await FakeBroker.start());
  const page = await open();
  const later = '{"version":7,"connections":{"by name":{}}}';
  await page.page.evaluate((text) => localStorage.setItem('midge.profiles', text), later);
  await reload(page);
  await page.page
    .getByText('What is saved here was written by a newer Midge. This one leaves it as it is, and saves nothing.', { exact: true })
    .waitFor();
  await page.join(fake);
  assert.equal(await stored(page), later);
});

stage.scenario('storage that is full is said, for each thing that is not stored', async ({ open, keep }) => {
  const fake = await keep(await FakeBroker.start());
  const page = await open();
  await save(page, 'ws://one.example/', 'one');
  await page.page.evaluate(() => {
    Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
  });
  const said = page.page.locator('.toast').filter({ hasText: 'The browser did not allow saving.' });
  const anew = async () => {
    await said.waitFor();
    await page.press(said.getByRole('button', { name: 'Close', exact: true }));
    await said.waitFor({ state: 'detached' });
  };
  await page.fill('Address', fake.url);
  await saveProfile(page, 'two');
  await anew();
  assert.equal(await profile(page, 'two').count(), 0, 'what is not stored is not listed');
  await page.press(page.button('Remove one'));
  await anew();
  await profile(page, 'one').waitFor();
  await page.press(page.button('Connect'));
  await anew();
  await page.reaches('connected');
});
