// Addresses as people have them: with user name and password inside, or an IPv6 number without brackets. A click repairs
// them, and no piece of a password goes anywhere else.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { closeDialog, everythingStored, openSharing, sharedLink } from './panels.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function shared(page) {
  await openSharing(page);
  const link = await sharedLink(page);
  await closeDialog(page);
  return decodeURIComponent(link);
}

for (const [password, written] of [['12/ss', '12/ss'], ['top#1', 'top#1'], ['p?x@y', 'p?x@y'], ['9001', '9001'], ['ä b', '%C3%A4%20b']]) {
  for (const scheme of ['ws://', '']) {
    stage.scenario(`the password ${password} in an address ${scheme ? 'with' : 'without'} a scheme moves to its field, and nowhere else`, async ({ open, keep }) => {
      const fake = await FakeBroker.start();
      await keep(fake);
      const broker = fake.url.replace('ws://', '');
      const page = await open();
      await page.watchStates();
      await page.fill('Address', `${scheme}chen7:${written}@${broker}`);
      await page.press(page.button('Connect'));
      assert.match(await page.fault('#address-error'), /MQTT sends (user name and password|them) by itself; in the address they do nothing\./);
      assert.doesNotMatch(await everythingStored(page), /chen7/);
      assert.doesNotMatch(await shared(page), /chen7/);
      await page.press(page.page.locator('#address-error').getByRole('button', { name: /^Move them to their fields/ }).first());
      assert.equal(await page.value('Address'), fake.url);
      assert.equal(await page.value('User name'), 'chen7');
      assert.equal(await page.value('Password'), password);
      await page.press(page.button('Connect'));
      await page.reaches('connected');
      // Nothing was tried before: this is the first that came.
      assert.equal(fake.guests.length, 1);
      await page.sawOnly('disconnected', 'connecting', 'connected');
      const connect = await (await fake.guest()).got('connect');
      assert.equal(connect.username, 'chen7');
      assert.equal(connect.password.toString(), password);
      const stored = await everythingStored(page);
      assert.match(stored, /chen7/);
      const values = JSON.parse(stored).local.map(([, value]) => value);
      assert.ok(!values.some((value) => value.includes(`"${password}"`) || value.includes(`:${written}@`)), stored);
    });
  }
}

stage.scenario('a further address with a user name is not tried either', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.watchStates();
  await page.fill('Address', fake.url);
  await page.press(page.button('Another address to try'));
  await page.fill('Address 2', 'ws://chen7:12/ss@broker.example');
  await page.press(page.button('Connect'));
  assert.match(await page.fault('[id^=address-][id$=-error]:not(#address-error)'), /What stands before the @ may be a user name and a password\./);
  assert.doesNotMatch(await everythingStored(page), /chen7/);
  assert.doesNotMatch(await shared(page), /chen7/);
  // The next press is the first that tries anything.
  await page.press(page.button('Remove address 2'));
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.equal(fake.guests.length, 1);
  await page.sawOnly('disconnected', 'connecting', 'connected');
  const stored = await everythingStored(page);
  assert.ok(stored.includes(fake.url), stored);
  assert.doesNotMatch(stored, /chen7/);
});

for (const [typed, ways] of [
  ['ws://fe80::1:9001', ['ws://[fe80::1]:9001', 'ws://[fe80::1:9001]']],
  ['ws://2001:db8::1/mqtt', ['ws://[2001:db8::1]/mqtt']],
  ['::1', ['ws://[::1]:9001']],
]) {
  stage.scenario(`${typed} gets its brackets by a click`, async ({ open }) => {
    const page = await open();
    await page.fill('Address', typed);
    await page.field('Address').blur();
    const places = page.page.locator('#address-error').getByRole('button');
    await places.first().waitFor();
    assert.deepEqual(await places.allInnerTexts(), ways.map((way) => `Use ${way}`));
    await page.press(places.first());
    assert.equal(await page.value('Address'), ways[0]);
    await page.noFault('#address-error');
  });
}
