// Addresses that are signed or hold a token: used whole, stored without, unless that is asked for; and one that has run out
// is said, before and after.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { everythingStored, profile, reload, saveProfile } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const stamp = (time) => new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
const signed = (since, lasts) =>
  `?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA77&X-Amz-Date=${stamp(since)}&X-Amz-Expires=${lasts}&X-Amz-Signature=geheim77`;

async function listening(keep) {
  const fake = await keep(await FakeBroker.start());
  const urls = [];
  fake.http.on('upgrade', (request) => urls.push(request.url));
  return { fake, urls };
}

for (const [query, name] of [
  [signed(Date.now(), 3600), 'X-Amz-Signature'],
  ['?token=geheim77', 'token'],
  ['?access_token=geheim77', 'access_token'],
  ['?jwt=geheim77', 'jwt'],
  ['?sv=1&sig=geheim77', 'sig'],
  ['?password=geheim77', 'password'],
]) {
  stage.scenario(`${name} in an address is sent, and neither stored nor saved`, async ({ open, keep }) => {
    const { fake, urls } = await listening(keep);
    const page = await open();
    await page.fill('Address', fake.url + query);
    await page.page.locator('#address-secrets').getByText(name).waitFor();
    assert.equal(await page.page.locator('#address-late').isVisible(), false);
    await page.press(page.button('Connect'));
    await page.reaches('connected');
    assert.deepEqual(urls, [`/mqtt${query}`]);
    await page.press(page.page.locator('#connection'));
    await saveProfile(page, 'Lab');
    await page.page.getByText(new RegExp(`Saved as “Lab”, without the password and without .*${name}`)).waitFor();
    const stored = await everythingStored(page);
    assert.match(stored, /Lab/);
    assert.doesNotMatch(stored, /geheim77|AKIA77/);
    await reload(page);
    await page.press(profile(page, 'Lab'));
    assert.doesNotMatch(await page.value('Address'), /geheim77/);
    await page.page.locator('#address-left-out').getByText(name).waitFor();
    await page.fill('Address', fake.url + query);
    await until('nothing is said of it any more', async () => !(await page.page.locator('#address-left-out').isVisible()));
  });
}

stage.scenario('a secret is stored where that is asked for, and only that one', async ({ open, keep }) => {
  const { fake } = await listening(keep);
  const page = await open();
  await page.fill('Address', `${fake.url}?token=geheim77`);
  await page.page.locator('#with-secrets').check();
  await saveProfile(page, 'Lab');
  await profile(page, 'Lab').waitFor();
  await reload(page);
  await page.press(profile(page, 'Lab'));
  assert.equal(await page.value('Address'), `${fake.url}?token=geheim77`);
  assert.equal(await page.page.locator('#with-secrets').isChecked(), true);
  await page.fill('Address', `ws://other.example/?token=another88`);
  assert.equal(await page.page.locator('#with-secrets').isChecked(), false);
  await page.fill('Address', `${fake.url}?jwt=another88`);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.doesNotMatch(await everythingStored(page), /another88/);
});

stage.scenario('a secret that an earlier Midge stored unasked goes when the page starts', async ({ open }) => {
  const page = await open();
  await page.page.evaluate(() => localStorage.setItem('midge.profiles', JSON.stringify({
    version: 2, connections: [], last: { address: 'ws://old.example/?token=geheim77' },
  })));
  await reload(page);
  await until('it is gone', async () => !/geheim77/.test(await everythingStored(page)));
  assert.match(await everythingStored(page), /old\.example/);
});

const token = (claims) => `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
for (const [what, query] of [
  ['a signature of AWS', signed(Date.now() - 7_290_000, 60)],
  ['a shared access signature', `?sig=x&se=${Math.floor(Date.now() / 1000) - 7_230}`],
  ['a web token', `?jwt=${token({ exp: Math.floor(Date.now() / 1000) - 7_230 })}`],
]) {
  stage.scenario(`${what} that has run out is said before and after a try`, async ({ open }) => {
    const fake = await FakeBroker.start();
    await fake.stop();
    const page = await open({ socketFailures: true });
    await page.fill('Address', fake.url + query);
    assert.match(await page.fault('#address-late'), /ran out 2 hours ago/);
    await page.press(page.button('Connect'));
    assert.match(await page.explains('not-opened'), /ran out 2 hours ago/);
  });
}

stage.scenario('one that runs out while the page is open is said then', async ({ open }) => {
  const page = await open();
  await page.page.clock.install();
  await page.visit(page.address);
  await page.fill('Address', `ws://h.example/mqtt${signed(await page.page.evaluate(() => Date.now()), 600)}`);
  await page.page.clock.runFor(30_000);
  assert.equal(await page.page.locator('#address-late').isVisible(), false);
  await page.page.clock.runFor(620_000);
  assert.match(await page.fault('#address-late'), /^The signature or token in this address ran out [\d.]+ \w+ ago, so the broker will hardly take it\. Get a new address\.$/);
});
