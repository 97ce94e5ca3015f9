// What a screen reader is told: by the accessibility tree that the browser gives it, and by axe on every screen.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { FakeBroker } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page that is connected and subscribed to `#`, and a way to send to it. */
async function ready({ open, keep }, more) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(more);
  await page.join(fake);
  const narrow = more?.viewport?.width <= 640;
  if (narrow) await page.section('Topics');
  await page.subscribe('#');
  if (narrow) await page.section('Messages');
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, payload, options) => {
    guest.send(guest.message(topic, payload, options));
    await page.received((sent += 1));
  };
  return { fake, guest, page, send, keys: page.page.keyboard };
}

/** The accessibility tree: what is not ignored, as `{ role, name, value of each property }`. */
async function accessibility(page) {
  page.cdp ??= await page.page.context().newCDPSession(page.page);
  const { nodes } = await page.cdp.send('Accessibility.getFullAXTree');
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  return nodes
    .filter((node) => !node.ignored)
    .map((node) => ({
      role: node.role?.value,
      name: node.name?.value ?? '',
      description: node.description?.value ?? '',
      ...Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.relatedNodes ?? value.value])),
      backend: node.backendDOMNodeId,
      parent: byId.get(node.parentId)?.role?.value,
    }));
}

/** The row that a screen reader reads while the focus is on this list or tree. */
async function read(page, role, name) {
  const tree = await accessibility(page);
  const holder = tree.find((node) => node.role === role && node.name === name);
  assert.ok(holder, `there is a ${role} ${name}`);
  const active = holder.activedescendant?.[0]?.backendDOMNodeId;
  return { holder, row: active && tree.find((node) => node.backend === active) };
}

const told = (page) => page.page.locator('#told').innerText();

async function tells(page, words, within = 5_000) {
  let seen;
  await until(() => `it tells ${words}, it told ${JSON.stringify(seen)}`, async () => words.test((seen = (await told(page)).trim())), { within });
}

/** Fails when axe finds anything. */
async function sound(page, where) {
  // As a debugger does it: the page's own policy lets no other script in.
  await page.page.evaluate(axe);
  const found = await page.page.evaluate(async () => {
    const { violations } = await window.axe.run(document);
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target.join(' ')).slice(0, 5).join(', ')}`);
  });
  assert.deepEqual(found, [], `axe, ${where}`);
}

stage.scenario('rows of the list are read while one walks through them', async (tools) => {
  const { page, keys, send } = await ready(tools);
  await send('hall/temp', '23.4', { retain: true });
  await send('hall/door', '{"open": true}');
  await send('roof/wind', '');
  await page.row('roof/wind');
  await page.page.getByRole('listbox', { name: 'Messages', exact: true }).focus();
  const reads = async (key, wanted) => {
    await keys.press(key);
    let seen;
    await until(
      () => `${key} reads ${JSON.stringify(wanted)}, it read ${JSON.stringify(seen)}`,
      async () => {
        const { holder, row } = await read(page, 'listbox', 'Messages');
        seen = row && { role: row.role, name: row.name, description: row.description, position: row.posinset, size: row.setsize, selected: row.selected };
        return holder.focused && row && Object.entries(wanted).every(([what, value]) => (value instanceof RegExp ? value.test(seen[what]) : seen[what] === value));
      },
    );
  };
  const one = { role: 'option', selected: true };
  await reads('ArrowDown', { ...one, name: /^Received roof\/wind empty 0 B$/ });
  await reads('ArrowDown', { ...one, name: /^Received hall\/door open: true \d+ B$/ });
  await reads('ArrowDown', { ...one, name: /^Received hall\/temp 23\.4 retained 4 B$/, description: /^\d\d:\d\d:\d\d\.\d{3}$/ });
  await reads('Home', { ...one, name: /^Received roof\/wind/ });
  // Each row says which one of how many it is.
  const options = page.page.getByRole('listbox', { name: 'Messages', exact: true }).getByRole('option');
  assert.deepEqual(
    await options.evaluateAll((all) => all.filter((e) => e.checkVisibility()).map((e) => `${e.ariaPosInSet}/${e.ariaSetSize}`)),
    ['1/3', '2/3', '3/3'],
  );
  assert.equal(await page.page.locator('[id^=message-]').count(), 1, 'one row has the identifier');
});

stage.scenario('rows of the tree are read while one walks through them', async (tools) => {
  const { page, keys, send } = await ready(tools);
  for (const topic of ['hall/temp', 'hall/door', 'yard']) await send(topic, '7');
  await until('the tree has them', async () => /yard/.test(await page.treeText()));
  await page.tree.focus();
  const reads = async (key, name, wanted) => {
    await keys.press(key);
    let seen;
    await until(
      () => `${key} reads ${name}, it read ${JSON.stringify(seen)}`,
      async () => {
        const { holder, row } = await read(page, 'tree', 'Topics');
        seen = row;
        return holder.focused && row?.role === 'treeitem' && name.test(`${row.name}, ${row.description}`) && Object.entries(wanted).every(([what, value]) => row[what] === value);
      },
    );
  };
  await reads('ArrowDown', /^hall, 2 messages$/, { level: 1, expanded: true });
  await reads('ArrowDown', /^door 7, 1 message$/, { level: 2 });
  await reads('ArrowDown', /^temp 7, 1 message$/, { level: 2 });
  await reads('End', /^yard 7, 1 message$/, { level: 1 });
  const rows = await page.tree.getByRole('treeitem').evaluateAll((all) => all.filter((e) => e.checkVisibility()).map((e) => `${e.ariaLevel}: ${e.ariaPosInSet}/${e.ariaSetSize}`));
  assert.deepEqual(rows, ['1: 1/2', '2: 1/2', '2: 2/2', '1: 2/2']);
});

stage.scenario('every screen has one main landmark, one first heading, and headings for its parts', async (tools) => {
  const { open, keep } = tools;
  const page = await open();
  const landmarks = async () => {
    const tree = await accessibility(page);
    const names = (role) => tree.filter((node) => node.role === role).map((node) => node.name);
    const headings = tree.filter((node) => node.role === 'heading');
    return { main: names('main').length, banner: names('banner').length, first: headings.filter((node) => node.level === 1).map((node) => node.name), second: headings.filter((node) => node.level === 2).map((node) => node.name) };
  };
  const connect = await landmarks();
  assert.equal(connect.main, 1);
  assert.equal(connect.banner, 1);
  assert.deepEqual(connect.first, ['Connect to a broker']);
  const fake = await FakeBroker.start();
  await keep(fake);
  await page.join(fake);
  const work = await landmarks();
  assert.equal(work.main, 1);
  assert.deepEqual(work.first, ['Workbench']);
  for (const part of ['Subscriptions', 'Topics', 'Messages', 'Publish']) assert.ok(work.second.includes(part), `${part} among ${work.second}`);
});

stage.scenario('what happens is told in one polite line: connected, published, new messages, lost, ended', async (tools) => {
  const { open, keep } = tools;
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.join(fake);
  await tells(page, new RegExp(`^Connected to 127\\.0\\.0\\.1:${new URL(fake.url).port}$`));
  const live = (await accessibility(page)).filter((node) => node.role === 'status' && node.live === 'polite');
  assert.ok(live.length >= 1, 'it is a polite line');
  await page.subscribe('#');
  const guest = await fake.guest();
  await page.publish({ topic: 'a/b', payload: 'x' });
  await tells(page, /^Published: a\/b$/);
  for (let at = 0; at < 3; at += 1) guest.send(guest.message('a/c', String(at)));
  await page.received(3);
  await tells(page, /^[34] new messages$/, 10_000);
  for (const socket of fake.server.clients) socket.terminate();
  await tells(page, /^The connection was lost$/);
  await page.reaches('connected');
  await tells(page, /^Connected to /);
  await page.disconnect();
  await tells(page, /^Not connected$/);
});

stage.scenario('the title of the tab says state, broker and what is unread', async (tools) => {
  const { page, send } = await ready(tools);
  const broker = await page.page.evaluate(() => document.title);
  assert.match(broker, /^Connected · 127\.0\.0\.1:\d+ · Midge$/);
  await send('a/b', '1');
  // What waits above a list that holds still is not read.
  await page.press(page.button('Pause'));
  await send('a/b', '2');
  await send('a/b', '3');
  const entitled = async (wanted) => {
    let seen;
    await until(() => `the title is ${wanted}, it is ${seen}`, async () => wanted.test((seen = await page.page.title())));
  };
  await entitled(/^\(2\) Connected · 127\.0\.0\.1:\d+ · Midge$/);
  await page.press(page.button('Resume'));
  await entitled(/^Connected · /);
  // Out of sight, as a browser says it of a tab behind another.
  const hide = (hidden) =>
    page.page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: hidden ? 'hidden' : 'visible' });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  await send('a/b', '4').catch(() => {});
  await entitled(/^\(1\) Connected · /);
  await hide(false);
  await entitled(/^Connected · /);
  await page.row('a/b', /4/);
  await page.disconnect();
  await entitled(/^Not connected · 127\.0\.0\.1:\d+ · Midge$/);
});

stage.scenario('the focus goes where the work goes on, and never back to the top', async (tools) => {
  const { open, keep } = tools;
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  const keys = page.page.keyboard;
  const focused = () =>
    page.page.evaluate(() => {
      const e = document.activeElement;
      return e === document.body ? 'nothing' : (e.getAttribute('aria-label') ?? (e.innerText?.trim() || e.id || e.tagName));
    });
  const goesTo = async (after, wanted) => {
    let seen;
    await until(() => `after ${after} the focus is on ${wanted}, it is on ${seen}`, async () => (seen = await focused()) === wanted, { within: 5_000 });
  };
  await page.fillConnection({ address: fake.url });
  await page.button('Connect').focus();
  await keys.press('Enter');
  await page.reaches('connected');
  await goesTo('Connect', 'Topic filter');
  await page.button('Everything #').focus();
  await keys.press('Enter');
  await page.subscribed('#');
  await goesTo('Everything', 'Messages');
  await page.subscribe('a/#');
  await page.button('Unsubscribe from #').focus();
  await keys.press('Enter');
  await goesTo('Unsubscribe', 'Colour 2 of 8 for a/#, take the next');
  await page.button('Unsubscribe from a/#').focus();
  await keys.press('Enter');
  await goesTo('the last Unsubscribe', 'Topic filter');
  await page.compose({ topic: 'a/b', payload: 'x', every: 10 });
  await page.button('Start').focus();
  await keys.press('Enter');
  await goesTo('Start', 'Stop');
  await keys.press('Enter');
  await goesTo('Stop', 'Start');
  await page.button('Share').focus();
  await keys.press('Enter');
  await page.page.getByRole('dialog').waitFor();
  await keys.press('Escape');
  await goesTo('closing a dialog', 'Share');
  await page.button('Disconnect').focus();
  await keys.press('Enter');
  await page.reaches('disconnected');
  await goesTo('Disconnect', 'Connect');
});

stage.scenario('the first Tab leads past the header', async (tools) => {
  const { page, keys } = await ready(tools);
  await page.page.evaluate(() => document.activeElement.blur());
  const above = await page.button('Skip to the content').boundingBox();
  assert.ok(above.y + above.height <= 0, 'it is not seen before');
  await page.page.mouse.click(2, 2);
  await page.page.evaluate(() => window.getSelection().setPosition(document.body, 0));
  await keys.press('Tab');
  const skip = page.button('Skip to the content');
  await until('it is seen', async () => (await skip.boundingBox()).y >= 0);
  await keys.press('Enter');
  await until('the messages have the focus', () => page.page.evaluate(() => document.activeElement.dataset.pane === 'messages'));
});

for (const colorScheme of ['light', 'dark']) {
  stage.scenario(`axe finds nothing on any screen, ${colorScheme}`, async (tools) => {
    const { open, keep } = tools;
    const blank = await open({ colorScheme });
    await sound(blank, 'connect screen');
    await blank.page.locator('summary').first().click();
    await until('it is open', async () => (await blank.page.locator('details[open] input').count()) > 0);
    await sound(blank, 'connect screen with its options');
    await blank.page.keyboard.press('Control+k');
    await blank.page.getByRole('dialog').getByRole('option').first().waitFor();
    await sound(blank, 'commands');
    await blank.page.keyboard.press('Escape');
    await blank.page.locator('h1').first().click();
    await blank.page.keyboard.press('?');
    await blank.page.getByRole('dialog').locator('kbd').first().waitFor();
    await sound(blank, 'keys');
    await blank.page.keyboard.press('Escape');
    for (const name of ['Settings', 'Share']) {
      await blank.press(blank.button(name));
      await blank.page.getByRole('dialog').locator('select, svg, input').first().waitFor();
      await sound(blank, name);
      await blank.page.keyboard.press('Escape');
    }
    const { page, send, fake } = await ready(tools, { colorScheme, socketFailures: true });
    await send('hall/temp', '{"value": 23.4}');
    await send('hall/temp', '{"value": 23.5}', { qos: 0, retain: true });
    await page.row('hall/temp', /23\.5/);
    await sound(page, 'workbench');
    await page.inspect(await page.row('hall/temp', /23\.5/));
    await sound(page, 'inspector');
    await page.press(page.button('Clear retained', page.inspector));
    await page.page.locator('#clear-retained').waitFor();
    await sound(page, 'the question whether to clear what is retained');
    await page.press(page.button('Leave it', page.inspector));
    await page.subscribe('Hall/temp');
    await page.page.locator('[data-silence=capitals]').waitFor();
    await sound(page, 'a silent subscription');
    await page.unsubscribe('Hall/temp');
    for (const [name, inside] of [['Export', 'button'], ['Projector', 'button']]) {
      await page.press(page.button(name));
      await page.page.getByRole('dialog').locator(inside).first().waitFor();
      await sound(page, name);
      await page.page.keyboard.press('Escape');
    }
    await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
    await page.inspector.locator('.bytes').waitFor();
    await sound(page, 'packet');
    await page.tree.focus();
    await page.page.keyboard.press('End');
    await until('a topic is chosen', async () => (await page.tree.getAttribute('aria-activedescendant')) !== null);
    await sound(page, 'a topic');
    await page.view('Payload');
    await page.view('Hex');
    await sound(page, 'hex');
    await page.press(page.page.locator('summary').getByText('Properties').first());
    await sound(page, 'publisher with its properties');
    await page.press(page.button('Learn'));
    const lessons = page.page.getByRole('complementary', { name: 'Learn', exact: true });
    await lessons.getByRole('listitem').first().waitFor();
    await sound(page, 'lessons');
    await page.press(lessons.getByRole('button', { name: /Many topics at once/ }));
    await lessons.locator('[data-step]').nth(1).getByRole('button').click();
    await lessons.getByRole('checkbox').first().waitFor();
    await sound(page, 'a lesson');
    await page.press(page.button('Learn'));
    await fake.stop();
    await page.reaches('waiting');
    await sound(page, 'connection lost');
  });

  stage.scenario(`axe finds nothing on a phone, ${colorScheme}`, async (tools) => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, colorScheme };
    const { page, send } = await ready(tools, phone);
    await send('hall/temp', '{"value": 23.4}');
    for (const section of ['Broker', 'Topics', 'Publish', 'Messages']) {
      await page.section(section);
      await sound(page, section);
    }
    await page.inspect(await page.row('hall/temp'));
    await sound(page, 'inspector');
  });
}

stage.scenario('where the inspector covers the page, keys walk through the rows before it, and the focus comes back to them', async (tools) => {
  const { page, send, keys } = await ready(tools, { viewport: { width: 640, height: 800 } });
  await send('a/b', '1');
  await send('a/c', '2');
  await page.inspect(await page.row('a/b'));
  const onTheList = () => page.page.evaluate(() => document.activeElement.dataset.pane === 'messages');
  await page.button('Back', page.inspector).focus();
  await keys.press('Enter');
  await page.inspector.waitFor({ state: 'hidden' });
  await until('the list has the focus', onTheList);
  const reads = async (wanted) => {
    let seen;
    await until(() => `${wanted} is read, it is ${seen}`, async () => (seen = (await read(page, 'listbox', 'Messages')).row?.name)?.includes(wanted));
  };
  await reads('a/b');
  await keys.press('ArrowUp');
  await reads('a/c');
  assert.equal(await page.inspector.isVisible(), false, 'keys open nothing that would cover the rows');
  await keys.press('Enter');
  await page.inspector.waitFor();
  await until('the inspector has the focus', () => page.page.evaluate(() => document.activeElement.dataset.pane === 'inspector'));
  assert.equal((await page.facts()).get('Topic'), 'a/c');
  await keys.press('Escape');
  await page.inspector.waitFor({ state: 'hidden' });
  await until('the list has the focus again', onTheList);
  await reads('a/c');
});
