// Promise 10: on 390x844 every function is reached and used by touch, and nothing scrolls sideways.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { outline } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const sections = ['Messages', 'Topics', 'Publish', 'Broker'];

stage.scenario('connect, subscribe, read, publish, disconnect: all by touch', async ({ open, keep }) => {
  const broker = await stage.broker('mosquitto');
  const listener = await Listener.start(broker, 'from/phone');
  await keep(listener);
  const page = await open(phone);
  await page.mustNotScrollSideways('the connect screen');
  await page.join(broker);

  await page.section('Topics');
  await page.subscribe('phone/#', { qos: 1 });
  await page.subscribe('extra/#');
  await publish(broker, 'phone/a', '{"temp": 23.4, "where": "hall"}', { qos: 1 });
  await publish(broker, 'phone/b', Buffer.of(1, 2, 3, 255));
  await until('the tree has it', async () => (await outline(page)) === '1 phone 2, 2 a 1, 2 b 1');
  await page.press(page.button('Mute extra/#'));
  await page.unsubscribe('extra/#');

  await page.section('Messages');
  const row = await page.row('phone/a', /QoS 1/);
  await page.fill('Filter messages', 'phone/b');
  await until('one row', async () => (await page.topics()).join() === 'phone/b');
  await page.fill('Filter messages', '');
  await page.row('phone/a');
  await page.press(page.button('Pause'));
  await page.press(page.button('Resume'));

  await page.inspect(row);
  assert.ok(await page.inspector.isVisible());
  await page.mustNotScrollSideways('the inspector');
  for (const view of ['Hex', 'Text', 'JSON']) {
    await page.view(view);
    await page.mustNotScrollSideways(`the view ${view}`);
  }
  await page.view('Text');
  assert.equal(await page.payloadText(), '{"temp": 23.4, "where": "hall"}');
  assert.equal((await page.save()).toString(), '{"temp": 23.4, "where": "hall"}');
  await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
  await page.mustNotScrollSideways('the packet view');
  await page.leaveInspector();

  await page.section('Publish');
  await page.compose({ topic: 'from/phone', payload: 'by finger', format: 'Text', qos: 1, retain: false, every: 1 });
  await page.press(page.button('Publish', page.publisher));
  await listener.count(1);
  await page.press(page.button('Start'));
  await listener.count(3);
  await page.press(page.button('Stop'));
  assert.equal(listener.messages[0].payload.toString(), 'by finger');

  await page.section('Messages');
  await page.press(page.button('Clear'));
  await until('it is empty', async () => (await page.rows()).length === 0);

  await page.section('Broker');
  await page.press(page.button('Disconnect'));
  await page.reaches('disconnected');
  await page.mustNotScrollSideways('after disconnecting');
});

stage.scenario('nothing scrolls sideways in any section, also with long topics and payloads', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open(phone);
  await page.join(broker);
  await page.section('Topics');
  await page.subscribe('a-long-filter-without-any-room/to-break-it-anywhere/in-the-middle/of-the-screen/#');
  const long = `a-long-filter-without-any-room/to-break-it-anywhere/in-the-middle/of-the-screen/${'x'.repeat(120)}`;
  await publish(broker, long, 'y'.repeat(5_000));
  await page.section('Messages');
  const row = await page.row(long);
  for (const section of sections) {
    await page.section(section);
    await page.mustNotScrollSideways(section);
  }
  await page.section('Messages');
  await page.inspect(row);
  for (const view of ['Text', 'Hex']) {
    await page.view(view);
    await page.mustNotScrollSideways(`the view ${view} of a long payload`);
  }
});

stage.scenario('each control that can be touched is large enough for a finger', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(phone);
  const small = () =>
    page.page.evaluate(() =>
      [...document.querySelectorAll('button, select, summary, nav a, input:not([type=radio], [type=checkbox], [type=file])')]
        .filter((e) => e.checkVisibility())
        .map((e) => [e.getBoundingClientRect(), e.getAttribute('aria-label') ?? e.innerText ?? e.name])
        .filter(([{ width, height }]) => width > 0 && (height < 32 || width < 32))
        .map(([{ width, height }, name]) => `${name}: ${Math.round(width)}x${Math.round(height)}`),
    );
  assert.deepEqual(await small(), [], 'on the connect screen');
  await page.join(fake);
  for (const section of sections) {
    await page.section(section);
    assert.deepEqual(await small(), [], `in ${section}`);
  }
});

stage.scenario('trouble shows on the phone, too', async ({ open, keep }) => {
  const fake = await FakeBroker.start({ answers: { connect: (guest) => guest.send(Buffer.of(0x20, 2, 0, 5)) } });
  await keep(fake);
  const page = await open(phone);
  await page.connect({ address: fake.url, userName: 'chen', password: 'x' });
  await page.reaches('failed');
  assert.match(await page.explains('refused'), /^The broker refused the connection: not authorized \(CONNACK code 5\)\n/);
  await page.mustNotScrollSideways('with trouble shown');
});

stage.scenario('a narrower phone, 320 px, does not scroll sideways either', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open({ ...phone, viewport: { width: 320, height: 640 } });
  await page.mustNotScrollSideways('the connect screen');
  await page.join(fake);
  for (const section of sections) {
    await page.section(section);
    await page.mustNotScrollSideways(section);
  }
});
