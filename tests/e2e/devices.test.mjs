// The devices beside the broker in the tab: each a client of its own, which one can switch off, unplug, make forgetful.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** The devices, as a test sees them. */
class Devices {
  constructor(page) {
    this.page = page;
    this.list = page.page.getByRole('list', { name: 'Devices', exact: true });
  }

  /** The item of the device whose topics begin so. */
  item(base) {
    return this.list.getByRole('listitem', { name: new RegExp(` ${base}$`) });
  }

  async state(base) {
    return this.item(base).getAttribute('data-state');
  }

  async is(base, state) {
    let now;
    await until(() => `${base} is ${state}, it is ${now}`, async () => (now = await this.state(base)) === state);
  }

  async press(base, name) {
    await this.page.press(this.page.button(name, this.item(base)));
  }

  async open(base) {
    await this.page.press(this.item(base).locator('summary').getByText('Details', { exact: true }));
  }

  bases() {
    return this.list.locator('[data-device] .line > .grow > .mono').allInnerTexts();
  }
}

/** A page that practises, with everything subscribed. */
async function practise(open, options) {
  const page = await open(options);
  await page.press(page.button('Practise without a broker'));
  await page.reaches('connected');
  await page.subscribe('#', { qos: 2 });
  const devices = new Devices(page);
  for (const base of ['home/thermometer', 'home/lamp', 'home/door']) await devices.is(base, 'connected');
  return { page, devices };
}

/** Waits for a message that comes now: one after those that were there when `before` was taken. */
async function comes(page, topic, text, after) {
  return until(`${topic} says ${text}`, async () => (await page.rows()).find((row) => row.topic === topic && row.seq > after && text.test(row.text)));
}

async function newest(page) {
  return Math.max(-1, ...(await page.rows()).map((row) => row.seq));
}

stage.scenario('three devices say what they measure and how they are', async ({ open }) => {
  const { page, devices } = await practise(open);
  await page.row('home/thermometer', /temp: \d+\.\d, unit: C/);
  await page.row('home/lamp/state', /state: OFF/);
  await page.row('home/door/availability', /online/);
  assert.match(await devices.item('home/thermometer').innerText(), /"temp":\d+\.\d/);
});

stage.scenario('unplugged, a door has its will published; switched off, it says so itself', async ({ open }) => {
  const { page, devices } = await practise(open);
  let before = await newest(page);
  await devices.press('home/door', 'Unplug');
  await devices.is('home/door', 'unplugged');
  await comes(page, 'home/door/availability', /offline/, before);
  before = await newest(page);
  await devices.press('home/door', 'Switch on');
  await comes(page, 'home/door/availability', /online/, before);
  before = await newest(page);
  await devices.press('home/door', 'Switch off');
  await devices.is('home/door', 'off');
  await comes(page, 'home/door/availability', /switched off/, before);
  // What comes after it on the same way: the lamp's word.
  await devices.press('home/lamp', 'Press its switch');
  await comes(page, 'home/lamp/state', /ON/, before);
  const said = (await page.rows()).filter((row) => row.topic === 'home/door/availability' && row.seq > before);
  assert.equal(said.length, 1, 'no will came');
});

stage.scenario('a lamp obeys, keeps its state retained, and complains of what it does not understand', async ({ open }) => {
  const { page, devices } = await practise(open);
  let before = await newest(page);
  await page.publish({ topic: 'home/lamp/set', payload: '{"state":"ON","brightness":40}', format: 'JSON', qos: 1 });
  await comes(page, 'home/lamp/state', /state: ON, brightness: 40/, before);
  before = await newest(page);
  await page.publish({ topic: 'home/lamp/set', payload: 'DANCE', format: 'Text', qos: 1 });
  await comes(page, 'home/lamp/log', /Not understood/, before);
  await until('it complains', async () => /Not understood: "DANCE"/.test(await devices.item('home/lamp').innerText()));
  // Retained: who subscribes anew has it.
  before = await newest(page);
  await page.subscribe('home/lamp/state');
  await comes(page, 'home/lamp/state', /state: ON, brightness: 40/, before);
});

stage.scenario('a command waits for a lamp that is away, and not for a forgetful one', async ({ open }) => {
  const { page, devices } = await practise(open);
  await devices.press('home/lamp', 'Unplug');
  await page.publish({ topic: 'home/lamp/set', payload: 'ON', format: 'Text', qos: 1 });
  let before = await newest(page);
  await devices.press('home/lamp', 'Switch on');
  await comes(page, 'home/lamp/state', /state: ON/, before);
  await devices.open('home/lamp');
  await page.press(devices.item('home/lamp').getByLabel('Forgetful', { exact: true }));
  await devices.is('home/lamp', 'connected');
  await devices.press('home/lamp', 'Unplug');
  await page.publish({ topic: 'home/lamp/set', payload: 'OFF', format: 'Text', qos: 1 });
  before = await newest(page);
  await devices.press('home/lamp', 'Switch on');
  await comes(page, 'home/lamp/state', /state: ON/, before);
  await page.publish({ topic: 'home/lamp/set', payload: 'TOGGLE', format: 'Text', qos: 1 });
  await comes(page, 'home/lamp/state', /state: OFF/, before);
  const said = (await page.rows()).filter((row) => row.topic === 'home/lamp/state' && row.seq > before && /OFF/.test(row.text));
  assert.equal(said.length, 1, 'the command from before is lost');
});

stage.scenario('another rhythm holds from now on', async ({ open }) => {
  const { page, devices } = await practise(open);
  await devices.open('home/thermometer');
  await devices.item('home/thermometer').getByRole('combobox', { name: 'Rhythm', exact: true }).selectOption('1');
  const count = async () => (await page.subscription('home/thermometer').getAttribute('data-count'));
  await page.press(page.button('Subscribe to home/thermometer', devices.item('home/thermometer')));
  await page.subscribed('home/thermometer');
  const [first, began] = [Number(await count()), Date.now()];
  await until('five more came', async () => Number(await count()) >= first + 5, { within: 10_000 });
  // At five seconds each it would have taken twenty.
  assert.ok(Date.now() - began < 9_000, `${Date.now() - began} ms`);
});

stage.scenario('another tab has the same devices, and one more is added, renamed and removed', async ({ open }) => {
  const { page, devices } = await practise(open);
  const other = await practise(open, { like: page });
  await devices.press('home/thermometer', 'Switch off');
  await other.devices.is('home/thermometer', 'off');
  await page.page.getByLabel('Kind of device', { exact: true }).selectOption({ label: 'Button' });
  await page.press(page.button('Add a device'));
  await other.devices.is('home/button', 'connected');
  const before = await newest(page);
  await other.devices.press('home/button', 'Press it');
  await comes(page, 'home/button', /press: 1/, before);
  await devices.open('home/button');
  await page.fill('Its topics begin with', 'home/#');
  assert.match(await devices.item('home/button').innerText(), /single topics/);
  await page.fill('Its topics begin with', 'hall/bell');
  await devices.press('home/button', 'Rename');
  await other.devices.is('hall/bell', 'connected');
  await devices.press('hall/bell', 'Remove');
  await until('it is gone', async () => !(await other.devices.bases()).includes('hall/bell'));
  assert.deepEqual(await other.devices.bases(), ['home/thermometer', 'home/lamp', 'home/door']);
});

stage.scenario('on any other broker there are none', async ({ open }) => {
  const page = await open();
  await page.join(await stage.broker('host'));
  await page.subscribe('#');
  assert.equal(await page.page.getByRole('list', { name: 'Devices', exact: true }).count(), 0);
});
