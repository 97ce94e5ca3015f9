// A payload as JSON: every token of it at any depth, what changed, and what is wrong with what is none.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { chooseLanguage, openSettings } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** A connected page, and a way to send it a message. */
async function ready({ open, keep }, options) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(options);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  const shows = async (topic, payload, text) => {
    guest.send(guest.message(topic, payload));
    await page.inspect(await page.row(topic, text));
  };
  return { page, shows };
}

/** What is shown, without the white space that the page puts between tokens. */
const tokens = async (page) => (await page.payloadText()).replace(/\s/g, '');

for (const [name, text] of [
  ['200 lists', `${'['.repeat(200)}7${']'.repeat(200)}`],
  ['300 objects in lists', `${'[{"k":'.repeat(300)}-0${'}]'.repeat(300)}`],
]) {
  stage.scenario(`JSON of ${name} in each other is laid out with every bracket`, async (tools) => {
    const { page, shows } = await ready(tools);
    await shows('deep', text);
    // The lines come in turns, and the word that there are more with the last of them.
    const more = page.button('Show more', page.inspector);
    await until('every token is there', async () => {
      if (await more.isVisible()) await page.press(more);
      return (await tokens(page)) === text;
    });
    assert.ok(await page.inspector.getByText(/^Below \d+ levels the lines are not indented further\. Everything is there\.$/).isVisible());
  });
}

stage.scenario('JSON of 20,000 levels is laid out as far as is asked for, and the page goes on', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('deep', `${'['.repeat(20_000)}7${']'.repeat(20_000)}`);
  await until('a thousand lines are there', async () => (await page.payloadText()).split('\n').length === 1_001);
  assert.equal(await tokens(page), '['.repeat(1_000));
  await shows('flat', '[1]');
  await until('the next one is there', async () => (await tokens(page)) === '[1]');
});

stage.scenario('JSON of 3 MB is checked in turns, and shown', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('large', JSON.stringify(Array.from({ length: 300_000 }, (_, at) => `${at}`)));
  await until('its lines are there', async () => (await tokens(page)).startsWith('["0","1","2",'), { within: 20_000 });
});

stage.scenario('of the same key twice each is held against its own value of before', async (tools) => {
  const { page, shows } = await ready(tools);
  const marked = async () => (await page.page.locator('#payload .jl:has(.was)').allInnerTexts()).map((line) => line.replace(/\s+/g, ''));
  await shows('air', '{"PMS5003":{"CF1":1,"CF1":2,"CF1":3}}');
  await shows('air', '{"PMS5003": {"CF1":1,"CF1":2,"CF1":3}}', /38 B/);
  await until('the same again is there', async () => (await tokens(page)) === '{"PMS5003":{"CF1":1,"CF1":2,"CF1":3}}');
  assert.deepEqual(await marked(), []);
  await shows('air', '{"PMS5003":{"CF1":5,"CF1":2,"CF1":7,"new":0}}', /new/);
  await until('three lines are marked', async () => (await marked()).length === 3);
  assert.deepEqual(await marked(), ['"CF1":5,was1', '"CF1":7,was3', '"new":0new']);
  await shows('air', '{"PMS5003":{"CF1":5,"CF1":2}}', /29 B/);
  await until('two are gone', async () => (await marked()).join() === '}gone:"CF1","new"');
});

stage.scenario('a byte order mark before JSON is passed over, with a word', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('marked', Buffer.from('efbbbf7b2274223a317d', 'hex'));
  await until('it is laid out', async () => (await tokens(page)) === '{"t":1}');
  assert.match(await page.page.locator('#payload-mark').innerText(), /byte order mark/);
  await shows('wide', Buffer.from('fffe7b007d00', 'hex'));
  await until('it is read by its mark', async () => (await tokens(page)) === '{}');
  assert.match(await page.page.locator('#payload-mark').innerText(), /UTF-16/);
  await shows('plain', '{}');
  await until('no word is left', async () => !(await page.page.locator('#payload-mark').isVisible()));
});

for (const [name, payload, rule, laidOut] of [
  ['NaN', '{"a": 1,\n "溫": NaN}', /line 2, column 7: JSON has no NaN/, '{"a":1,"溫":NaN}'],
  ['a trailing comma', '[1,]', /line 1, column 4: a comma/, '[1,]'],
  ['single quotes', "{'a':1}", /line 1, column 2: JSON takes double quotes/, "{'a':1}"],
  ['two documents', '{}\n{}', /line 2, column 1: a second document/, '{}{}'],
  ['a comment', '{} // end', /column 4: JSON has no comments/, '{}'],
  ['bytes behind it', '{}\u0000', /column 3: the document is over, and U\+0000/, '{}\u0000'],
  ['an end too early', '{"a":[1', /column 8: it ends before the list/, '{"a":[1'],
]) {
  stage.scenario(`what is not JSON is told with line and column, and laid out as far as it is plain: ${name}`, async (tools) => {
    const { page, shows } = await ready(tools);
    await shows('near', payload);
    await page.view('JSON');
    const note = page.page.locator('#not-json');
    await until('it is told', () => note.isVisible());
    assert.match(await note.innerText(), rule);
    await until('what is meant is laid out', async () => (await tokens(page)) === laidOut);
    await shows('right', '[1]');
    await until('no word is left', async () => !(await note.isVisible()));
    // The publisher says the same of what is typed; a text field takes no zero byte.
    if (payload.includes('\u0000')) return;
    await page.publish({ topic: 'near', payload, format: 'JSON' });
    assert.match(await page.fault('#payload-error'), rule);
  });
}

stage.scenario('what is nearly JSON is laid out without being asked, and says so', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('near', '{"t": NaN, "list": [1, 2,],}');
  await until('it is laid out', async () => (await tokens(page)) === '{"t":NaN,"list":[1,2,],}');
  assert.match(await page.page.locator('#not-json').innerText(), /column 7: JSON has no NaN\. 2 more faults follow\./);
  assert.match(await page.page.locator('#payload-reason').innerText(), /^It is nearly JSON\./);
});

stage.scenario('brackets fold, one and all, and unfold', async (tools) => {
  const { page, shows } = await ready(tools);
  const document = '{"a":{"b":[1,2]},"c":[3]}';
  await shows('tree', document);
  await until('it is laid out', async () => (await tokens(page)) === document);
  const fold = (at) => page.page.locator('#payload .fold').nth(at);
  await fold(1).click();
  await until('one is folded', async () => (await tokens(page)) === '{"a":{…},"c":[3]}');
  assert.equal(await fold(1).getAttribute('aria-expanded'), 'false');
  await page.press(page.button('Fold all', page.inspector));
  await until('all are folded', async () => (await tokens(page)) === '{"a":{…},"c":[…]}');
  await fold(1).click();
  await until('one is unfolded', async () => (await tokens(page)) === '{"a":{"b":[…]},"c":[…]}');
  await page.press(page.button('Unfold all', page.inspector));
  await until('all is there', async () => (await tokens(page)) === document);
});

stage.scenario('half a character in an escape is JSON, with a word where', async (tools) => {
  const { page, shows } = await ready(tools);
  await shows('half', '["ok", "\\ud800"]');
  await until('it is laid out', async () => (await tokens(page)) === '["ok","\\ud800"]');
  assert.ok(await page.inspector.getByText('Line 1, column 9: an escape names half a character. Some programs refuse that.', { exact: true }).isVisible());
});

stage.scenario('what is not JSON is told in Chinese, too', async (tools) => {
  const { page, shows } = await ready(tools);
  await page.publish({ topic: 'near', payload: '{"a": 1,}', format: 'JSON' });
  assert.match(await page.fault('#payload-error'), /column 9/);
  await shows('near', '{"a": 1,}');
  await page.view('JSON');
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await until('the words are Chinese', async () => /第 1 行第 9 字：結尾括號前多了一個逗號/.test(await page.page.locator('#not-json').innerText()));
});
