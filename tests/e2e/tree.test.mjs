// The topic tree: levels with counts and latest values, folded, searched, followed, and walked through by keyboard.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { levels, outline, pressArrow, pressLevel } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function ready({ open, keep }, topics) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, payload) => {
    guest.send(guest.message(topic, payload));
    await page.received((sent += 1));
  };
  for (const [topic, payload] of topics) await send(topic, payload);
  const shows = async (wanted) => {
    let seen;
    await until(() => `the tree is ${wanted}; it is ${seen}`, async () => (seen = await outline(page)) === wanted, { within: 5_000 });
  };
  const level = async (name) => (await levels(page)).find((one) => one.name === name);
  const chosen = async (name) => {
    let seen;
    await until(
      () => `${name} is chosen; it is ${seen}`,
      async () => (seen = (await levels(page)).filter((one) => one.chosen).map((one) => one.name).join()) === name,
      { within: 3_000 },
    );
  };
  return { page, send, shows, level, chosen };
}

const house = [
  ['house/kitchen/temp', '21.5'],
  ['house/kitchen/temp', '22.5'],
  ['house/cellar', 'dry'],
  ['yard', 'sunny'],
];

stage.scenario('levels fold and unfold, with the count of everything below them', async (tools) => {
  const { page, send, shows, level } = await ready(tools, house);
  await shows('1 house 3, 2 cellar 1, 2 kitchen 2, 3 temp 2, 1 yard 1');
  assert.equal((await level('yard')).open, undefined, 'nothing is below it');
  assert.equal((await level('house')).open, true);
  await pressLevel(page, 'kitchen');
  await shows('1 house 3, 2 cellar 1, 2 kitchen 2, 1 yard 1');
  assert.equal((await level('kitchen')).open, false);
  await pressArrow(page, 'kitchen');
  await shows('1 house 3, 2 cellar 1, 2 kitchen 2, 3 temp 2, 1 yard 1');
  assert.equal((await level('temp')).value, '22.5');
  await send('house/kitchen/temp', '23.5');
  await shows('1 house 4, 2 cellar 1, 2 kitchen 3, 3 temp 3, 1 yard 1');
  assert.equal((await level('temp')).value, '23.5');
  await pressArrow(page, 'house');
  await shows('1 house 4, 1 yard 1');
  // What was open inside is open again.
  await pressArrow(page, 'house');
  await shows('1 house 4, 2 cellar 1, 2 kitchen 3, 3 temp 3, 1 yard 1');
});

stage.scenario('a press on a topic shows its latest message, and the next ones as they come', async (tools) => {
  const { page, send, chosen } = await ready(tools, house);
  await pressLevel(page, 'yard');
  await chosen('yard');
  const payload = (text) => until(`the payload is ${text}`, async () => (await page.facts()).get('Topic') === 'yard' && (await page.payloadText()) === text);
  await payload('sunny');
  await send('yard', 'cloudy');
  await payload('cloudy');
  await send('house/cellar', 'damp');
  await send('yard', 'rain');
  await payload('rain');
});

stage.scenario('a level that has messages and levels below is shown by its name, and folded by its arrow', async (tools) => {
  const { page, shows, level } = await ready(tools, [['a', 'own'], ['a/b', 'below']]);
  await shows('1 a 2, 2 b 1');
  await pressLevel(page, 'a');
  await until('its own message is shown', async () => (await page.facts()).get('Topic') === 'a' && (await page.payloadText()) === 'own');
  assert.equal((await level('a')).open, true);
  await pressArrow(page, 'a');
  await shows('1 a 2');
  await pressArrow(page, 'a');
  await shows('1 a 2, 2 b 1');
});

stage.scenario('the search finds topics wherever they are folded away, and gives the tree back', async (tools) => {
  const { page, shows } = await ready(tools, house);
  await pressArrow(page, 'house');
  await shows('1 house 3, 1 yard 1');
  await page.fill('Search topics', 'TEMP');
  await until('temp is there', async () => (await levels(page)).some(({ name }) => name === 'temp'));
  const names = (await levels(page)).map(({ name }) => name);
  assert.deepEqual(names, ['house', 'kitchen', 'temp']);
  await page.fill('Search topics', 'no such topic');
  await until('nothing is found', async () => (await levels(page)).length === 0);
  await page.fill('Search topics', '');
  await shows('1 house 3, 1 yard 1');
});

stage.scenario('empty levels are levels of their own', async (tools) => {
  const { page, shows } = await ready(tools, [['a//b', '1'], ['a/b', '2'], ['/x', '3'], ['x/', '4']]);
  await shows('1 (empty level) 1, 2 x 1, 1 a 2, 2 (empty level) 1, 3 b 1, 2 b 1, 1 x 1, 2 (empty level) 1');
  await pressLevel(page, '(empty level)', 1);
  await shows('1 (empty level) 1, 2 x 1, 1 a 2, 2 (empty level) 1, 2 b 1, 1 x 1, 2 (empty level) 1');
  await pressLevel(page, '(empty level)', 1);
  await shows('1 (empty level) 1, 2 x 1, 1 a 2, 2 (empty level) 1, 3 b 1, 2 b 1, 1 x 1, 2 (empty level) 1');
  await pressLevel(page, 'x', 0);
  await until('/x is shown', async () => (await page.facts()).get('Topic') === '/x' && (await page.payloadText()) === '3');
  await pressLevel(page, 'b', 0);
  await until('a//b is shown', async () => (await page.facts()).get('Topic') === 'a//b' && (await page.payloadText()) === '1');
});

stage.scenario('arrow keys walk through the tree, unfold and fold', async (tools) => {
  const { page, shows, chosen } = await ready(tools, house);
  await pressArrow(page, 'house');
  await shows('1 house 3, 1 yard 1');
  const key = (name) => page.page.keyboard.press(name);
  await page.tree.focus();
  await key('ArrowDown');
  await chosen('house');
  await key('ArrowRight');
  await shows('1 house 3, 2 cellar 1, 2 kitchen 2, 3 temp 2, 1 yard 1');
  await key('ArrowDown');
  await chosen('cellar');
  await until('its message is shown', async () => (await page.facts()).get('Topic') === 'house/cellar' && (await page.payloadText()) === 'dry');
  await key('ArrowDown');
  await chosen('kitchen');
  await key('Enter');
  await shows('1 house 3, 2 cellar 1, 2 kitchen 2, 1 yard 1');
  await key('ArrowUp');
  await chosen('cellar');
  await key('ArrowUp');
  await chosen('house');
  await key('ArrowLeft');
  await shows('1 house 3, 1 yard 1');
  await key('ArrowDown');
  await chosen('yard');
});

stage.scenario('arrow keys reach every topic of a long tree, and the chosen one is in sight', async (tools) => {
  const names = Array.from({ length: 90 }, (_, at) => `t${String(at).padStart(2, '0')}`);
  const { page, chosen } = await ready(tools, names.map((name) => [name, '1']));
  await page.tree.focus();
  for (const name of names) {
    await page.page.keyboard.press('ArrowDown');
    await chosen(name);
    const level = (await levels(page)).find((one) => one.name === name);
    assert.ok(level.visible, `${name} is in sight`);
  }
});

stage.scenario('arrow keys that come faster than the rows below are all followed', async (tools) => {
  const names = Array.from({ length: 90 }, (_, at) => `t${String(at).padStart(2, '0')}`);
  const { page, chosen } = await ready(tools, names.map((name) => [name, '1']));
  await page.tree.focus();
  // In one task: nothing can come from the worker between two of them.
  await page.tree.evaluate((tree) => {
    for (let pressed = 0; pressed < 60; pressed += 1) {
      tree.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }));
    }
  });
  await chosen('t59');
  const level = (await levels(page)).find((one) => one.name === 't59');
  assert.ok(level.visible, 't59 is in sight');
});
