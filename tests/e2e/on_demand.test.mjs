// Parts that few open are programs of their own, loaded when they are opened: a line says so, another try is offered when
// one does not load, and nothing that was typed is lost.

import assert from 'node:assert/strict';
import { closeDialog, openSettings } from './panels.mjs';
import { until } from './processes.mjs';
import { forgiveLostRequests, holdBack } from './requests.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage({ host: {} });
const LOADING = 'Loading…';
const NOT_LOADED = 'A part of the page did not load.';

const settings = (page) => page.page.getByRole('dialog', { name: 'Settings', exact: true });
const fold = (page, name) => page.page.locator('.connect-form details').filter({ has: page.page.locator('summary').getByText(name, { exact: true }) });
const inspector = (page) => page.page.getByRole('region', { name: 'Inspector', exact: true });

async function openPacket(page) {
  await page.press(page.page.getByRole('tab', { name: 'Packet', exact: true }));
}

/** Presses a row, without waiting for what is shown of it. */
const choose = (page, row) => page.press(page.page.getByLabel('Messages', { exact: true }).locator(`[data-seq="${row.seq}"]:visible`));

async function inspectAMessage(page) {
  const host = await stage.host();
  await page.join(host);
  await page.subscribe('on/demand');
  await page.publish({ topic: 'on/demand', payload: 'one' });
  await page.inspect(await page.row('on/demand'));
}

/** How each part is opened, where it is then, and something that is in it. */
const PARTS = [
  {
    part: 'settings',
    program: 'options',
    open: openSettings,
    place: settings,
    inside: (page) => page.page.locator('#language'),
    close: closeDialog,
  },
  {
    part: 'a panel of the form',
    program: 'options',
    open: (page) => page.press(fold(page, 'Session, will and limits').locator('> summary')),
    place: (page) => fold(page, 'Session, will and limits'),
    inside: (page) => page.page.locator('#keep-alive'),
    close: (page) => page.press(fold(page, 'Session, will and limits').locator('> summary')),
  },
  {
    part: 'the commands',
    program: 'commands',
    open: (page) => page.page.keyboard.press('Control+k'),
    place: (page) => page.page.getByRole('dialog', { name: 'Commands', exact: true }),
    inside: (page) => page.page.locator('#command-list [role=option]').first(),
    close: (page) => page.page.keyboard.press('Escape'),
  },
  {
    part: 'the packet of a message',
    program: 'packet',
    before: inspectAMessage,
    open: openPacket,
    place: inspector,
    inside: (page) => inspector(page).locator('.bytes'),
    close: (page) => page.press(page.page.getByRole('tab', { name: 'Payload', exact: true })),
  },
];

const PANEL = PARTS[1];

for (const { part, program, before, open: show, place, inside, close } of PARTS) {
  const pattern = `**/*_split_${program}.wasm`;

  stage.scenario(`${part}: loaded when it is opened and once, and a line says so meanwhile`, async ({ open }) => {
    const page = await open();
    await before?.(page);
    const { asked, come } = await holdBack(page, pattern);
    const loading = place(page).getByRole('status').filter({ hasText: LOADING });
    assert.equal(asked(), 0, 'a visit does not load it');
    await show(page);
    await loading.waitFor({ state: 'visible' });
    assert.equal(await inside(page).count(), 0);
    come();
    await inside(page).waitFor({ state: 'visible' });
    assert.equal(await loading.count(), 0, 'nothing is said any more');
    await close(page);
    await show(page);
    await inside(page).waitFor({ state: 'visible' });
    assert.equal(asked(), 1);
  });

  stage.scenario(`${part}: that it does not load is said, and another try brings it`, async ({ open }) => {
    const page = await open();
    await before?.(page);
    let broken = true;
    let asked = 0;
    await page.page.route(pattern, (route) => {
      asked += 1;
      return broken ? route.abort() : route.continue();
    });
    await show(page);
    const said = place(page).getByRole('alert').filter({ hasText: NOT_LOADED });
    await said.waitFor({ state: 'visible' });
    await page.press(page.button('Try again', said));
    await until('it was tried again', () => asked === 2);
    await said.waitFor({ state: 'visible' });
    broken = false;
    await page.press(page.button('Try again', said));
    await inside(page).waitFor({ state: 'visible' });
    assert.equal(await said.count(), 0, 'nothing is said any more');
    forgiveLostRequests(page);
  });
}

stage.scenario('what was typed into the form stays when a part of it does not load, and Connect works without it', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  await page.page.route('**/*_split_options.wasm', (route) => route.abort());
  await page.fill('Address', `${host.url}?typed`);
  await page.fill('User name', 'chen');
  await PANEL.open(page);
  await PANEL.place(page).getByRole('alert').filter({ hasText: NOT_LOADED }).waitFor({ state: 'visible' });
  assert.equal(await page.value('Address'), `${host.url}?typed`);
  assert.equal(await page.value('User name'), 'chen');
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  forgiveLostRequests(page);
});

stage.scenario('what was typed into a part of the form stays when it is folded and unfolded', async ({ open }) => {
  const page = await open();
  await PANEL.open(page);
  await page.page.locator('#keep-alive').fill('77');
  await PANEL.close(page);
  await PANEL.open(page);
  assert.equal(await page.page.locator('#keep-alive').inputValue(), '77');
});

stage.scenario('a part that is opened in another language is in that language', async ({ open }) => {
  const page = await open({ locale: 'zh-TW' });
  await page.page.locator('.connect-form summary').first().click();
  await page.page.locator('#keep-alive').waitFor({ state: 'visible' });
  const words = await page.page.locator('.connect-form details').first().innerText();
  assert.match(words, /\p{Script=Han}/u);
  assert.equal(await page.page.getByText(LOADING, { exact: true }).count(), 0);
});

stage.scenario('what lays a message out comes by itself once there are messages, before one is opened', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  const { asked, come } = await holdBack(page, '**/*_split_message.wasm');
  await page.join(host);
  assert.equal(asked(), 0, 'the connect screen does not load it');
  await page.subscribe('on/demand');
  await page.publish({ topic: 'on/demand', payload: 'one' });
  await until('it was asked for', () => asked() === 1);
  await choose(page, await page.row('on/demand'));
  const loading = inspector(page).getByRole('status').filter({ hasText: LOADING });
  await loading.waitFor({ state: 'visible' });
  come();
  await page.button('Edit and publish', inspector(page)).waitFor({ state: 'visible' });
  assert.equal(await loading.count(), 0);
  assert.equal(asked(), 1);
});

stage.scenario('what lays a message out did not come by itself: it is tried again when a message is opened', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  let broken = true;
  let asked = 0;
  await page.page.route('**/*_split_message.wasm', (route) => {
    asked += 1;
    return broken ? route.abort() : route.continue();
  });
  await page.join(host);
  await page.subscribe('on/demand');
  await page.publish({ topic: 'on/demand', payload: 'one' });
  await until('it was asked for', () => asked === 1);
  await choose(page, await page.row('on/demand'));
  const said = inspector(page).getByRole('alert').filter({ hasText: NOT_LOADED });
  await said.waitFor({ state: 'visible' });
  broken = false;
  await page.press(page.button('Try again', said));
  await page.button('Edit and publish', inspector(page)).waitFor({ state: 'visible' });
  forgiveLostRequests(page);
});
