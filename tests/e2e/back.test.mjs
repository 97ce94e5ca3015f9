// Going back closes what is open, latest first, and never leaves an open connection without a question.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { reload } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function ready({ open, keep }, context) {
  const fake = await keep(await FakeBroker.start());
  const page = await open(context);
  await page.join(fake);
  if (context) await page.section('Topics');
  await page.subscribe('#');
  if (context) await page.section('Messages');
  const guest = await fake.guest();
  guest.send(guest.message('a/b', 'hello'));
  return { page, fake, row: await page.row('a/b') };
}

const dialog = (page, name) => page.page.getByRole('dialog', { name, exact: true });
const here = (page) => assert.ok(page.page.url().startsWith(page.address), page.page.url());
// Where it leaves the page, nothing answers.
const back = (page) => page.page.evaluate(() => setTimeout(() => history.back()));
const chosen = (page) => page.page.locator('.app').evaluate((e) => e.hasAttribute('data-inspecting'));

stage.scenario('on the desktop going back closes the dialog, the connect form and the inspector, and then asks', async (tools) => {
  const { page, row } = await ready(tools);
  await page.inspect(row);
  await page.press(page.page.locator('#connection'));
  await page.press(page.button('Settings'));
  await dialog(page, 'Settings').waitFor();
  await back(page);
  await dialog(page, 'Settings').waitFor({ state: 'hidden' });
  await page.field('Address').waitFor();
  await back(page);
  await page.page.getByLabel('Messages', { exact: true }).last().waitFor();
  assert.ok(await chosen(page));
  await back(page);
  await until('nothing is chosen', async () => !(await chosen(page)));
  await back(page);
  await dialog(page, 'Leave Midge?').waitFor();
  here(page);
  // Once more is no way around the question.
  await back(page);
  await dialog(page, 'Leave Midge?').waitFor({ state: 'hidden' });
  await back(page);
  await dialog(page, 'Leave Midge?').waitFor();
  await page.press(page.button('Stay'));
  await dialog(page, 'Leave Midge?').waitFor({ state: 'hidden' });
  assert.equal(await page.state(), 'connected');
  here(page);
  await back(page);
  await page.press(page.button('Leave'));
  await page.page.waitForURL('about:blank');
});

stage.scenario('on a phone going back leads from another section to the messages', async (tools) => {
  const { page, row } = await ready(tools, phone);
  const section = () => page.page.locator('.app').getAttribute('data-section');
  await page.section('Publish');
  await page.section('Topics');
  await back(page);
  await until('the messages are in front', async () => (await section()) === 'messages');
  await page.inspect(row);
  await back(page);
  await page.inspector.waitFor({ state: 'hidden' });
  await back(page);
  await dialog(page, 'Leave Midge?').waitFor();
  here(page);
});

stage.scenario('without a connection nothing is asked, and what was closed by hand is no step', async (tools) => {
  const { page } = await ready(tools);
  await page.press(page.button('Settings'));
  await page.press(page.button('Close', dialog(page, 'Settings')));
  await page.disconnect();
  await page.reaches('disconnected');
  await until('the history is where it began', () => page.page.evaluate(() => !history.state));
  await back(page);
  await page.page.waitForURL('about:blank');
});

stage.scenario('after a reload in the middle of it all there are as many steps as there are things open', async (tools) => {
  const { page, row } = await ready(tools);
  await page.inspect(row);
  await until('there are two', () => page.page.evaluate(() => history.state === 2));
  await reload(page);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  await until('there is one', () => page.page.evaluate(() => history.state === 1));
  await back(page);
  await dialog(page, 'Leave Midge?').waitFor();
});
