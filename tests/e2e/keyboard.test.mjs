// The keyboard alone: the commands, the keys, the filter, the panes, the rows; and the focus is never lost.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** A page that is connected and subscribed to `#`, and a way to send to it. */
async function ready({ open, keep }, more) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(more);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, ...payloads) => {
    for (const payload of payloads) guest.send(guest.message(topic, payload));
    await page.received((sent += payloads.length));
  };
  return { fake, page, send, keys: page.page.keyboard };
}

const dialog = (page, name) => page.page.getByRole('dialog', { name, exact: true });

/** What has the focus: its name, or its role, or its tag. */
const focused = (page) =>
  page.page.evaluate(() => {
    const e = document.activeElement;
    return e.getAttribute('aria-label') ?? (e.innerText?.trim() || e.id || e.tagName);
  });

async function focusIs(page, wanted) {
  let seen;
  await until(() => `the focus is on ${wanted}, it is on ${seen}`, async () => (seen = await focused(page)) === wanted);
}

stage.scenario('? lists the keys, Escape closes them, and the focus is where it was', async (tools) => {
  const { page, keys } = await ready(tools);
  await page.page.getByRole('listbox', { name: 'Messages', exact: true }).focus();
  await keys.press('?');
  const shown = dialog(page, 'Keys');
  await shown.waitFor();
  await shown.getByText('Filter the messages', { exact: true }).waitFor();
  for (const key of ['Ctrl', 'K', '?', '/', 'F6', 'Esc', 'Home', 'End', 'Page Up', 'Page Down']) {
    assert.ok(await shown.locator('kbd').getByText(key, { exact: true }).count(), key);
  }
  // A dialog has its keys for itself.
  await keys.press('/');
  assert.ok(await shown.isVisible());
  await keys.press('Escape');
  await shown.waitFor({ state: 'hidden' });
  await focusIs(page, 'Messages');
});

stage.scenario('the keys are there in Chinese, too', async ({ open }) => {
  const page = await open({ locale: 'zh-TW' });
  await page.page.keyboard.press('?');
  const shown = dialog(page, '按鍵');
  await shown.getByText('篩選訊息清單', { exact: true }).waitFor();
  await page.page.keyboard.press('Escape');
  await page.page.keyboard.press('Control+k');
  await dialog(page, '指令').getByRole('option', { name: /篩選訊息/ }).waitFor();
});

stage.scenario('/ goes to the filter, and in a field a key is a letter', async (tools) => {
  const { page, keys, send } = await ready(tools);
  await send('a/b', 'x');
  await page.row('a/b');
  await page.page.getByRole('tree').focus();
  await keys.press('/');
  await focusIs(page, 'Filter messages');
  await keys.type('a/b?');
  assert.equal(await page.value('Filter messages'), 'a/b?');
  assert.equal(await page.page.getByRole('dialog').count(), 0);
  await page.fill('Topic', '');
  await page.field('Topic').focus();
  await keys.type('what/is?');
  assert.equal(await page.value('Topic'), 'what/is?');
});

stage.scenario('the commands find an action by a few letters, from inside of a field', async (tools) => {
  const { page, keys } = await ready(tools);
  await page.field('Topic').focus();
  await keys.press('Control+k');
  const commands = dialog(page, 'Commands');
  const field = commands.getByRole('combobox');
  await field.waitFor();
  await focusIs(page, 'Find a command, a topic or a connection');
  await keys.type('paus');
  const first = commands.getByRole('option', { selected: true });
  await until('Pause is chosen', async () => /^Pause/.test(await first.innerText()));
  assert.equal(await field.getAttribute('aria-activedescendant'), await first.getAttribute('id'));
  await keys.press('Enter');
  await page.button('Resume').waitFor();
  await commands.waitFor({ state: 'hidden' });
  await focusIs(page, 'Topic');
  // What can be done now is another thing.
  await keys.press('Control+k');
  await keys.type('pause');
  await commands.getByText('Nothing fits. Try fewer letters.', { exact: true }).waitFor();
  await keys.press('Control+k');
  await commands.waitFor({ state: 'hidden' });
});

stage.scenario('arrows walk through the commands, and ways to the parts of the page are among them', async (tools) => {
  const { page, keys } = await ready(tools);
  await keys.press('Control+k');
  const commands = dialog(page, 'Commands');
  await commands.getByRole('option').first().waitFor();
  await keys.type('go to');
  await until('only ways are left', async () => (await commands.getByRole('option').allInnerTexts()).every((name) => /^Go to/.test(name)));
  const chosen = () => commands.getByRole('option', { selected: true }).innerText();
  const before = await chosen();
  await keys.press('ArrowDown');
  await until('the next one is chosen', async () => (await chosen()) !== before);
  await keys.press('ArrowUp');
  await until('the first one is chosen again', async () => (await chosen()) === before);
  await keys.type(' topics');
  await until('the topics are chosen', async () => /^Go to the topics/.test(await chosen()));
  await keys.press('Enter');
  await focusIs(page, 'Topics');
});

stage.scenario('a topic filter that is typed into the commands is subscribed to', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.page.keyboard.press('Control+k');
  await dialog(page, 'Commands').getByRole('option').first().waitFor();
  await page.page.keyboard.type('hall/+/temp');
  await dialog(page, 'Commands').getByRole('option', { name: /^Subscribe to hall\/\+\/temp/ }).waitFor();
  await page.page.keyboard.press('Enter');
  await page.subscribed('hall/+/temp');
});

stage.scenario('a saved connection is found and made from the commands', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.fillConnection({ address: fake.url });
  await page.press(page.button('Save profile'));
  await page.fill('Name of the profile', 'Class 3B');
  await page.press(page.button('Save'));
  await page.fillConnection({ address: 'ws://127.0.0.1:1' });
  await page.page.keyboard.press('Control+k');
  await dialog(page, 'Commands').getByRole('option').first().waitFor();
  await page.page.keyboard.type('3b');
  await dialog(page, 'Commands').getByRole('option', { name: /^Class 3B/, selected: true }).waitFor();
  await page.page.keyboard.press('Enter');
  await page.reaches('connected');
});

stage.scenario('F6 goes from pane to pane, round, and back with Shift', async (tools) => {
  const { page, keys, send } = await ready(tools);
  await send('a/b', 'x');
  await page.inspect(await page.row('a/b'));
  const round = [];
  await page.page.locator('#connection').focus();
  for (let at = 0; at < 6; at += 1) {
    await keys.press('F6');
    round.push(await page.page.evaluate(() => document.activeElement.dataset.pane));
  }
  assert.deepEqual(round, ['subscriptions', 'topics', 'messages', 'publisher', 'inspector', 'header']);
  await keys.press('Shift+F6');
  assert.equal(await page.page.evaluate(() => document.activeElement.dataset.pane), 'inspector');
});

stage.scenario('Escape closes the inspector, then the latest short message', async (tools) => {
  const { page, keys, send } = await ready(tools);
  await send('a/b', 'x');
  await page.inspect(await page.row('a/b'));
  await page.page.locator('[data-pane=inspector]').focus();
  await keys.press('Escape');
  await page.inspector.waitFor({ state: 'hidden' });
  await focusIs(page, 'Messages');
});

stage.scenario('keys walk through the messages, also to rows that are not loaded', async (tools) => {
  const { page, keys, send } = await ready(tools);
  await send('walk/a', ...Array.from({ length: 300 }, (_, at) => `number ${at};`));
  await page.row('walk/a', /number 299;/);
  const list = page.page.getByRole('listbox', { name: 'Messages', exact: true });
  await list.focus();
  const walk = async (key, wanted) => {
    await keys.press(key);
    let seen;
    await until(
      () => `${key} leads to number ${wanted}, it led to ${seen}`,
      async () => {
        const active = await list.getAttribute('aria-activedescendant');
        seen = active && (await page.page.evaluate((id) => document.getElementById(id)?.innerText, active));
        return seen?.includes(`number ${wanted};`);
      },
    );
    const row = page.page.locator(`#${await list.getAttribute('aria-activedescendant')}`);
    assert.equal(await row.getAttribute('aria-posinset'), String(300 - wanted));
    assert.equal(await row.getAttribute('aria-setsize'), '300');
    assert.ok(await row.evaluate((e) => {
      const [row, list] = [e.getBoundingClientRect(), e.closest('.viewport').getBoundingClientRect()];
      return row.top >= list.top - 1 && row.bottom <= list.bottom + 1;
    }), `the row that ${key} leads to is seen`);
    await until('the inspector shows it', async () => (await page.payloadText().catch(() => '')) === `number ${wanted};`);
  };
  await walk('ArrowDown', 299);
  await walk('ArrowDown', 298);
  await walk('ArrowUp', 299);
  await walk('End', 0);
  await walk('ArrowUp', 1);
  await walk('Home', 299);
  await keys.press('PageDown');
  let paged;
  await until('a page on', async () => {
    const id = await list.getAttribute('aria-activedescendant');
    paged = await page.page.evaluate((id) => Number(document.getElementById(id)?.getAttribute('aria-posinset')), id);
    return paged > 3;
  });
  await walk('PageUp', 299);
  // It was scrolled away meanwhile, by wheel.
  await page.scrollMessages(4_000);
  await until('it is scrolled', async () => !(await page.rows()).some((row) => /number 299;/.test(row.text)));
  await walk('ArrowDown', 298);
  // To the inspector and back.
  await keys.press('ArrowRight');
  await until('the inspector has the focus', () => page.page.evaluate(() => document.activeElement.dataset.pane === 'inspector'));
  await keys.press('ArrowLeft');
  await focusIs(page, 'Messages');
  await keys.press('ArrowLeft');
  await focusIs(page, 'Topics');
});

stage.scenario('keys walk through the topics, into levels and out of them', async (tools) => {
  const { page, keys, send } = await ready(tools);
  for (const topic of ['hall/a/temp', 'hall/b', 'yard']) await send(topic, `of ${topic}`);
  const tree = page.page.getByRole('tree', { name: 'Topics', exact: true });
  await until('the tree has them', async () => /yard/.test(await tree.innerText()));
  await tree.focus();
  const walk = async (key, name, { level, place, expanded = null }) => {
    await keys.press(key);
    let seen;
    await until(
      () => `${key} leads to ${name}, it led to ${JSON.stringify(seen)}`,
      async () => {
        const active = await tree.getAttribute('aria-activedescendant');
        seen = active && (await page.page.evaluate((id) => {
          const e = document.getElementById(id);
          return e && [e.innerText.split('\n')[0], ...['aria-level', 'aria-posinset', 'aria-setsize', 'aria-expanded'].map((one) => e.getAttribute(one))];
        }, active));
        return JSON.stringify(seen?.slice(1)) === JSON.stringify([String(level), ...place.map(String), expanded]) && seen[0].includes(name);
      },
    );
  };
  await walk('ArrowDown', 'hall', { level: 1, place: [1, 2], expanded: 'true' });
  await walk('ArrowRight', 'a', { level: 2, place: [1, 2], expanded: 'true' });
  await walk('ArrowLeft', 'a', { level: 2, place: [1, 2], expanded: 'false' });
  await walk('ArrowRight', 'a', { level: 2, place: [1, 2], expanded: 'true' });
  await walk('ArrowRight', 'temp', { level: 3, place: [1, 1] });
  await walk('ArrowDown', 'b', { level: 2, place: [2, 2] });
  await walk('End', 'yard', { level: 1, place: [2, 2] });
  await walk('Home', 'hall', { level: 1, place: [1, 2], expanded: 'true' });
  await walk('End', 'yard', { level: 1, place: [2, 2] });
  await keys.press('ArrowRight');
  await focusIs(page, 'Messages');
});

stage.scenario('a topic that was seen is found by a part of it, and shown alone', async (tools) => {
  const { page, keys, send } = await ready(tools);
  for (const topic of ['hall/north/temp', 'hall/south/temp', 'roof/wind']) await send(topic, `of ${topic}`);
  await keys.press('Control+k');
  const commands = dialog(page, 'Commands');
  await commands.getByRole('option').first().waitFor();
  await keys.type('SOUTH te');
  await until('the topic alone is there', async () => (await commands.getByRole('option').allInnerTexts()).join('|').replace(/\s+/g, ' ').trim() === 'hall/south/temp Topic');
  await keys.press('Enter');
  await until('its messages are shown', async () => (await page.topics()).join() === 'hall/south/temp');
  assert.equal(await page.value('Filter messages'), 'topic:hall/south/temp');
  await focusIs(page, 'Messages');
  // One that comes while the commands are open is found, too.
  await keys.press('Control+k');
  await commands.getByRole('option').first().waitFor();
  await keys.type('cellar');
  await commands.getByText('Nothing fits. Try fewer letters.', { exact: true }).waitFor();
  await send('cellar/damp', '1');
  await commands.getByRole('option', { name: /^cellar\/damp/ }).waitFor();
});

stage.scenario('keys of one character can be turned off for good, and all others stay', async ({ open }) => {
  const page = await open();
  const keys = page.page.keyboard;
  await page.press(page.button('Settings'));
  await page.press(page.page.getByRole('dialog').getByRole('button', { name: /^Keys/ }));
  const shown = dialog(page, 'Keys');
  await shown.getByRole('checkbox', { name: '? and / are commands' }).uncheck();
  await keys.press('Escape');
  await shown.waitFor({ state: 'hidden' });
  assert.equal(await page.page.getByRole('dialog').count(), 0, 'one dialog at a time');
  const again = await open({ like: page });
  await again.page.keyboard.press('?');
  await again.page.keyboard.press('/');
  await again.page.keyboard.press('Control+k');
  await dialog(again, 'Commands').getByRole('option').first().waitFor();
  assert.equal(await dialog(again, 'Keys').count(), 0);
});
