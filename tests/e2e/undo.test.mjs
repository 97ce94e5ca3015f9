// A slip costs nothing: Clear can be undone, a retained message has to be wanted each time, and numbers count on.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function ready({ open, keep }, context) {
  const fake = await keep(await FakeBroker.start());
  const page = await open(context);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  let sent = 0;
  return { page, guest, send: (topic, payload) => (guest.send(guest.message(topic, payload)), (sent += 1)) };
}

stage.scenario('what Clear threw away comes back with what came since, and all counts add up', async (tools) => {
  const { page, send } = await ready(tools);
  for (const topic of ['a/1', 'a/2', 'b']) send(topic, 'x');
  await page.received(3);
  const undo = page.button('Undo clear');
  assert.equal(await undo.isVisible(), false);
  await page.press(page.button('Clear'));
  await until('the list is empty', async () => (await page.rows()).length === 0);
  await undo.waitFor();
  send('c', 'since');
  await page.row('c');
  assert.deepEqual(await page.counters(), { received: 1, kept: 1, dropped: 0, sent: 0 });
  await page.press(undo);
  await page.row('a/1');
  assert.deepEqual(await page.topics(), ['c', 'b', 'a/2', 'a/1']);
  assert.deepEqual(await page.counters(), { received: 4, kept: 4, dropped: 0, sent: 0 });
  await until('the button is gone', async () => !(await undo.isVisible()));
  send('d', 'later');
  await page.row('d');
  assert.equal((await page.subscriptions())[0].count, 5);
});

stage.scenario('Clear does not stand beside Pause', async (tools) => {
  const { page } = await ready(tools);
  const [pause, clear] = await Promise.all(['Pause', 'Clear'].map((name) => page.button(name).boundingBox()));
  const between = clear.y === pause.y ? clear.x - (pause.x + pause.width) : Infinity;
  assert.ok(between > 40, `${between} px`);
});

stage.scenario('Retain is to be ticked for each message, and {{seq}} counts on', async (tools) => {
  const { page, guest } = await ready(tools);
  const retain = page.page.getByRole('checkbox', { name: 'Retain', exact: true });
  await page.publish({ topic: 'mine', payload: 'n {{seq}}', retain: true });
  assert.equal(await retain.isChecked(), false);
  for (let times = 0; times < 2; times += 1) await page.press(page.button('Publish', page.publisher));
  const all = () => guest.packets.filter(({ cmd }) => cmd === 'publish');
  await until('three are published', () => all().length === 3);
  const published = all();
  assert.deepEqual(published.map(({ payload, retain }) => `${payload} ${retain}`), ['n 1 true', 'n 2 false', 'n 3 false']);
});

stage.scenario('what one answers stays in sight beside the publisher', async (tools) => {
  const { page, send } = await ready(tools);
  send('ask', 'a question');
  await page.inspect(await page.row('ask'));
  await page.press(page.button('Edit and publish', page.inspector));
  await until('the publisher has it', async () => (await page.value('Payload')) === 'a question');
  assert.equal((await page.facts()).get('Topic'), 'ask');
});
