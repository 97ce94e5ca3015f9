// Language, colours and the memory budget: what is chosen is done at once, and is still so after a reload.

import assert from 'node:assert/strict';
import { fileWith, publishLines } from './mosquitto_clients.mjs';
import { chooseBudget, chooseLanguage, chooseTheme, closeDialog, ground, openSettings, reload } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const light = 'rgb(246, 247, 244)';
const dark = 'rgb(19, 22, 19)';

stage.scenario('the page speaks 繁體中文 when asked, still does after a reload, and goes back to English', async ({ open }) => {
  const page = await open();
  await page.button('Connect').waitFor();
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await closeDialog(page);
  const chinese = async () => {
    await page.button('連線').waitFor();
    await page.page.getByRole('status').getByText('未連線', { exact: true }).waitFor();
    assert.equal(await page.button('Connect').count(), 0);
    assert.equal(await page.page.locator('html').getAttribute('lang'), 'zh-Hant');
  };
  await chinese();
  await reload(page);
  await chinese();
  await openSettings(page);
  await chooseLanguage(page, 'English');
  await closeDialog(page);
  const english = async () => {
    await page.button('Connect').waitFor();
    assert.equal(await page.button('連線').count(), 0);
    assert.equal(await page.page.locator('html').getAttribute('lang'), 'en');
  };
  await english();
  await reload(page);
  await english();
});

stage.scenario('a change of language keeps what was typed and the connection', async ({ open }) => {
  const page = await open();
  await page.join(await stage.broker('mosquitto'));
  await page.subscribe('kept/#');
  await page.fill('Topic filter', 'typed/+');
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await closeDialog(page);
  await page.button('隱藏 kept/#').waitFor();
  assert.equal(await page.value('主題篩選器'), 'typed/+');
  assert.equal(await page.state(), 'connected');
});

stage.scenario('light and dark are applied over the system’s choice and are still there after a reload', async ({ open }) => {
  const page = await open({ colorScheme: 'light' });
  const becomes = (colour) => until(`the ground is ${colour}`, async () => (await ground(page)) === colour, { within: 3_000 });
  await becomes(light);
  await openSettings(page);
  await chooseTheme(page, 'Dark');
  await becomes(dark);
  await reload(page);
  await becomes(dark);
  await page.page.emulateMedia({ colorScheme: 'dark' });
  await openSettings(page);
  await chooseTheme(page, 'Light');
  await becomes(light);
  await reload(page);
  await becomes(light);
  // The system's own choice: it follows, and goes on following.
  await openSettings(page);
  await chooseTheme(page, 'System');
  await becomes(dark);
  await reload(page);
  await becomes(dark);
  await page.page.emulateMedia({ colorScheme: 'light' });
  await becomes(light);
});

stage.scenario(
  'a budget of 16 MiB drops the oldest of 30,000 messages, and counts every one of them',
  async ({ open, t }) => {
    const amount = 30_000;
    const broker = await stage.broker('host');
    const filler = 'x'.repeat(1_000);
    const lines = fileWith(Array.from({ length: amount }, (_, at) => `number ${at + 1}; ${filler}\n`).join(''));
    const page = await open();
    await openSettings(page);
    await chooseBudget(page, '16 MiB');
    await closeDialog(page);
    // Remembered: the reload asks the engine for it again.
    await reload(page);
    await page.join(broker);
    await page.subscribe('#');
    const flood = publishLines(broker, 'flood/a', lines);
    await flood.done(60_000);
    await page.received(amount, 60_000);
    await page.row('flood/a', new RegExp(`number ${amount};`));
    const { received, kept, dropped } = await page.counters();
    t.diagnostic(`${received} received, ${kept} kept, ${dropped} dropped`);
    assert.equal(received, amount);
    assert.ok(dropped > 0, 'some were dropped');
    assert.equal(kept + dropped, received);
    // About 1 KB each: more than half of the budget is in use, and never more than all of it.
    assert.ok(kept * 1_000 <= 16 << 20, `${kept} messages of 1 KB are in 16 MiB`);
    assert.ok(kept * 1_000 > 8 << 20, `only ${kept} messages of 1 KB are kept in 16 MiB`);
    assert.match((await page.rows())[0].text, new RegExp(`number ${amount};`));

    const oldest = new RegExp(`number ${dropped + 1};`);
    await until(
      'the oldest kept message is at the end of the list',
      async () => {
        await page.scrollMessages(1_000_000);
        return oldest.test((await page.rows()).at(-1)?.text ?? '');
      },
      { within: 15_000, every: 200 },
    );
    await page.inspect((await page.rows()).at(-1));
    assert.match(await page.payloadText(), oldest);
  },
  { timeout: 150_000 },
);
