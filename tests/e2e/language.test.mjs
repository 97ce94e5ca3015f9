// The words of a further language are a program of their own: loaded when it is chosen, and when that fails nothing of
// the old one is lost.

import assert from 'node:assert/strict';
import { chooseLanguage, closeDialog, openSettings, reload } from './panels.mjs';
import { until } from './processes.mjs';
import { forgiveLostRequests, holdBack } from './requests.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const CHINESE = '**/*_split_chinese.wasm';
const NOT_LOADED = 'A part of the page did not load.';
const NOT_LOADED_IN_CHINESE = '頁面有一部分沒有載入';

stage.scenario('a visit in English loads no further language, and one that is chosen is loaded once', async ({ open }) => {
  const page = await open();
  let asked = 0;
  page.page.on('request', (request) => { asked += /_split_chinese/.test(request.url()) ? 1 : 0; });
  await reload(page);
  await page.isThere();
  await openSettings(page);
  assert.equal(asked, 0);
  for (const language of ['繁體中文', 'English', '繁體中文']) await chooseLanguage(page, language);
  await closeDialog(page);
  await page.page.getByRole('heading', { name: '用手機加入', exact: true }).waitFor();
  assert.equal(asked, 1);
});

stage.scenario('a language that does not load is said, the old one stays, and another try brings it', async ({ open }) => {
  const page = await open();
  let broken = true;
  await page.page.route(CHINESE, (route) => (broken ? route.abort() : route.continue()));
  await openSettings(page);
  const choice = page.page.locator('#language');
  await choice.selectOption('zh-Hant');
  const said = page.page.getByRole('dialog').getByRole('alert').filter({ hasText: NOT_LOADED });
  await said.waitFor({ state: 'visible' });
  await until('the old language is the chosen one again', async () => (await choice.inputValue()) === 'en');
  assert.equal(await page.page.locator('html').getAttribute('lang'), 'en');
  broken = false;
  await chooseLanguage(page, '繁體中文');
  await until('nothing is said any more', async () => !(await said.isVisible()));
  await closeDialog(page);
  await page.button('連線').waitFor();
  forgiveLostRequests(page);
});

stage.scenario('a page that begins in a language which does not load says so in it, and another try brings it', async ({ open }) => {
  const page = await open();
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await closeDialog(page);
  let broken = true;
  await page.page.route(CHINESE, (route) => (broken ? route.abort() : route.continue()));
  await page.visit(page.address, { whole: false });
  await page.button('連線').waitFor();
  const said = page.page.getByRole('alert').filter({ hasText: NOT_LOADED_IN_CHINESE });
  await said.waitFor({ state: 'visible' });
  broken = false;
  await page.press(said.getByRole('button'));
  await page.isThere();
  await until('nothing is said any more', async () => !(await said.isVisible()));
  await page.page.getByRole('heading', { name: '訂閱', exact: true, includeHidden: true }).waitFor({ state: 'attached' });
  assert.equal(await page.page.getByText('Subscriptions', { exact: true }).count(), 0, 'no English word of the rest');
  forgiveLostRequests(page);
});

stage.scenario('a language chosen again is shown although the first try for it failed', async ({ open }) => {
  const page = await open();
  let fail;
  const failing = new Promise((done) => { fail = done; });
  let asked = 0;
  await page.page.route(CHINESE, async (route) => {
    asked += 1;
    if (asked > 1) return route.continue();
    await failing;
    return route.abort();
  });
  await openSettings(page);
  const choice = page.page.locator('#language');
  await choice.selectOption('zh-Hant');
  await until('the words are asked for', () => asked > 0);
  await choice.selectOption('en');
  await choice.selectOption('zh-Hant');
  fail();
  await page.page.locator('html[lang="zh-Hant"]').waitFor({ state: 'attached' });
  assert.equal(await page.page.getByRole('dialog').getByRole('alert').count(), 0);
  assert.equal(asked, 2);
  forgiveLostRequests(page);
});

stage.scenario('of two languages chosen one after the other the last is shown', async ({ open }) => {
  const page = await open();
  // Counts the programs that are loaded and started.
  await page.page.addInitScript(() => {
    window.programs = 0;
    for (const way of ['instantiate', 'instantiateStreaming']) {
      const real = WebAssembly[way];
      WebAssembly[way] = (...all) => real.apply(WebAssembly, all).finally(() => { window.programs += 1; });
    }
  });
  await page.visit(page.address);
  const programs = () => page.page.evaluate(() => window.programs);
  const before = await programs();
  const { asked, come } = await holdBack(page, CHINESE);
  await openSettings(page);
  const choice = page.page.locator('#language');
  await choice.selectOption('zh-Hant');
  await until('the words are asked for', () => asked() > 0);
  await choice.selectOption('en');
  come();
  await until('the words are there', async () => (await programs()) > before);
  // Two paints later they would have been shown.
  await page.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await choice.inputValue(), 'en');
  assert.equal(await page.page.locator('html').getAttribute('lang'), 'en');
  await closeDialog(page);
  await page.button('Connect').waitFor();
});
