// Nothing that was typed is lost without a way back: a message that is taken into the publisher leaves the draft to be had
// again, and a reload leaves everything as it was typed.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { everythingStored, reload } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

async function ready({ open, keep }, settings, answers) {
  const fake = await FakeBroker.start({ answers });
  await keep(fake);
  const page = await open();
  await page.join(fake, settings);
  await page.subscribe('#');
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, payload, more) => {
    guest.send(guest.message(topic, payload, more));
    await page.received((sent += 1));
  };
  return { page, send, fake };
}

const back = (page) => page.page.locator('#back-to-draft');
const summary = (page, words) => page.page.locator('summary').filter({ hasText: words });
const property = (page, name) => page.publisher.getByLabel(name, { exact: true });

/** The fields of the properties come when they are opened. */
async function openProperties(page) {
  const field = property(page, 'Response topic');
  if ((await field.count()) > 0) return;
  await page.press(summary(page, /^Properties/));
  await field.waitFor({ state: 'attached' });
}

async function form(page) {
  await openProperties(page);
  const checked = (name) => page.publisher.getByRole('radiogroup', { name, exact: true }).locator('label:has(:checked)').innerText();
  return {
    topic: await page.value('Topic'),
    payload: await page.value('Payload'),
    qos: await checked('QoS'),
    format: await checked('Payload format'),
    retain: await page.page.getByRole('checkbox', { name: 'Retain', exact: true }).isChecked(),
    every: await page.value('Interval in seconds'),
    response: await property(page, 'Response topic').inputValue(),
    contentType: await property(page, 'Content type').inputValue(),
  };
}

const mine = { topic: 'my/draft', payload: '{"half": "fini', qos: '2', format: 'JSON', retain: true, every: '7.5', response: 'my/answers', contentType: 'text/mine' };

async function typeDraft(page) {
  await page.compose({ topic: mine.topic, payload: mine.payload, format: mine.format, qos: 2, retain: true, every: mine.every });
  await openProperties(page);
  await property(page, 'Response topic').fill(mine.response);
  await property(page, 'Content type').fill(mine.contentType);
}

const holds = async (page, wanted) => {
  let seen;
  await until(() => `the form holds ${JSON.stringify(wanted)}, it holds ${JSON.stringify(seen)}`, async () => {
    seen = await form(page);
    return Object.entries(wanted).every(([key, value]) => seen[key] === value);
  });
};

stage.scenario('Edit and publish, and Reply, keep an unsent draft, and a press brings it back with everything in it', async (tools) => {
  const { page, send } = await ready(tools);
  await send('from/others', 'a message', { properties: { responseTopic: 'answer/here', correlationData: Buffer.from('c1') } });
  await typeDraft(page);
  assert.equal(await back(page).isVisible(), false);
  await page.inspect(await page.row('from/others'));
  await page.press(page.button('Edit and publish', page.inspector));
  await holds(page, { topic: 'from/others', payload: 'a message', qos: '0' });
  assert.equal(await back(page).innerText(), 'Back to your draft: my/draft');
  assert.match(await page.publisher.innerText(), /Your draft is kept\./);
  // By keyboard as well.
  await back(page).focus();
  await page.page.keyboard.press('Enter');
  await holds(page, mine);
  assert.equal(await back(page).isVisible(), false, 'the message is in the list: it is no draft');
  await page.inspect(await page.row('from/others'));
  await page.press(page.button('Reply', page.inspector));
  await holds(page, { topic: 'answer/here', payload: '' });
  // What is typed into the reply is a draft in its turn.
  await page.fill('Payload', 'my answer');
  await page.press(back(page));
  await holds(page, mine);
  assert.equal(await back(page).innerText(), 'Back to your draft: answer/here');
  await page.press(back(page));
  await holds(page, { topic: 'answer/here', payload: 'my answer' });
});

stage.scenario('what was sent is no draft, and a template and a refused message are', async (tools) => {
  const refuse = (guest, { topic, qos, messageId }) => qos && guest.say({ cmd: 'puback', messageId, code: topic === 'not/allowed' ? 0x87 : 0 });
  const { page, send } = await ready(tools, {}, { publish: refuse });
  await send('from/others', 'a message');
  const take = async () => {
    await page.inspect(await page.row('from/others', /a message/));
    await page.press(page.button('Edit and publish', page.inspector));
    await until('taken', async () => (await page.value('Topic')) === 'from/others');
  };
  await page.publish({ topic: 'sent/once', payload: 'done', qos: 1 });
  await until('it is acknowledged', async () => /Published: sent\/once/.test(await page.publisher.innerText()));
  await take();
  assert.equal(await back(page).isVisible(), false);
  await page.publish({ topic: 'sent/filled', payload: '{{random 0..9}}', qos: 0 });
  await page.row('sent/filled');
  await take();
  await page.press(back(page));
  assert.equal(await page.value('Payload'), '{{random 0..9}}');
  await page.publish({ topic: 'not/allowed', payload: 'refused', qos: 1 });
  assert.match(await page.fault('#payload-error'), /^The broker refused the message to not\/allowed: not authorized \(0x87\)\./);
  await take();
  await page.press(back(page));
  await holds(page, { topic: 'not/allowed', payload: 'refused' });
});

stage.scenario('a reload keeps the form, its drafts and the fields beside it', async (tools) => {
  const { page, send } = await ready(tools, { userName: 'chen', password: 'top secret' });
  await send('from/others', 'a message');
  await page.fill('Topic', 'older/draft');
  await page.inspect(await page.row('from/others'));
  await page.press(page.button('Edit and publish', page.inspector));
  await until('taken', async () => (await page.value('Topic')) === 'from/others');
  await typeDraft(page);
  await page.press(page.button('Add a user property', page.publisher));
  await page.publisher.getByPlaceholder('Name').fill('unit');
  await page.publisher.getByPlaceholder('Value').fill('°C');
  await page.fill('Topic filter', 'half/typed/+');
  await page.page.getByLabel('QoS for the subscription', { exact: true }).selectOption('2');
  await page.press(summary(page, /^Options/));
  await page.page.getByLabel('Subscription identifier').fill('77');
  await page.page.getByLabel('Retained messages').selectOption('2');
  await property(page, 'Correlation data').fill('0a 0b');
  await page.publisher.locator('select.as').selectOption('hex');
  await page.fill('Search topics', 'kitchen');
  await page.fill('Filter messages', 'topic:"a b"');
  await page.press(page.button('All packets'));
  await reload(page);
  await page.press(page.page.locator('#connection'));
  await page.connect();
  await page.reaches('connected');
  await holds(page, mine);
  assert.equal(await page.publisher.getByPlaceholder('Name').inputValue(), 'unit');
  assert.equal(await page.publisher.getByPlaceholder('Value').inputValue(), '°C');
  assert.equal(await page.value('Topic filter'), 'half/typed/+');
  assert.equal(await page.page.getByLabel('QoS for the subscription', { exact: true }).inputValue(), '2');
  assert.equal(await page.page.getByLabel('Subscription identifier').inputValue(), '77');
  assert.equal(await page.page.getByLabel('Subscription identifier').isVisible(), true, 'what will be asked for is in sight');
  assert.equal(await page.page.getByLabel('Retained messages').inputValue(), '2');
  assert.equal(await property(page, 'Correlation data').inputValue(), '0a 0b');
  assert.equal(await page.publisher.locator('select.as').inputValue(), 'hex');
  assert.equal(await page.value('Search topics'), 'kitchen');
  assert.equal(await page.value('Filter messages'), 'topic:"a b"');
  assert.equal(await page.button('All packets').getAttribute('aria-pressed'), 'true');
  await page.press(back(page));
  await holds(page, { topic: 'older/draft' });
  assert.ok(!(await everythingStored(page)).includes('top secret'));
});

stage.scenario('of a file a reload keeps the name alone, and says so', async (tools) => {
  const { page, fake } = await ready(tools);
  await page.compose({ topic: 'a/file', format: 'File', payload: { name: 'photo.bin', bytes: Buffer.alloc(3_000_000, 'FILE-BYTES') } });
  await until('it is stored', async () => (await everythingStored(page)).includes('photo.bin'));
  assert.ok(!(await everythingStored(page)).includes('FILE-BYTES'));
  await reload(page);
  await page.join(fake);
  assert.match(await page.publisher.innerText(), /Choose photo\.bin again/);
  await page.compose({ payload: { name: 'photo.bin', bytes: Buffer.from('again') } });
  assert.doesNotMatch(await page.publisher.innerText(), /Choose photo\.bin again/);
});

stage.scenario('a file that was chosen comes back whole with its draft', async (tools) => {
  const { page, send, fake } = await ready(tools);
  await send('from/others', 'a message');
  await page.compose({ topic: 'a/file', format: 'File', payload: { name: 'photo.bin', bytes: Buffer.from([0, 1, 2, 255]) } });
  await page.inspect(await page.row('from/others'));
  await page.press(page.button('Edit and publish', page.inspector));
  await until('taken', async () => (await page.value('Topic')) === 'from/others');
  await page.press(back(page));
  await page.press(page.button('Publish', page.publisher));
  const guest = await fake.guest();
  const got = await guest.got('publish');
  assert.deepEqual([...got.payload], [0, 1, 2, 255]);
});

stage.scenario('storage that is full or damaged takes nothing from the page but what it would have kept', async (tools) => {
  const { page } = await ready(tools);
  await page.page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.compose({ topic: 'still/works', payload: 'x' });
  await until('it is said', async () => (await page.page.locator('#not-kept').innerText()) === 'The browser has no room to keep all that is typed here over a reload.');
  await page.press(page.button('Publish', page.publisher));
  await page.row('still/works');
  for (const stored of ['{', '[]', 'null', '{"form":{"topic":7},"kept":{},"query":[]}', '{"form":{"qos":200,"topic":"sound"}}']) {
    await page.page.addInitScript((text) => location.protocol === 'http:' && sessionStorage.setItem('midge.bench', text), stored);
    await page.page.goto('about:blank');
    await page.page.goto(page.address);
    await page.isThere();
  }
  assert.equal(await page.page.getByRole('textbox', { name: 'Topic', exact: true, includeHidden: true }).inputValue(), 'sound');
});
