// The time strip: what it counts, how a span is looked at and a moment jumped to, by pointer and by keys, and that it folds.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

const strip = (page) => page.page.locator('#timeline');
const field = (page) => page.page.getByRole('searchbox', { name: 'Filter messages', exact: true });
const matches = async (page) => Number(await page.page.locator('#list').getAttribute('data-matches'));
const counts = async (page) => {
  const [received, sent, retained, gaps] = await Promise.all(['received', 'sent', 'retained', 'gaps'].map((name) => strip(page).getAttribute(`data-${name}`)));
  return { received: Number(received), sent: Number(sent), retained: Number(retained), gaps: Number(gaps) };
};

/** Waits until the strip counts this. */
async function counted(page, wanted) {
  let now;
  await until(
    () => `the strip counts ${JSON.stringify(wanted)}, it counts ${JSON.stringify(now)}`,
    async () => {
      now = await counts(page);
      return Object.entries(wanted).every(([name, count]) => now[name] === count);
    },
  );
}

/** Dots of the strip that are drawn in the colour of a subscription. */
const dotsOf = (page, colour) =>
  page.page.evaluate((name) => {
    const canvas = document.querySelector('#timeline canvas');
    const [r, g, b] = getComputedStyle(document.querySelector(`.inks .${name}`)).color.match(/\d+/g).map(Number);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let dots = 0;
    for (let at = 0; at < data.length; at += 4) dots += data[at] === r && data[at + 1] === g && data[at + 2] === b && data[at + 3] === 255;
    return dots;
  }, colour);

async function busy(open, broker = 'mosquitto') {
  const page = await open();
  await page.join(await stage.broker(broker));
  await page.subscribe('s/#');
  for (let number = 0; number < 4; number += 1) await page.publish({ topic: 's/one', payload: `first ${number}` });
  await strip(page).waitFor();
  await counted(page, { received: 4, sent: 4 });
  return page;
}

/** Drags from one share of the strip's width to another. */
async function drag(page, from, to) {
  const box = await strip(page).boundingBox();
  const at = (share) => box.x + share * (box.width - 1);
  await page.page.mouse.move(at(from), box.y + 20);
  await page.page.mouse.down();
  await page.page.mouse.move(at((from + to) / 2), box.y + 22, { steps: 4 });
  await page.page.mouse.move(at(to), box.y + 20, { steps: 4 });
  await page.page.mouse.up();
}

for (const broker of kinds) {
  stage.scenario(`what comes and goes is counted and drawn in the colours of the subscriptions, with ${broker}`, async ({ open }) => {
    const page = await busy(open, broker);
    await page.subscribe('other/#');
    await page.publish({ topic: 'other/x', payload: 'second' });
    await counted(page, { received: 5, sent: 5, retained: 0, gaps: 0 });
    await until('both colours are drawn', async () => (await dotsOf(page, 'c0')) > 0 && (await dotsOf(page, 'c1')) > 0);
    assert.equal(await dotsOf(page, 'c2'), 0);
    await page.press(page.button('Clear'));
    await counted(page, { received: 0, sent: 0 });
  });
}

stage.scenario('a span that is dragged over becomes a term of the query, and all times come back', async ({ open }) => {
  const page = await busy(open);
  await field(page).fill('first');
  await until('the query is answered', async () => (await matches(page)) === 8);
  // Half a minute is shown at least: nothing came in the first part of it.
  await drag(page, 0.02, 0.1);
  await until('nothing came then', async () => (await matches(page)) === 0);
  assert.match(await field(page).inputValue(), /^first at:\d\d:\d\d:\d\d(\.\d{3})?\.\.\d\d:\d\d:\d\d(\.\d{3})?$/);
  await drag(page, 0.02, 1);
  await until('all came then', async () => (await matches(page)) === 8);
  assert.match(await field(page).inputValue(), /^first at:\S+$/, 'one span takes the place of another');
  await page.press(page.button('All times'));
  assert.equal(await field(page).inputValue(), 'first');
});

stage.scenario('a click jumps to that moment, and the list holds still there', async ({ open }) => {
  const page = await busy(open);
  // Time itself is what is looked at: what comes now stands apart from what came before.
  await page.page.waitForTimeout(4_000);
  for (let number = 0; number < 3; number += 1) await page.publish({ topic: 's/one', payload: `later ${number}` });
  await counted(page, { received: 7, sent: 7 });
  const cleft = await page.page.evaluate(() => {
    // From the right: what came later, and then a part of some pixels in which nothing came.
    const canvas = document.querySelector('#timeline canvas');
    const context = canvas.getContext('2d');
    const [r, g, b] = getComputedStyle(document.querySelector('.inks .c0')).color.match(/\d+/g).map(Number);
    const inked = (x) => {
      const { data } = context.getImageData(x, 0, 1, canvas.height);
      for (let at = 0; at < data.length; at += 4) if (data[at] === r && data[at + 1] === g && data[at + 2] === b) return true;
      return false;
    };
    let x = canvas.width - 1;
    while (x > 0 && !inked(x)) x -= 1;
    for (let empty = 0; x > 0 && empty < 40; x -= 1) empty = inked(x) ? 0 : empty + 1;
    return (x + 20) / (canvas.width / canvas.clientWidth);
  });
  const box = await strip(page).boundingBox();
  await page.page.mouse.click(box.x + cleft, box.y + 20);
  await page.button('Resume').waitFor();
  const rows = () => page.page.locator('#list .row:visible').allInnerTexts();
  await until('only the first ones are shown', async () => {
    const now = await rows();
    return now.some((text) => text.includes('first 3')) && !now.some((text) => text.includes('later'));
  });
  assert.match(await page.page.locator('.newer').innerText(), /\b6 newer/);
});

stage.scenario('by keys a span is marked, said and looked at', async ({ open }) => {
  const page = await busy(open);
  await strip(page).focus();
  await page.page.keyboard.press('Home');
  assert.match(await strip(page).getAttribute('aria-valuetext'), /: (?:[1-9]\d* received|0 received, [1-9]\d* sent)/, 'the first slot has the first message');
  await page.page.keyboard.press('Shift+End');
  await until('all of it is said', async () => /: 4 received, 4 sent$/.test(await strip(page).getAttribute('aria-valuetext')));
  await page.page.keyboard.press('Enter');
  assert.match(await field(page).inputValue(), /^at:\S+$/);
  await until('all is found', async () => (await matches(page)) === 8);
  await page.page.keyboard.press('Delete');
  assert.equal(await field(page).inputValue(), '');
});

stage.scenario('a lost connection is a gap, and what was retained is counted', async ({ open }) => {
  const page = await busy(open);
  // Kept by the broker, and given to whoever subscribes: here alone, as other scenarios are on this broker too.
  await page.publish({ topic: 'kept/for/the/strip', payload: 'kept', retain: true });
  await page.subscribe('kept/for/the/#');
  await counted(page, { received: 5, sent: 5, retained: 1, gaps: 0 });
  await page.press(page.button('Disconnect'));
  await page.reaches('disconnected');
  await page.press(page.button('Back to messages'));
  await counted(page, { gaps: 1 });
  await until('the gap is drawn', async () => (await dotsOf(page, 'ink2')) > 0);
});

stage.scenario('it folds away, and stays so on this device', async ({ open }) => {
  const page = await busy(open);
  const fold = page.button('Time strip');
  assert.equal(await fold.getAttribute('aria-expanded'), 'true');
  await page.press(fold);
  await strip(page).waitFor({ state: 'detached' });
  await page.page.reload();
  await page.isThere();
  assert.equal(await page.page.locator('.strip-room .fold').getAttribute('aria-expanded'), 'false');
});
