// What the user has in hand stays in hand: the tools under a lost connection, the page under a back gesture, and the
// message that is being read while newer ones push it out.

import assert from 'node:assert/strict';
import { Mosquitto } from './brokers.mjs';
import { fileWith, publish, publishLines } from './mosquitto_clients.mjs';
import { chooseBudget, closeDialog, openSettings } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Whether what stands at the middle of this element is the element itself, or a part of it. */
const uncovered = (locator) =>
  locator.evaluate((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
  });

stage.scenario('while the page waits for the broker, nothing covers its tools', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  const page = await open({ socketFailures: true });
  await page.join(broker);
  await page.subscribe('tools/#');
  await publish(broker, 'tools/a', 'before');
  await page.inspect(await page.row('tools/a', /before/));
  await broker.stop({ hard: true });
  await page.reaches('waiting');
  assert.notEqual(await page.trouble(), undefined);
  const tools = [
    page.field('Filter messages'),
    page.button('Pause'),
    page.button('Clear'),
    page.button('Unsubscribe from tools/#'),
    page.inspector.getByRole('tab', { name: 'Payload', exact: true }),
  ];
  for (const tool of tools) assert.ok(await uncovered(tool), `${tool} is covered`);
});

stage.scenario('going back on a phone closes the inspector, and not the page', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open(phone);
  await page.join(broker);
  await page.section('Topics');
  await page.subscribe('back/#');
  await page.section('Messages');
  await publish(broker, 'back/a', 'here');
  const address = page.page.url();
  // Opened and closed by its own button first: that leaves no step behind.
  await page.inspect(await page.row('back/a'));
  await page.press(page.button('Back'));
  await page.inspector.waitFor({ state: 'hidden' });
  await page.inspect(await page.row('back/a'));
  await page.inspector.waitFor({ state: 'visible' });
  await page.page.goBack();
  await page.inspector.waitFor({ state: 'hidden' });
  assert.equal(page.page.url(), address);
  assert.equal(await page.state(), 'connected');
  await page.row('back/a', /here/);
});

stage.scenario(
  'a message that is being read stays readable when newer ones push it out',
  async ({ open }) => {
    const broker = await stage.broker('host');
    const page = await open();
    await openSettings(page);
    await chooseBudget(page, '16 MiB');
    await closeDialog(page);
    await page.join(broker);
    await page.subscribe('#');
    await publish(broker, 'first/a', 'the one that is read');
    await page.inspect(await page.row('first/a'));
    const filler = 'x'.repeat(1_000);
    const lines = fileWith(Array.from({ length: 30_000 }, (_, at) => `number ${at}; ${filler}\n`).join(''));
    await publishLines(broker, 'flood/a', lines).done(60_000);
    await until('the first one was pushed out', async () => (await page.counters()).dropped > 1, { within: 60_000 });
    await page.inspector
      .getByText('This message is no longer in the list: newer ones took its place in the memory budget.', { exact: true })
      .waitFor({ timeout: 15_000 });
    assert.equal(await page.payloadText(), 'the one that is read');
  },
  { timeout: 150_000 },
);

stage.scenario('the row that was pressed is the one that opens, though the list moves under the pointer', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  await page.subscribe('moving/#');
  await publish(broker, 'moving/pressed', 'this one');
  await page.row('moving/pressed');
  const box = await page.page.locator('[data-topic="moving/pressed"]:visible').boundingBox();
  await page.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.page.mouse.down();
  await publish(broker, 'moving/newer', 'another one');
  await page.row('moving/newer');
  await page.page.mouse.up();
  await until('the pressed one is open', async () => (await page.payloadText()) === 'this one', { within: 5_000 });
});
