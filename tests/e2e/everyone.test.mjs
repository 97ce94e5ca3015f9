// For whoever sees the page otherwise: in the system's colours, on paper, in another language, in a narrow window.

import assert from 'node:assert/strict';
import { chooseLanguage, openSettings } from './panels.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function withMessages({ open }, more) {
  const page = await open(more);
  await page.join(await stage.host());
  await page.subscribe('seen/#');
  for (const topic of ['seen/a', 'seen/b']) await page.publish({ topic, payload: '{"temp": 23.4}' });
  await page.inspect(await page.row('seen/b'));
  return page;
}

stage.scenario('in forced colours what is chosen, on and off can be seen', async (tools) => {
  const page = await withMessages(tools);
  await page.page.emulateMedia({ forcedColors: 'active' });
  const ground = (place) => place.evaluate((e) => getComputedStyle(e).backgroundColor);
  const differ = async (one, other, what) => assert.notEqual(await ground(one), await ground(other), what);
  const row = (chosen) => page.page.locator(`.row[aria-selected="${chosen}"]:visible`).first();
  await differ(row(true), row(false), 'the chosen row');
  const tab = (name) => page.page.getByRole('tab', { name, exact: true });
  await differ(tab('Payload'), tab('Packet'), 'the chosen tab');
  const packets = page.button('All packets');
  const off = await ground(packets);
  await page.press(packets);
  assert.notEqual(await ground(packets), off, 'a switch that is on');
  await differ(page.page.locator('.subscription > i').first(), page.page.locator('.subscription').first(), 'the colour of a subscription');
});

stage.scenario('a message and a packet come out on paper, whole and alone', async (tools) => {
  const page = await withMessages(tools);
  await page.page.emulateMedia({ media: 'print' });
  const seen = (place) => page.page.locator(place).first().isVisible();
  assert.deepEqual(await Promise.all(['.facts', '#payload', '.top', '.messages', '.publisher', '.topics', '.actions'].map(seen)), [true, true, false, false, false, false, false]);
  await page.page.emulateMedia({ media: 'screen' });
  await page.view('Packet');
  await page.page.locator('.fields li').first().waitFor();
  await page.page.emulateMedia({ media: 'print' });
  assert.deepEqual(await Promise.all(['.bytes', '.fields', '.top'].map(seen)), [true, true, false]);
  const cut = await page.page.locator('.inspector, .inspector .scroll, .bytes').evaluateAll((all) => all.filter((e) => e.scrollHeight > e.clientHeight + 1 && getComputedStyle(e).overflowY !== 'visible').length);
  assert.equal(cut, 0, 'nothing is cut off');
  const pdf = await page.page.pdf();
  assert.ok(pdf.length > 5_000, `a page of ${pdf.length} bytes`);
});

/** Placeholders that are wider than their fields: name and words. */
const cutPlaceholders = (page) =>
  page.page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d');
    return [...document.querySelectorAll('input[placeholder]')]
      .filter((e) => e.checkVisibility() && !e.value && e.placeholder)
      .filter((e) => {
        const style = getComputedStyle(e);
        pen.font = style.font;
        const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        return pen.measureText(e.placeholder).width > room;
      })
      .map((e) => `${e.placeholder} in ${e.clientWidth} px`);
  });

stage.scenario('placeholders are never cut, at any width, in either language', async ({ open }) => {
  const page = await open();
  await page.join(await stage.host());
  for (const language of ['English', '繁體中文']) {
    await page.page.setViewportSize({ width: 1280, height: 800 });
    if (language !== 'English') {
      await openSettings(page);
      await chooseLanguage(page, language);
      await page.page.keyboard.press('Escape');
    }
    for (const width of [320, 360, 390, 641, 768, 844, 1001, 1024, 1280, 1920]) {
      await page.page.setViewportSize({ width, height: 800 });
      const sections = width <= 640 ? await page.page.locator('nav.sections [role=tab]').all() : [undefined];
      for (const section of sections.slice(0, 3)) {
        await section?.click();
        assert.deepEqual(await cutPlaceholders(page), [], `${language}, ${width} px`);
      }
      if (width <= 640) await sections[0].click();
    }
  }
});

stage.scenario('who wants no motion gets none', async ({ open }) => {
  const page = await open();
  await page.page.emulateMedia({ reducedMotion: 'reduce' });
  await page.join(await stage.host());
  const moving = await page.page.evaluate(() => [...document.querySelectorAll('.app *')].filter((e) => {
    const style = getComputedStyle(e);
    return /[1-9]/.test(style.transitionDuration) || style.animationName !== 'none';
  }).map((e) => e.className));
  assert.deepEqual(moving, []);
});
