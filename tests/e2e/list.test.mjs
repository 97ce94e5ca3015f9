// The list of messages and what steers it: filter, pause, clear, mute; newest first, held still when scrolled.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { levels, outline } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** A page that is connected and subscribed to `#`, and the fake broker's side of it. */
async function ready({ open, keep }, more) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(more);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, payload) => {
    guest.send(guest.message(topic, payload));
    await page.received((sent += 1));
  };
  return { fake, page, guest, send };
}

stage.scenario('the newest message is on top, and numbers fall from top to bottom', async (tools) => {
  const { page, send } = await ready(tools);
  for (let at = 0; at < 8; at += 1) await send('order/a', `number ${at};`);
  await page.row('order/a', /number 7;/);
  const rows = await page.rows();
  assert.deepEqual(rows.map((row) => /number (\d)/.exec(row.text)[1]).join(''), '76543210');
  for (let at = 1; at < rows.length; at += 1) assert.ok(rows[at - 1].seq > rows[at].seq);
});

stage.scenario('the filter takes text of topics and payloads in any case, and topic filters; nothing is dropped', async (tools) => {
  const { page, send } = await ready(tools);
  await send('kitchen/lamp', 'Bright');
  await send('kitchen/door', 'open');
  await send('cellar/lamp', 'dark');
  await page.row('cellar/lamp');
  const shows = async (filter, wanted) => {
    await page.fill('Filter messages', filter);
    let seen;
    await until(() => `${filter} shows ${wanted}, it shows ${seen}`, async () => (seen = (await page.topics()).sort().join()) === wanted);
  };
  await shows('LAMP', 'cellar/lamp,kitchen/lamp');
  await shows('bright', 'kitchen/lamp');
  await shows('kitchen/#', 'kitchen/door,kitchen/lamp');
  await shows('+/lamp', 'cellar/lamp,kitchen/lamp');
  await shows('no such thing', '');
  assert.equal((await page.counters()).kept, 3);
  await shows('', 'cellar/lamp,kitchen/door,kitchen/lamp');
});

stage.scenario('Only this topic shows this topic alone, says so in the filter, and gives the typed filter back', async (tools) => {
  const { page, send } = await ready(tools);
  const others = ['sensors/10', 'Sensors/1', 'x/sensors/1', 'sensors/1/deep'];
  const odd = ['a b', 'a  b', ' a b', 'w/"x"', 'back\\slash', '$mine/x', 'empty//level/', 'zero\u200bwidth', '\u202eturned', 'line\nbreak', '溫度'];
  for (const topic of [...others, ...odd]) await send(topic, 'sensors/1 is mentioned');
  await send('sensors/1', 'wanted');
  await page.fill('Filter messages', 'SENSORS');
  const only = async (topic, query) => {
    await page.press(page.button('Only this topic', page.inspector));
    let seen;
    await until(() => `only ${topic}; it shows ${JSON.stringify(seen)}`, async () => (seen = await page.topics()).length > 0 && seen.every((one) => one === topic));
    assert.equal(await page.value('Filter messages'), query);
  };
  await page.inspect(await page.row('sensors/1', /wanted/));
  await only('sensors/1', 'topic:sensors/1');
  assert.equal((await page.rows()).length, 1);
  await send('sensors/1', 'wanted, too');
  await send('sensors/10', 'not wanted');
  await page.row('sensors/1', /wanted, too/);
  assert.equal((await page.rows()).length, 2);
  // It can be edited like any other query.
  await page.fill('Filter messages', 'topic:sensors/1 too');
  await until('one row', async () => (await page.rows()).length === 1);
  await page.fill('Filter messages', 'SENSORS');
  // Not the row of the answer before, whose element another message takes.
  await until('the rows of all topics', async () => (await page.rows()).length > 2);
  await page.inspect(await page.row('sensors/1', /wanted, too/));
  await only('sensors/1', 'topic:sensors/1');
  await page.press(page.button('Back to SENSORS'));
  assert.equal(await page.value('Filter messages'), 'SENSORS');
  const queries = {
    'a b': 'topic:"a b"', 'a  b': 'topic:"a  b"', ' a b': 'topic:" a b"', 'w/"x"': 'topic:w/"x"', 'back\\slash': 'topic:"back\\\\slash"',
    '$mine/x': 'topic:$mine/x', 'empty//level/': 'topic:empty//level/', 'zero\u200bwidth': 'topic:"zero\\u{200b}width"',
    '\u202eturned': 'topic:"\\u{202e}turned"', 'line\nbreak': 'topic:"line\\nbreak"', 溫度: 'topic:溫度',
  };
  for (const topic of odd) {
    await page.fill('Filter messages', '');
    await page.inspect(await page.row(topic, /mentioned/));
    await only(topic, queries[topic]);
  }
});

stage.scenario('messages that come while a filter is set show only when they fit', async (tools) => {
  const { page, send } = await ready(tools);
  await page.fill('Filter messages', 'wanted');
  await send('a/wanted', '1');
  await send('a/other', '2');
  await send('a/other', 'wanted, too');
  await page.row('a/other', /wanted/);
  assert.equal((await page.rows()).length, 2);
});

stage.scenario('Pause holds the list and goes on receiving; letting go shows what came', async (tools) => {
  const { page, send } = await ready(tools);
  await send('pause/a', 'before');
  await page.row('pause/a', /before/);
  await page.press(page.button('Pause'));
  await send('pause/a', 'during');
  assert.equal((await page.counters()).received, 2);
  // The list knows of it, and does not show it.
  const newer = page.button('↑ 1 newer');
  await newer.waitFor();
  assert.deepEqual((await page.rows()).map((row) => /before|during/.exec(row.text)[0]), ['before']);
  await page.press(page.button('Resume'));
  await page.row('pause/a', /during/);
  await newer.waitFor({ state: 'hidden' });
  await page.button('Pause').waitFor();
});

stage.scenario('Clear empties the list and sets the counters to zero; subscriptions go on', async (tools) => {
  const { page, guest, send } = await ready(tools);
  await send('clear/a', 'old');
  await page.row('clear/a', /old/);
  await page.press(page.button('Clear'));
  await until('it is empty', async () => (await page.rows()).length === 0 && (await page.counters()).received === 0);
  assert.deepEqual(await page.counters(), { received: 0, kept: 0, dropped: 0, sent: 0 });
  guest.send(guest.message('clear/a', 'new'));
  await page.row('clear/a', /new/);
  assert.equal((await page.counters()).received, 1);
});

stage.scenario('a muted filter hides what only it brought, and shows it again', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await page.subscribe('loud/#');
  await page.subscribe('calm/#');
  const guest = await fake.guest();
  guest.send(guest.message('loud/a', '1'));
  guest.send(guest.message('calm/a', '2'));
  await page.row('loud/a');
  await page.row('calm/a');
  await page.press(page.button('Mute loud/#'));
  await until('loud is hidden', async () => (await page.topics()).join() === 'calm/a');
  assert.equal((await page.counters()).kept, 2);
  await page.press(page.button('Unmute loud/#'));
  await page.row('loud/a');
});

stage.scenario('scrolled down, the list holds still while messages come; on top it follows', async (tools) => {
  const { page, guest, send } = await ready(tools);
  for (let at = 0; at < 120; at += 1) await send('scroll/a', `number ${at};`);
  await page.row('scroll/a', /number 119;/);
  const list = page.page.getByLabel('Messages', { exact: true }).last();
  /** The texts of the rows in view, once they fill it. */
  const inView = () =>
    until('rows fill the view', () =>
      list.evaluate((viewport) => {
        const { top, bottom } = viewport.getBoundingClientRect();
        const rows = [...viewport.querySelectorAll('[data-seq]')].filter((row) => row.checkVisibility()).map((row) => ({ text: row.innerText, box: row.getBoundingClientRect() }));
        const seen = rows.filter(({ box }) => box.bottom > top + 1 && box.top < bottom - 1).sort((one, other) => one.box.top - other.box.top);
        const filled = seen.length > 0 && seen[0].box.top <= top + 1 && seen.at(-1).box.bottom >= bottom - 1;
        return filled && seen.map(({ text }) => /number \d+;/.exec(text)?.[0]);
      }),
    );
  await list.evaluate((viewport) => viewport.addEventListener('scrollend', () => { window.scrolled = true; }));
  await page.scrollMessages(1_200);
  await until('the wheel has turned', () => page.page.evaluate(() => window.scrolled));
  const held = await inView();
  assert.ok(held.length > 5 && Number(/\d+/.exec(held[0])[0]) < 110, `older ones are in view: ${held}`);
  for (let at = 120; at < 160; at += 1) guest.send(guest.message('scroll/a', `number ${at};`));
  // The list knows of them, and has not moved.
  const newer = page.button('↑ 40 newer');
  await newer.waitFor();
  assert.deepEqual(await inView(), held);
  await page.scrollMessages(-100_000);
  await page.row('scroll/a', /number 159;/);
  await newer.waitFor({ state: 'hidden' });
});

stage.scenario('the topic tree has every level with its count and latest value', async (tools) => {
  const { page, send } = await ready(tools);
  await send('house/kitchen/temp', '21.5');
  await send('house/kitchen/temp', '22.5');
  await send('house/cellar', 'dry');
  await until('the tree has its levels', async () => (await outline(page)) === '1 house 3, 2 cellar 1, 2 kitchen 2, 3 temp 2');
  assert.deepEqual((await levels(page)).map(({ name, value }) => [name, value]), [['house', ''], ['cellar', 'dry'], ['kitchen', ''], ['temp', '22.5']]);
});

stage.scenario('the inspector shows every field of the packet with its bytes', async (tools) => {
  const { page, guest } = await ready(tools);
  // Eight bytes: one row, however many the view puts in one.
  guest.send(guest.message('p', '', { qos: 1, messageId: 412 }));
  await page.inspect(await page.row('p'));
  await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
  let words = '';
  await until(
    () => `PUBLISH and its fields: ${words}`,
    async () => /PUBLISH/.test((words = await page.inspector.innerText())) && /412/.test(words),
  );
  assert.match(words.replace(/\s+/g, ' '), /32 06 00 01 70 01 9c 00/);
  for (const field of [
    '32\nControl Packet type and flags PUBLISH, DUP 0, QoS 1, RETAIN 0',
    '06\nRemaining Length 6',
    '00 01\nTopic Name length 1',
    '70\nTopic Name p',
    '01 9c\nPacket Identifier 412',
    '00\nProperty Length 0',
  ]) assert.ok(words.includes(`\n${field}\n`), `${field} in ${words}`);
  assert.match(words, /This delivery\s+Midge\s+Broker\s+PUBLISH 412\s+0 ms\s+PUBACK 412/);
});

stage.scenario('all packets can be seen, found by their names and looked into', async ({ open }) => {
  const page = await open();
  await page.join(await stage.broker('mosquitto'));
  await page.subscribe('whole/#', { qos: 1 });
  await page.publish({ topic: 'whole/a', payload: 'x', qos: 1 });
  await page.row('whole/a');
  const named = async (name) => (await page.rows()).find((row) => row.text.includes(name));
  assert.equal(await named('CONNACK'), undefined, 'messages alone at first');
  await page.press(page.button('All packets'));
  for (const name of ['CONNECT', 'CONNACK', 'SUBSCRIBE', 'SUBACK', 'PUBACK']) await until(`${name} is there`, () => named(name));
  await page.fill('Filter messages', 'connack');
  await until('only CONNACK', async () => (await page.rows()).length === 1);
  const { seq } = await named('CONNACK');
  await page.press(page.page.getByLabel('Messages', { exact: true }).locator(`[data-seq="${seq}"]:visible`));
  await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
  await until('its fields', async () => /\nConnect Acknowledge Flags .*\n3\.2\.2\.1\n/.test(await page.inspector.innerText()));
  await page.fill('Filter messages', '');
  await page.press(page.button('All packets'));
  await until('messages alone', async () => (await page.topics()).every((topic) => topic === 'whole/a'));
});

stage.scenario('what is pressed right after another choice never acts on the message before it', async (tools) => {
  const { page, send } = await ready(tools);
  await send('m/0', 'x'.repeat(3_000_000));
  await send('m/1', 'small');
  await page.row('m/1');
  for (let round = 0; round < 10; round += 1) {
    await page.inspect(await page.row('m/0'));
    // In one turn of the page: no answer can come in between.
    const shown = await page.page.evaluate(() => {
      const inspector = document.querySelector('.inspector');
      const button = (name) => [...inspector.querySelectorAll('button')].find((one) => one.textContent === name);
      document.querySelector('[data-topic="m/1"]:not([hidden])').click();
      for (const name of ['Edit and publish', 'Only this topic']) button(name).click();
      return { topic: document.querySelector('.publisher input.mono').value, query: document.querySelector('.filter').value };
    });
    assert.deepEqual(shown, { topic: '', query: '' });
    // And in no frame is the old message to be seen under the new choice.
    const stale = await page.page.evaluate(async () => {
      for (let frame = 0; frame < 60; frame += 1) {
        await new Promise(requestAnimationFrame);
        const chosen = document.querySelector('.row[aria-selected="true"]:not([hidden])')?.dataset.topic;
        const facts = document.querySelector('.inspector .facts');
        const topic = facts?.checkVisibility({ visibilityProperty: true }) ? facts.querySelector('dd').textContent : undefined;
        if (chosen === 'm/1' && topic === 'm/0') return frame;
        if (topic === 'm/1') return undefined;
      }
      return 'never';
    });
    assert.equal(stale, undefined);
    assert.equal(await page.value('Topic'), '', 'the old message did not come to the publisher later either');
  }
  await page.press(page.button('Edit and publish', page.inspector));
  await until('the row that was pressed is in the publisher', async () => (await page.value('Topic')) === 'm/1' && (await page.value('Payload')) === 'small');
});

stage.scenario('a message shown as JSON is laid out, with its numbers as they came', async (tools) => {
  const { page, send } = await ready(tools);
  await send('json/a', '{"temp":23.40,"big":12345678901234567890,"list":[1,true,null,"x"]}');
  await page.inspect(await page.row('json/a'));
  await page.view('JSON');
  const text = await page.payloadText();
  assert.equal(text, `{
  "temp": 23.40,
  "big": 12345678901234567890,
  "list": [
    1,
    true,
    null,
    "x"
  ]
}
`);
});
