// What cannot be seen in names that others chose is shown by a sign, turns nothing about, and is copied as it is.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { levels } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function ready({ open, keep }, answers) {
  const fake = await FakeBroker.start({ answers });
  await keep(fake);
  const page = await open();
  await page.join(fake);
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, payload, more) => {
    guest.send(guest.message(topic, payload, more));
    await page.received((sent += 1));
  };
  return { page, send, guest, fake };
}

/** The signs of the marks inside of an element. */
const signs = (locator) => locator.locator('.sign').evaluateAll((all) => all.map((mark) => mark.dataset.sign));

/** What is copied when all of an element is selected. */
const copied = (locator) =>
  locator.evaluate((e) => {
    const selection = getSelection();
    selection.removeAllRanges();
    selection.selectAllChildren(e);
    const text = selection.toString();
    selection.removeAllRanges();
    return text;
  });

/** A text for a selector, with every odd character by its code. */
const quoted = (text) => `"${text.replace(/[^\w/]/gu, (letter) => `\\${letter.codePointAt(0).toString(16)} `)}"`;
const cell = (page, topic) => page.page.locator(`[data-topic=${quoted(topic)}]:visible .tp`);
const fact = (page, name) => page.inspector.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');

stage.scenario('topics that differ in what cannot be seen look different in list, tree and inspector', async (tools) => {
  const { page, send } = await ready(tools);
  await page.subscribe('#');
  const odd = [
    ['a/b', []],
    ['a/b ', ['␣']],
    [' a/b', ['␣']],
    ['a /b', ['␣']],
    ['a/b  c', ['␣␣']],
    ['a/\u200bb', ['U+200B']],
    ['\u202ea/b', ['U+202E']],
    ['a/\nb', ['⏎']],
    ['a/\tb', ['⇥']],
    ['\ufeffa/b', ['U+FEFF']],
    ['a/so\u00adft', ['U+00AD']],
    ['a/\u2066x\u2069', ['U+2066', 'U+2069']],
    ['a/🌡️', []],
    ['溫度 a', []],
  ];
  for (const [topic] of odd) await send(topic, 'x');
  for (const [topic, wanted] of odd) {
    await page.row(topic);
    const name = cell(page, topic);
    assert.deepEqual(await signs(name), wanted, `${JSON.stringify(topic)} in the list`);
    assert.equal(await copied(name), topic, `${JSON.stringify(topic)} is copied from the list`);
    await page.inspect(await page.row(topic));
    assert.deepEqual(await signs(fact(page, 'Topic')), wanted, `${JSON.stringify(topic)} in the inspector`);
    assert.equal(await copied(fact(page, 'Topic')), topic, `${JSON.stringify(topic)} is copied from the inspector`);
  }
  const names = (await levels(page)).map(({ name }) => name);
  for (const name of ['b', 'b ', ' a', 'a ', 'b  c', '\u200bb', '\u202ea', '\nb', '\tb', '\ufeffa', 'so\u00adft']) {
    assert.ok(names.includes(name), `${JSON.stringify(name)} in ${JSON.stringify(names)}`);
  }
  const inTree = await signs(page.tree);
  for (const sign of ['␣', '␣␣', 'U+200B', 'U+202E', '⏎', '⇥', 'U+FEFF', 'U+00AD']) assert.ok(inTree.includes(sign), sign);
  // A row that showed marks shows a plain topic after it, and the other way round.
  await page.fill('Filter messages', 'topic:a/b');
  await until('one row', async () => (await page.rows()).length === 1);
  assert.deepEqual(await signs(cell(page, 'a/b')), []);
  await page.fill('Filter messages', 'topic:"a/b "');
  await until('the other one', async () => (await page.topics()).join() === 'a/b ');
  assert.deepEqual(await signs(cell(page, 'a/b ')), ['␣']);
});

stage.scenario('a topic that turns the direction of writing turns nothing beside it', async (tools) => {
  const { page, send } = await ready(tools);
  await page.subscribe('#');
  await send('x\u202e/abc', 'payload one');
  await send('x/abc', 'payload two');
  await page.row('x\u202e/abc');
  // The letters after the mark stand from left to right, as they do without it.
  const places = (topic) =>
    cell(page, topic).evaluate((e) => {
      const letters = [];
      const walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        for (let at = 0; at < node.data.length; at += 1) {
          if (!'abc'.includes(node.data[at])) continue;
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          letters.push([node.data[at], range.getBoundingClientRect().left]);
        }
      }
      return letters.sort((one, other) => one[1] - other[1]).map(([letter]) => letter).join('');
    });
  assert.equal(await places('x/abc'), 'abc');
  assert.equal(await places('x\u202e/abc'), 'abc');
});

stage.scenario('filters, fields of packets and what a broker says are marked, too', async (tools) => {
  const { page, send } = await ready(tools, {
    subscribe: (guest, { messageId, subscriptions }) =>
      guest.say({ cmd: 'suback', messageId, granted: subscriptions.map(({ topic }) => (topic === 'no' ? 0x87 : 0)), properties: { reasonString: 'not\u202ehere\u200b' } }),
  });
  await page.subscribe('odd /#');
  const row = page.subscription('odd /#');
  assert.deepEqual(await signs(row.locator('.name')), ['␣']);
  assert.equal(await page.button('Unsubscribe from odd␣/#').count(), 1);
  await page.subscribe('no', { wait: false });
  await page.subscribed('no', 'refused');
  assert.match(await page.subscription('no').innerText(), /not⟨U\+202E⟩here⟨U\+200B⟩/);
  await send('odd /x', '1', { properties: { contentType: 'text/plain\u00a0', userProperties: { 'na\u2063me': ' value' } } });
  await page.inspect(await page.row('odd /x'));
  assert.deepEqual(await signs(fact(page, 'Content type')), ['U+00A0']);
  assert.deepEqual(await signs(fact(page, 'User properties')), ['U+2063', '␣']);
  assert.deepEqual(await signs(page.inspector.locator('.match')), ['␣']);
  await page.press(page.button('All packets'));
  await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
  await until('the packet shows the mark', async () => (await signs(page.inspector.locator('.fields'))).includes('U+00A0'));
});

stage.scenario('a hint says which character of a field cannot be seen, while it is typed', async (tools) => {
  const { page } = await ready(tools);
  const says = async (id, wanted) => {
    let words;
    await until(
      () => `${id} says ${wanted}, it says ${words}`,
      async () => {
        const hint = page.page.locator(id);
        words = (await hint.isVisible()) ? (await hint.innerText()).trim() : '';
        return wanted instanceof RegExp ? wanted.test(words) : words === wanted;
      },
      { within: 3_000 },
    );
  };
  await page.fill('Topic', 'a/b ');
  await says('#topic-unseen', /^Character 4 is a space .*\(U\+0020\)\.$/);
  await page.fill('Topic', 'a/b');
  await says('#topic-unseen', '');
  await page.fill('Topic', '溫度\u200b/\u202e');
  await says('#topic-unseen', /^Character 3 .*\(U\+200B\)\. One more cannot be seen\.$/);
  await page.fill('Topic', 'living room/lamp');
  await says('#topic-unseen', '');
  await page.fill('Topic filter', '\ufeffa/#');
  await says('#filter-unseen', /^Character 1 .*\(U\+FEFF\)/);
  await page.fill('Topic filter', 'a/#');
  await says('#filter-unseen', '');
  await page.fill('Filter messages', 'two words');
  await says('#query-unseen', '');
  await page.fill('Filter messages', 'pasted\u200b');
  await says('#query-unseen', /^Character 7 .*\(U\+200B\)/);
  // It is sent as it was typed: the hint keeps nobody from anything.
  await page.fill('Filter messages', '');
  await page.publish({ topic: 'kept ', payload: 'x' });
  await page.row('kept ');
  await until('said with a sign', async () => (await page.publisher.innerText()).includes('Published: kept␣'));
});
