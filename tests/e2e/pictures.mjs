// Takes the pictures of docs/pictures from the real page on the host's demo traffic. Run by hand: node pictures.mjs

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Host } from './brokers.mjs';
import { publish } from './mosquitto_clients.mjs';
import { MidgePage } from './page.mjs';
import { pause, until } from './processes.mjs';
import { launch } from './stage.mjs';

const place = resolve(import.meta.dirname, '../../docs/pictures');
mkdirSync(place, { recursive: true });
const desktop = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };
const phone = { viewport: { width: 390, height: 844 }, locale: 'en-GB', hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

// The usual ports look better in a picture than random ones.
const host = await Host.start({ demo: true, port: 8080, tcp: 1883 }).catch(() => Host.start({ demo: true }));
const browser = await launch();

async function open(context, hash = '') {
  const profile = await browser.newContext(context);
  const page = await MidgePage.open(await profile.newPage(), { socketFailures: true, finger: context.hasTouch === true });
  await page.visit(host.page + hash);
  return page;
}

async function take(page, name) {
  await page.page.mouse.move(0, 0);
  await page.page.screenshot({ path: join(place, `${name}.png`), animations: 'disabled' });
  console.log(`docs/pictures/${name}.png`);
  await page.page.context().close();
}

const lively = `#${new URLSearchParams([['url', host.url], ['sub', 'sensors/#'], ['qos', '1'], ['go', '1']])}`;

/** A page with a screen full of demo messages and one of them, JSON at QoS 1 with a predecessor, inspected. */
async function workbench(context) {
  const page = await open(context, lively);
  await page.reaches('connected');
  await page.subscribe('kitchen/#', { qos: 0 });
  await page.subscribe('MYTOPIC', { qos: 0 });
  await page.compose({ topic: 'MYTOPIC', payload: '{{random 0..99}}', every: 1 });
  await page.press(page.button('Start'));
  const state = (temp, battery) => JSON.stringify({ device: 'lab-3', temp, battery, at: Math.floor(Date.now() / 1000) });
  await publish(host, 'sensors/lab/state', state(23.1, 0.82), { qos: 1 });
  await until('a screen full', async () => (await page.counters()).received >= 30, { within: 60_000 });
  await publish(host, 'sensors/lab/state', state(23.4, 0.82), { qos: 1 });
  await page.inspect(await page.row('sensors/lab/state', /23\.4/));
  await pause(1_500);
  return page;
}

try {
  for (const colorScheme of ['light', 'dark']) {
    await take(await workbench({ ...desktop, colorScheme }), `workbench-${colorScheme}`);

    const packet = await workbench({ ...desktop, colorScheme });
    await packet.press(packet.inspector.getByRole('tab', { name: 'Packet', exact: true }));
    await pause(500);
    await take(packet, `packet-${colorScheme}`);

    const connect = await open({ ...desktop, colorScheme });
    await connect.connect({ address: 'ws://127.0.0.1:1883/mqtt', userName: 'chen', password: 'secret' });
    await until('an explanation', async () => (await connect.trouble()) !== undefined).catch(() => {});
    await pause(500);
    await take(connect, `connect-${colorScheme}`);

    const small = await open({ ...phone, colorScheme }, lively);
    await small.reaches('connected');
    await until('a screen full', async () => (await small.counters()).received >= 25, { within: 60_000 });
    await take(small, `phone-${colorScheme}`);
  }
} finally {
  await browser.close();
  await host.stop();
}
