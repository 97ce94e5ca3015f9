// Parts of the page that came with MQTT 5 and with sessions that outlive a page. With page.mjs and panels.mjs it holds
// every selector.

import { until } from './processes.mjs';

/** Unfolds what a control is folded into. */
async function unfold(page, control) {
  // The panels of the form are loaded when they are opened.
  if ((await control.count()) === 0) {
    const closed = page.page.locator('.connect-form details.more:not([open]):not(details details):visible > summary');
    for (let left = await closed.count(); left > 0; left -= 1) await page.press(closed.first());
    await control.waitFor({ state: 'attached' });
  }
  const folds = await control.locator('xpath=ancestor::details[not(@open)]').all();
  for (const fold of folds) await page.press(fold.locator('> summary'));
}

async function field(page, id) {
  const control = page.page.locator(`#${id}`);
  await unfold(page, control);
  return control;
}

// --- The connection's form ---

/** `MQTT 3.1`, `MQTT 3.1.1` or `MQTT 5`; `undefined` for the newest that the broker takes. */
export async function chooseVersion(page, version) {
  await page.page.locator('#version').selectOption(version ? { label: version } : '');
}

export async function oldSubprotocol(page, yes) {
  await (await field(page, 'old-subprotocol')).setChecked(yes);
}

/** Several addresses, in the order in which they are tried. */
export async function addresses(page, [first, ...others]) {
  await page.fill('Address', first);
  for (const [place, address] of others.entries()) {
    await page.press(page.button('Another address to try'));
    await page.fill(`Address ${place + 2}`, address);
  }
}

/** A session that the broker and the page keep. */
export async function keepSession(page, { version, clientId }) {
  await chooseVersion(page, version);
  await page.fill('Client id', clientId);
  await (await field(page, 'clean-session')).setChecked(false);
  if (version === 'MQTT 5') await (await field(page, 'session-expiry')).fill('3600');
}

export async function connectOptions(page, { topicAliasMaximum }) {
  if (topicAliasMaximum !== undefined) await (await field(page, 'topic-alias-maximum')).fill(String(topicAliasMaximum));
}

export async function useScram(page, yes) {
  await (await field(page, 'authentication')).selectOption(yes ? 'scram' : 'password');
}

// --- The connection that stands ---

const panel = (page) => page.page.getByRole('region', { name: 'This connection', exact: true });

/** Does something at the panel of the connection, and goes back to the messages. */
async function atDetails(page, act) {
  if (!(await panel(page).isVisible())) await page.press(page.page.locator('#connection'));
  await panel(page).waitFor();
  // What is in it is loaded when it is first opened.
  await panel(page).locator('dl.granted').waitFor();
  const result = await act(panel(page));
  const back = page.button('Back to messages').first();
  if (await back.isVisible()) await page.press(back);
  return result;
}

/** Everything that the page says of the connection. */
export function details(page) {
  return atDetails(page, (place) => place.innerText());
}

export function reauthenticate(page) {
  return atDetails(page, (place) => page.press(place.getByRole('button', { name: 'Authenticate anew', exact: true })));
}

// --- Subscriptions ---

export async function subscribeOptions(page, { noLocal, retainAsPublished, retainHandling, identifier }) {
  const options = page.page.locator('details.options');
  if (!(await options.evaluate((e) => e.open))) await page.press(options.locator('> summary'));
  if (noLocal !== undefined) await options.getByLabel('No local', { exact: true }).setChecked(noLocal);
  if (retainAsPublished !== undefined) await options.getByLabel('Retain as published', { exact: true }).setChecked(retainAsPublished);
  if (retainHandling !== undefined) await options.getByLabel('Send retained messages').selectOption({ index: retainHandling });
  if (identifier !== undefined) await options.getByLabel('Subscription identifier', { exact: true }).fill(String(identifier));
}

// --- The publisher ---

export async function messageProperties(page, { responseTopic, correlationData, contentType, expiry, text, userProperties = [] }) {
  const properties = page.page.locator('details.properties');
  if (!(await properties.evaluate((e) => e.open))) await page.press(properties.locator('> summary'));
  const fill = async (name, value) => value !== undefined && properties.getByRole('textbox', { name, exact: true }).fill(String(value));
  await fill('Response topic', responseTopic);
  await fill('Correlation data', correlationData);
  await fill('Content type', contentType);
  await fill('Message expiry (seconds)', expiry);
  if (text !== undefined) await properties.getByLabel('Payload is text', { exact: true }).setChecked(text);
  for (const [place, [name, value]] of userProperties.entries()) {
    await page.press(properties.getByRole('button', { name: /Add a user property/ }));
    await properties.getByLabel(`Name of property ${place + 1}`, { exact: true }).fill(name);
    await properties.getByLabel(`Value of property ${place + 1}`, { exact: true }).fill(value);
  }
}

/** How many publications wait to be sent. */
export async function waiting(page) {
  const queue = page.page.locator('#queue');
  if ((await queue.count()) === 0 || !(await queue.isVisible())) return 0;
  return Number(/\d+/.exec((await queue.locator('> summary').innerText()).replaceAll(',', ''))?.[0] ?? 0);
}

/** Withdraws a publication that waits. */
export async function withdraw(page, topic) {
  const queue = page.page.locator('#queue');
  if (!(await queue.evaluate((e) => e.open))) await page.press(queue.locator('> summary'));
  await page.press(queue.getByRole('button', { name: `Cancel the message to ${topic}`, exact: true }));
  await until(`${topic} no longer waits`, async () => (await queue.getByText(topic, { exact: true }).count()) === 0);
}
