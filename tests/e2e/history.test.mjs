// The history of a topic: its values with what changed, walked by keys and page by page.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

const values = (page) => page.page.getByRole('listbox', { name: 'Values of this topic, newest first', exact: true });
const texts = async (page) => values(page).getByRole('option').locator('.what').allInnerTexts();
const changes = async (page) => values(page).getByRole('option').locator('.changed').allInnerTexts();

async function opened(open, kind, sent) {
  const page = await open();
  await page.join(await stage.broker(kind));
  await page.subscribe('h/#');
  for (const payload of sent) await page.publish({ topic: 'h/one', payload });
  await page.publish({ topic: 'h/other', payload: 'not in it' });
  await until('all came', async () => (await page.page.locator('#list').getAttribute('data-matches')) === String(2 * sent.length + 2));
  return page;
}

const tree = (page, name) => page.page.getByRole('treeitem').filter({ hasText: name });

for (const kind of kinds) {
  stage.scenario(`the values of a topic stand below each other with what changed, and new ones come, on ${kind}`, async ({ open }) => {
    const page = await opened(open, kind, ['20.5', '21', '21', '{"t":1,"u":"C"}', '{"t":2,"u":"C"}', 'on']);
    // The first levels are open.
    await page.press(tree(page, 'one').last());
    await page.choose(page.page, 'History');
    await until('all are there', async () => (await texts(page)).length === 6);
    assert.deepEqual(await texts(page), ['on', 't: 2, u: C', 't: 1, u: C', '21', '21', '20.5']);
    assert.deepEqual(await changes(page), ['changed', 't 1 → 2', 'changed', 'same', '+0.5', '']);
    await page.publish({ topic: 'h/one', payload: 'off' });
    await until('the new one is on top', async () => (await texts(page))[0] === 'off');
  });
}

stage.scenario('arrow keys walk the values, and the message under the inspector is the one that is gone to', async ({ open }) => {
  const page = await opened(open, 'mosquitto', ['a1', 'a2', 'a3']);
  await page.press(page.page.locator('#list .row').filter({ hasText: 'a2' }).filter({ hasText: '↓' }));
  await page.choose(page.page, 'History');
  await until('it is among its neighbours', async () => (await texts(page)).join() === 'a3,a2,a1');
  const chosen = () => values(page).getByRole('option', { selected: true }).locator('.what').innerText();
  assert.equal(await chosen(), 'a2');
  await values(page).focus();
  await page.page.keyboard.press('ArrowDown');
  await until('the one before is chosen', async () => (await chosen()) === 'a1');
  await page.page.keyboard.press('ArrowUp');
  await page.page.keyboard.press('ArrowUp');
  await until('the newest is chosen', async () => (await chosen()) === 'a3');
  await page.choose(page.page, 'Payload');
  await until('the payload is its', async () => /a3/.test(await page.page.locator('.inspector').innerText()));
});
