// Panes that fit: the inspector is there while there is something in it, columns are dragged and moved by keys, rows say on
// every width which way they went and how large they are, and a value is shown as large as the page.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function traffic(open, options = {}) {
  const host = await stage.host();
  const page = await open(options);
  await page.join(host);
  await page.subscribe('panes/#');
  await page.publish({ topic: 'panes/value', payload: '23.5' });
  await page.row('panes/value');
  return page;
}

const box = (locator) => locator.evaluate((e) => e.getBoundingClientRect().toJSON());

stage.scenario('the inspector takes no room while there is nothing in it', async ({ open }) => {
  const page = await traffic(open, { viewport: { width: 1024, height: 768 } });
  const list = page.page.locator('#list');
  assert.equal(await page.inspector.isVisible(), false);
  const alone = await box(list);
  assert.ok(alone.right > 1020, `the list ends at ${alone.right}`);
  await page.inspect(await page.row('panes/value'));
  assert.equal(await page.inspector.isVisible(), true);
  const beside = await box(list);
  assert.ok(beside.width < alone.width && beside.width > 340, `the list is ${beside.width} wide`);
  // The payload can still be read.
  const payload = await box(page.page.locator('#list .row:visible .pl').first());
  assert.ok(payload.width >= 60, `the payload is ${payload.width} wide`);
  await page.mustNotScrollSideways('with the inspector');
});

stage.scenario('columns are moved by keys and by dragging, put back by a double click, and stay where they were put', async ({ open }) => {
  const page = await traffic(open, { viewport: { width: 1600, height: 900 } });
  await page.inspect(await page.row('panes/value'));
  for (const [name, column, away] of [['Width of subscriptions and topics', '.column.topics', 1], ['Width of the inspector', '.inspector', -1]]) {
    const line = page.page.getByRole('separator', { name, exact: true });
    const width = async () => Math.round((await box(page.page.locator(column))).width);
    const usual = await width();
    assert.equal(Number(await line.getAttribute('aria-valuenow')), usual);
    await line.press(away > 0 ? 'ArrowRight' : 'ArrowLeft');
    await until('it is wider', async () => (await width()) === usual + 16);
    await line.press('Home');
    await until('it is narrow', async () => (await width()) === Number(await line.getAttribute('aria-valuemin')));
    const at = await box(line);
    await page.page.mouse.move(at.x + at.width / 2, at.y + 300);
    await page.page.mouse.down();
    await page.page.mouse.move(at.x + at.width / 2 + away * 40, at.y + 300, { steps: 4 });
    await page.page.mouse.up();
    await until('it was dragged', async () => Math.abs((await width()) - Number(await line.getAttribute('aria-valuemin')) - 40) <= 2);
  }
  const put = (await box(page.page.locator('.column.topics'))).width;
  await page.page.reload();
  await until('it is where it was put', async () => (await page.page.locator('main.work').getAttribute('style'))?.includes(`--left: ${Math.round(put)}px`));
  const left = page.page.getByRole('separator', { name: 'Width of subscriptions and topics', exact: true, includeHidden: true });
  await left.dispatchEvent('dblclick');
  await until('it is put back', async () => (await left.getAttribute('aria-valuenow')) === '280');
});

stage.scenario('on a phone a row says which way it went, and its size', async ({ open }) => {
  const page = await traffic(open);
  await page.page.setViewportSize({ width: 390, height: 844 });
  const rows = page.page.locator('#list .row:visible');
  await until('both ways are there', async () => (await rows.count()) >= 2);
  const said = await rows.evaluateAll((all) =>
    all.map((row) => ['.dir', '.t', '.tp', '.pl', '.sz'].map((part) => {
      const { width, height } = row.querySelector(part).getBoundingClientRect();
      return width > 4 && height > 4;
    })),
  );
  assert.ok(said.every((row) => row.every(Boolean)), JSON.stringify(said));
  const ways = await page.page.locator('#list .row:visible .dir').allInnerTexts();
  assert.equal(new Set(ways).size, 2);
});

stage.scenario('the projector shows the latest messages, or the chosen topic as large as the page, and goes on with it', async ({ open }) => {
  const page = await traffic(open);
  const dialog = page.page.getByRole('dialog', { name: 'Projector', exact: true });
  await page.press(page.page.locator('#list').getByRole('button', { name: 'Projector', exact: true }));
  await dialog.getByText('panes/value', { exact: true }).first().waitFor({ state: 'visible' });
  await page.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.inspect(await page.row('panes/value'));
  await page.page.locator('#list [role=listbox]').focus();
  await page.page.keyboard.press('p');
  const value = dialog.locator('.value');
  await value.waitFor({ state: 'visible' });
  assert.equal(await value.innerText(), '23.5');
  assert.ok((await value.evaluate((e) => parseFloat(getComputedStyle(e).fontSize))) > 150);
  await page.page.keyboard.press('p');
  await dialog.waitFor({ state: 'hidden' });
  await page.publish({ topic: 'panes/value', payload: '24.5' });
  await page.page.locator('#list [role=listbox]').focus();
  await page.page.keyboard.press('p');
  await until('the latest value is there', async () => (await value.innerText()) === '24.5');
});
