// The query of the list: its terms over real traffic, what it says of a fault, and how many messages match.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

const list = (page) => page.page.locator('#list');
const field = (page) => page.page.getByRole('searchbox', { name: 'Filter messages', exact: true });

/** Waits until the query was held against everything, and gives how many messages match. */
async function matches(page, query) {
  await field(page).fill(query);
  await until(`${query} has looked at everything`, async () => (await list(page).getAttribute('data-complete')) === 'true');
  return Number(await list(page).getAttribute('data-matches'));
}

async function traffic(open) {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  await page.subscribe('q/#');
  const sent = [
    { topic: 'q/lab/temp', payload: '{"temp": 19.5, "device": "Lab A"}' },
    { topic: 'q/lab/temp', payload: '{"temp": 23.5, "device": "Lab B"}' },
    { topic: 'q/lamp', payload: 'the lamp is on', qos: 1 },
  ];
  for (const message of sent) await page.publish(message);
  await until('all came back', async () => (await matches(page, 'received')) === sent.length);
  return page;
}

stage.scenario('terms find what fits them, alone and together, and a minus excludes', async ({ open }) => {
  const page = await traffic(open);
  const expected = [
    ['q/+', 2],
    ['topic:q/lamp received', 1],
    ['$.temp > 23', 2],
    ['$.temp > 23 received', 1],
    ['$.device ~ "lab a" sent', 1],
    ['"lamp is" -sent', 1],
    ['lamp on', 2],
    ['qos:1 sent', 1],
    ['size>20', 4],
    ['since:1h', 6],
    ['type:suback', 1],
    ['sub:q/#', 3],
    ['retained', 0],
    ['-$.temp', 2],
  ];
  for (const [query, count] of expected) {
    assert.equal(await matches(page, query), count, query);
    assert.equal(await field(page).getAttribute('aria-invalid'), null, query);
  }
});

stage.scenario('a fault is said with its character, and the list stays as it was', async ({ open }) => {
  const page = await traffic(open);
  assert.equal(await matches(page, 'lamp received'), 1);
  await field(page).fill('lamp qos:7');
  assert.equal(await field(page).getAttribute('aria-invalid'), 'true');
  const said = page.page.locator('#query-fault');
  await said.waitFor({ state: 'visible' });
  assert.match(await said.innerText(), /^Character 10: after qos: comes 0, 1 or 2\./);
  assert.equal(await list(page).getAttribute('data-matches'), '1');
  await field(page).fill('lamp qos:1 received');
  await said.waitFor({ state: 'hidden' });
  assert.equal(await field(page).getAttribute('aria-invalid'), null);
});

stage.scenario('what came long ago leaves a list that asks for the latest seconds', async ({ open }) => {
  const page = await traffic(open);
  assert.equal(await matches(page, 'since:1h lamp received'), 1);
  await field(page).fill('since:2s lamp received');
  await until('it grew too old', async () => (await list(page).getAttribute('data-matches')) === '0');
  await page.publish({ topic: 'q/lamp', payload: 'the lamp is off' });
  await until('a new one is there', async () => (await list(page).getAttribute('data-matches')) === '1');
});
