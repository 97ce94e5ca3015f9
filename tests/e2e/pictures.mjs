// Takes pictures of every screen of the real page, to be looked at: in all sizes, both themes and both languages, on the host's
// demo traffic. `cargo xtask pictures` builds what it needs and calls it. Words after it name screens or sizes, such as
// `390x844` or `publish`; `--readme` takes those that README shows.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Host } from './brokers.mjs';
import { publish } from './mosquitto_clients.mjs';
import { MidgePage } from './page.mjs';
import { pause, until } from './processes.mjs';
import { launch } from './stage.mjs';

const wanted = process.argv.slice(2);
const forReadme = wanted[0] === '--readme';
const place = forReadme ? resolve(import.meta.dirname, '../../docs/pictures') : resolve(process.env.MIDGE_PICTURES ?? join(import.meta.dirname, '../../target/pictures'));
mkdirSync(place, { recursive: true });
const desktop = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };
const phone = { viewport: { width: 390, height: 844 }, locale: 'en-GB', hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

// The usual ports look better in a picture than random ones.
const host = await Host.start({ demo: true, port: 8080, tcp: 1883 }).catch(() => Host.start({ demo: true }));
const browser = await launch([], { whole: true });

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

async function readme() {
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
}

const sizes = { '360x640': 'phone', '390x844': 'phone', '844x390': 'phone', '1024x768': 'wide', '1280x800': 'wide', '1920x1080': 'wide' };
/** Words that a topic or payload of the tour has: long ones are where a layout breaks. */
const odd = [
  ['zigbee2mqtt/0x00158d0001abcd07', '{"battery":97,"humidity":41.2,"linkquality":120,"temperature":21.37,"voltage":3015}'],
  ['大樓感測網路/三樓東側實驗室走廊/溫度計編號甲', '目前的溫度是二十一點五度，一切正常'],
  ['a/b/c/d/e/f/g/h/i/j/k/l/m/n/leaf-of-a-deep-tree', 'deep'],
];

/** The screens: what is done before the picture, from the one before. They use no words, so that they go in each language. */
const tour = [
  ['connect', async () => {}],
  ['connect-more', async ({ page }) => {
    for (const summary of await page.locator('.connect-form .more:not([hidden]) > summary').all()) await summary.click();
    await pause(400);
  }],
  ['connect-trouble', async ({ page, visit }) => {
    await visit('');
    await page.locator('#address').fill('ws://127.0.0.1:1/mqtt');
    await page.locator('.connect-form .primary').click();
    await page.locator('#trouble:visible').first().waitFor();
    await pause(300);
  }],
  ['messages', async ({ page, visit, section }) => {
    await visit(`#${new URLSearchParams([['url', host.url], ['sub', '#'], ['qos', '1'], ['go', '1']])}`);
    await page.locator('#connection[data-state=connected]').waitFor();
    await section(0);
    for (const [topic, payload] of odd) await publish(host, topic, payload, { qos: 1, retain: true });
    await page.locator('#list .row:visible').nth(8).waitFor({ state: 'attached' });
    await pause(1_500);
  }],
  ['newer', async ({ page }) => {
    await page.locator('#list [role=listbox]').hover();
    await page.mouse.wheel(0, 300);
    await pause(1_500);
  }],
  ['topics', async ({ page, section }) => {
    await section(1);
    await page.locator('.level:visible').first().waitFor();
  }],
  ['options', async ({ page }) => {
    await page.locator('.options > summary').click();
    await page.locator('.options .check').first().waitFor();
  }],
  ['publish', async ({ page, section }) => {
    await page.locator('.options > summary').click();
    await section(2);
    await page.locator('.publisher .target input.mono').fill('sensors/lab/set');
    await page.locator('.publisher textarea').fill('{"wanted": 21.5}');
    await pause(400);
  }],
  ['publish-fault', async ({ page }) => {
    await page.locator('.publisher .target input.mono').fill('sensors/+/set');
    await page.locator('.publisher .last .primary').click();
    await page.locator('#topic-error').waitFor();
  }],
  ['properties', async ({ page }) => {
    await page.locator('.publisher .target input.mono').fill('sensors/lab/set');
    await page.locator('.properties > summary').click();
    await pause(400);
  }],
  ['message', async ({ page, section }) => {
    await page.locator('.properties > summary').click();
    await section(0);
    await page.locator('.row[data-topic^="zigbee2mqtt"]:visible').first().click().catch(() => page.locator('#list .row:visible').first().click());
    await page.locator('.inspector .facts').waitFor();
    await pause(500);
  }],
  ['packet', async ({ page }) => {
    await page.locator('.inspector [role=tab]').nth(1).click();
    await pause(500);
  }],
  ['projector-value', async ({ page }) => {
    await page.locator('#list [data-command]').nth(3).evaluate((button) => button.click());
    await page.locator('#projector .value').waitFor();
  }],
  ['projector-list', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.locator('#projector').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.locator('#list [data-command]').nth(3).evaluate((button) => button.click());
    await page.locator('#projector li').first().waitFor();
  }],
  ['export', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.locator('#list [data-command]').nth(2).evaluate((button) => button.click());
    await page.locator('dialog[open]').waitFor();
    await pause(400);
  }],
  ['share', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.locator('.top > .button:not(.ghost)').last().click();
    await page.locator('dialog[open]').waitFor();
    await pause(500);
  }],
  ['settings', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.locator('.top > .button.icon').click();
    await page.locator('dialog[open]').waitFor();
    await pause(300);
  }],
  ['commands', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('#commands[open]').waitFor();
    await pause(300);
  }],
  ['keys', async ({ page }) => {
    await page.keyboard.press('Escape');
    await page.locator('#list [role=listbox]').focus();
    await page.keyboard.press('?');
    await page.locator('#keys[open]').waitFor();
    await pause(300);
  }],
  ['connected', async ({ page, section }) => {
    await page.keyboard.press('Escape');
    if (!(await section(3))) await page.locator('#connection').click();
    await pause(500);
  }],
];

/** Goes through all screens in one size and language, each in both themes. */
async function everything(size, locale) {
  const [width, height] = size.split('x').map(Number);
  const finger = sizes[size] === 'phone';
  const profile = await browser.newContext({ viewport: { width, height }, locale, hasTouch: finger, isMobile: finger, deviceScaleFactor: finger ? 2 : 1 });
  const midge = await MidgePage.open(await profile.newPage(), { socketFailures: true, finger });
  const page = midge.page;
  const visit = (hash) => midge.visit(host.page + hash);
  /** Brings a section to the front where they are apart; whether they are. */
  const section = async (at) => {
    const buttons = page.locator('.sections button');
    if (!(await buttons.first().isVisible())) return false;
    await buttons.nth(at).click();
    return true;
  };
  await visit('');
  const lacking = [];
  const names = wanted.filter((word) => !(word in sizes) && !['en-GB', 'zh-TW'].includes(word));
  for (const [name, go] of tour) {
    try {
      await go({ page, visit, section });
      if (names.length > 0 && !names.includes(name)) continue;
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        const file = `${name}-${size}-${locale.slice(0, 2)}-${colorScheme}.png`;
        await page.screenshot({ path: join(place, file), animations: 'disabled' });
      }
    } catch (error) {
      lacking.push(`${name} ${size} ${locale}: ${error.message.split('\n')[0]}`);
    }
  }
  await profile.close();
  return lacking;
}

try {
  if (forReadme) await readme();
  else {
    const chosen = (all) => (all.some((one) => wanted.includes(one)) ? all.filter((one) => wanted.includes(one)) : all);
    const lacking = [];
    for (const size of chosen(Object.keys(sizes))) {
      for (const locale of chosen(['en-GB', 'zh-TW'])) {
        lacking.push(...(await everything(size, locale)));
        console.log(`${size} ${locale}`);
      }
    }
    console.log(`The pictures are in ${place}`);
    if (lacking.length > 0) {
      console.error(`These could not be taken:\n${lacking.join('\n')}`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await host.stop();
}
