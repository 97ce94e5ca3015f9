// What was typed before, and topics that were seen, are offered while one types.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { everythingStored, reload } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** What the list of this field offers now, in order. */
const offers = (page, name) => page.field(name).evaluate((field) => [...field.list.options].map((option) => option.value));

async function offered(page, name, wanted) {
  let now;
  await until(() => `${name} offers ${wanted}, it offers ${now}`, async () => (now = await offers(page, name)).join() === wanted.join());
}

async function ready({ open, keep }) {
  const fake = await keep(await FakeBroker.start());
  const page = await open();
  await page.join(fake);
  await page.subscribe('sensors/#');
  await page.subscribe('hall/+');
  const guest = await fake.guest();
  for (const topic of ['sensors/lab/temp', 'sensors/lab/humidity']) guest.send(guest.message(topic, '1'));
  await page.received(2);
  return { page, guest };
}

stage.scenario('filters that were typed before come first, then topics that were seen', async (tools) => {
  const { page } = await ready(tools);
  await page.field('Topic filter').focus();
  await offered(page, 'Topic filter', ['hall/+', 'sensors/#', 'sensors/lab/temp', 'sensors/lab/humidity']);
  await page.fill('Topic filter', 'LAB hum');
  await offered(page, 'Topic filter', ['sensors/lab/humidity']);
  await page.fill('Topic filter', 'a/#/b');
  await page.press(page.button('Subscribe'));
  await page.fill('Topic filter', 'b');
  assert.ok(!(await offers(page, 'Topic filter')).includes('a/#/b'), 'what is wrong is not offered');
});

stage.scenario('topics and payloads that were sent are offered again, after a reload too, and payloads in this tab alone', async (tools) => {
  const { page } = await ready(tools);
  await page.publish({ topic: 'lamp/set', payload: '{"on": true}' });
  await page.publish({ topic: 'lamp/level', payload: '{"level": 7}' });
  await page.field('Topic').fill('lamp');
  await offered(page, 'Topic', ['lamp/level', 'lamp/set']);
  await reload(page);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  await page.field('Topic').fill('lamp/s');
  await offered(page, 'Topic', ['lamp/set']);
  await page.field('Payload').fill('on');
  const before = page.page.getByRole('combobox', { name: 'Sent before', exact: true });
  await before.selectOption({ label: '{"on": true}' });
  assert.equal(await page.value('Payload'), '{"on": true}');
  const later = await tools.open({ like: page });
  const local = await later.page.evaluate(() => JSON.stringify(localStorage['midge.typed.payloads'] ?? null));
  assert.equal(local, 'null');
  await later.page.close();
});

stage.scenario('two tabs lose nothing of each other', async (tools) => {
  const { page } = await ready(tools);
  const beside = await tools.open({ like: page });
  await beside.press(beside.button('Connect'));
  await beside.reaches('connected');
  await beside.subscribe('beside/#');
  await page.page.bringToFront();
  await page.subscribe('here/#');
  const stored = await everythingStored(page);
  for (const filter of ['beside/#', 'here/#', 'hall/+']) assert.ok(stored.includes(filter), stored);
});
