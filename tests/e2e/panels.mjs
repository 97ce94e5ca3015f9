// Parts of the page beside the messages: folded settings, saved connections, the dialogs, the levels of the topic tree.
// With page.mjs it holds every selector.

import { until } from './processes.mjs';

/** Loads the page anew, in the same browser profile. */
export async function reload(page) {
  await page.page.reload();
  await page.isThere();
}

// --- The connection's form ---

const form = (page) => page.page.locator('.connect-form');

async function unfoldSession(page) {
  if (!(await page.page.locator('#keep-alive').isVisible())) await page.press(form(page).locator('summary').first());
  await page.page.locator('#keep-alive').waitFor();
}

const willQos = (page) => page.page.getByRole('radiogroup', { name: 'Will QoS', exact: true }).getByRole('radio');

/** Fills in a will. */
export async function writeWill(page, { topic, payload, qos, retain }) {
  await unfoldSession(page);
  await page.fill('Will topic', topic);
  await page.fill('Will payload', payload);
  await willQos(page).nth(qos).check();
  await page.page.getByRole('checkbox', { name: 'Retain the will', exact: true }).setChecked(retain);
}

/** What the form says, but for the password. */
export async function formValues(page) {
  await unfoldSession(page);
  const checked = await willQos(page).evaluateAll((all) => all.map((radio) => radio.checked));
  return {
    address: await page.value('Address'),
    clientId: await page.value('Client id'),
    userName: await page.value('User name'),
    keepAlive: await page.value('Keep alive (seconds)'),
    will: {
      topic: await page.value('Will topic'),
      payload: await page.value('Will payload'),
      qos: checked.indexOf(true),
      retain: await page.page.getByRole('checkbox', { name: 'Retain the will', exact: true }).isChecked(),
    },
  };
}

// --- Saved connections ---

export async function saveProfile(page, name) {
  await page.press(page.button('Save profile'));
  await page.fill('Name of the profile', name);
  await page.press(page.button('Save', form(page)));
}

/** The button of a saved connection. */
export function profile(page, name) {
  return page.page.getByRole('region', { name: 'Profiles', exact: true }).locator('button.profile').filter({ hasText: name });
}

/** Everything that the browser keeps for the page, as one text. */
export async function everythingStored(page) {
  const inside = await page.page.evaluate(async () =>
    JSON.stringify({
      local: Object.entries(localStorage),
      session: Object.entries(sessionStorage),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      cookies: document.cookie,
      history: history.state,
      address: location.href,
    }),
  );
  return inside;
}

// --- Dialogs ---

export async function openSettings(page) {
  await page.press(page.page.getByRole('button', { name: /^(Settings|設定)$/ }));
  await page.page.locator('dialog#settings').waitFor();
}

export async function closeDialog(page) {
  await page.page.keyboard.press('Escape');
  await until('no dialog is open', async () => (await page.page.locator('dialog[open]').count()) === 0);
}

export async function chooseLanguage(page, name) {
  const choice = page.page.locator('#language');
  await choice.selectOption({ label: name });
  const tag = await choice.inputValue();
  await page.page.locator(`html[lang="${tag}"]`).waitFor({ state: 'attached' });
}

export async function chooseTheme(page, name) {
  await page.choose(page.page.locator('dialog#settings'), name);
}

export async function chooseBudget(page, words) {
  await page.page.getByRole('dialog').getByLabel('Memory for messages', { exact: true }).selectOption({ label: words });
}

export async function ground(page) {
  return page.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** The dialog behind Share. */
export function sharing(page) {
  return page.page.getByRole('dialog', { name: 'Share this connection', exact: true });
}

export async function openSharing(page) {
  await page.press(page.button('Share'));
  await sharing(page).waitFor();
}

export async function sharedLink(page) {
  return sharing(page).getByLabel('Link', { exact: true }).inputValue();
}

/** A picture of the QR code, as PNG. */
export async function pictureOfCode(page) {
  return sharing(page).getByRole('img', { name: 'QR code of the link', exact: true }).screenshot();
}

/** The panel with the way in for a phone. */
export function joinPanel(page) {
  return page.page.getByRole('region', { name: 'Join from a phone', exact: true });
}

// --- The topic tree ---

/** The drawn levels of the tree from top to bottom. `open` is undefined for a level with nothing below. */
export async function levels(page) {
  const all = await page.tree.getByRole('treeitem').evaluateAll((rows) =>
    rows
      .filter((e) => e.checkVisibility())
      .map((e) => {
        const box = e.getBoundingClientRect();
        const around = e.closest('[role=tree]').getBoundingClientRect();
        return {
          name: e.querySelector('.name').lastElementChild.textContent,
          depth: Number(e.getAttribute('aria-level')),
          open: { true: true, false: false }[e.getAttribute('aria-expanded')],
          chosen: e.getAttribute('aria-selected') === 'true',
          value: e.querySelector('.v').textContent,
          count: e.lastElementChild.textContent,
          visible: box.top >= around.top - 1 && box.bottom <= around.bottom + 1,
          top: box.top,
        };
      }),
  );
  return all.sort((a, b) => a.top - b.top).map(({ top, ...level }) => level);
}

/** The tree as lines: depth, name and count. */
export async function outline(page) {
  return (await levels(page)).map(({ depth, name, count }) => `${depth} ${name} ${count}`).join(', ');
}

const item = (page, name, nth) =>
  page.tree.getByRole('treeitem').filter({ has: page.page.getByText(name, { exact: true }) }).nth(nth);

export async function pressLevel(page, name, nth = 0) {
  await page.press(item(page, name, nth).locator('.name').getByText(name, { exact: true }));
}

export async function pressArrow(page, name, nth = 0) {
  await page.press(item(page, name, nth).locator('.arrow'));
}
