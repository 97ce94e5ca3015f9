// A part of Midge that does not load, or stops: that is said in the place of the page, where it can be seen and used, and
// what was typed can still be copied.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { holdBack } from './requests.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const phone = { viewport: { width: 390, height: 740 }, hasTouch: true, isMobile: true };
const sizes = [['desktop', {}], ['phone', phone]];
const bad = () => globalThis.midgeWorker.postMessage(new Uint8Array([255, 255, 255, 255]));
const badBuffer = () => globalThis.midgeWorker.postMessage(new Uint8Array([255, 255, 255, 255]).buffer);

/** What a browser and a dying program write is no fault of the test. */
function forgive(page) {
  page.faults = page.faults.filter((fault) => !/ERR_|404|MIME|Failed to|wasm|WebAssembly|not of one build|unreachable|policy: /i.test(fault));
}

/** The alert is in view, nothing lies over it, and its button is what a click at its place hits. */
async function standsInView(page, words) {
  const alert = page.page.locator('#starting[role=alert]');
  await alert.waitFor();
  assert.match(await alert.innerText(), words);
  const seen = await alert.evaluate((panel) => {
    const inside = (box) => box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && box.width > 0 && box.height > 0;
    const hit = (element) => {
      const box = element.getBoundingClientRect();
      const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return inside(box) && element.contains(found);
    };
    return {
      panel: inside(panel.getBoundingClientRect()),
      lines: [...panel.querySelectorAll(':scope > p')].map(hit),
      button: hit(panel.querySelector('button')),
      focused: panel.contains(document.activeElement),
      app: [...document.querySelectorAll('.app')].some((app) => app.checkVisibility()),
    };
  });
  assert.deepEqual({ ...seen, lines: seen.lines.every(Boolean) }, { panel: true, lines: true, button: true, focused: true, app: false });
  assert.ok(seen.lines.length >= 2);
  return alert;
}

const again = (page) => page.page.getByRole('button', { name: /^Load again/ });

for (const [size, context] of sizes) {
  for (const [what, act] of [['bytes', badBuffer], ['a view of bytes', bad]]) {
    stage.scenario(`${size}: ${what} that the engine cannot read`, async ({ open }) => {
      const page = await open(context);
      await page.join(await stage.broker('mosquitto'));
      const connected = page.page.getByText('Connected', { exact: true });
      assert.equal(await connected.count(), 1);
      await page.page.evaluate(act);
      await standsInView(page, /stopped working[^]*停止運作[^]*not of one build/);
      assert.equal(await connected.count(), 0, 'it does not say so any more');
      await page.press(again(page));
      await page.isThere();
      forgive(page);
    });
  }

  stage.scenario(`${size}: an answer that the page cannot read`, async ({ open }) => {
    const page = await open(context);
    await page.page.evaluate(() => globalThis.midgeWorker.dispatchEvent(new MessageEvent('message', { data: new Uint8Array([255, 255, 255, 255]).buffer })));
    await standsInView(page, /not of one build/);
    forgive(page);
  });

  stage.scenario(`${size}: a page that stops at once`, async ({ open }) => {
    const page = await open(context);
    await page.page.evaluate(() => { setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); }); });
    await standsInView(page, /stopped working[^]*unreachable/);
    forgive(page);
  });

  stage.scenario(`${size}: an engine that stops at once`, async ({ open }) => {
    const page = await open(context);
    await page.page.evaluate(() => globalThis.midgeWorker.dispatchEvent(new ErrorEvent('error', { message: 'Uncaught RuntimeError: unreachable' })));
    await standsInView(page, /stopped working[^]*engine stopped: Uncaught RuntimeError/);
  });

  const html = { status: 200, contentType: 'text/html', body: '<!doctype html><title>x</title>' };
  for (const [file, name, answer] of [
    ['**/engine_bg.wasm', 'not there', { status: 404, body: 'no' }],
    ['**/engine_bg.wasm', 'HTML', html],
    ['**/engine_bg.wasm', 'garbage', { status: 200, contentType: 'application/wasm', body: 'garbage' }],
    ['**/engine_bg.wasm', 'blocked', undefined],
    ['**/engine.js', 'not there', { status: 404, body: 'no' }],
    ['**/engine.js', 'HTML', html],
    ['**/engine.js', 'blocked', undefined],
    ['**/engine_loader.js', 'not there', { status: 404, body: 'no' }],
    ['**/engine_loader.js', 'HTML', html],
    ['**/engine_loader.js', 'blocked', undefined],
    ['**/app*_bg.wasm', 'not there', { status: 404, body: 'no' }],
    ['**/app*_bg.wasm', 'garbage', { status: 200, contentType: 'application/wasm', body: 'garbage' }],
    ['**/app*.js', 'blocked', undefined],
  ]) {
    // On the phone the panel is the same; one of each kind is enough.
    if (size === 'phone' && name !== 'blocked') continue;
    stage.scenario(`${size}: ${file.slice(3)} is ${name}`, async ({ open }) => {
      const page = await open(context);
      await page.page.route(file, (route) => (answer ? route.fulfill(answer) : route.abort()));
      await page.page.goto('about:blank');
      await page.page.goto(page.address);
      const alert = await standsInView(page, /could not start[^]*無法啟動/);
      assert.doesNotMatch(await alert.innerText(), /\[object|undefined|null/);
      await page.page.unroute(file);
      await page.press(again(page));
      await page.isThere();
      await page.join(await stage.broker('mosquitto'));
      forgive(page);
    });
  }
}

stage.scenario('it stands over an open dialog, too', async ({ open }) => {
  const page = await open();
  await page.press(page.button('Settings'));
  await page.page.locator('dialog[open]').waitFor();
  await page.page.evaluate(badBuffer);
  await standsInView(page, /stopped working/);
  await page.press(again(page));
  await page.isThere();
  forgive(page);
});

stage.scenario('what was typed can be copied, and the password is not in it', async ({ open }) => {
  const page = await open();
  await page.join(await stage.broker('mosquitto'), { userName: 'chen', password: 'geheim-4711' });
  await page.compose({ topic: 'a/b', payload: 'two\nlines' });
  await page.press(page.page.locator('#connection'));
  await page.press(page.button('Show'));
  await page.page.evaluate(badBuffer);
  const alert = await standsInView(page, /stopped working/);
  await page.press(alert.locator('summary'));
  const kept = await alert.locator('textarea').evaluateAll((all) => all.map((each) => each.value));
  assert.ok(kept.includes('a/b') && kept.includes('two\nlines') && kept.includes('chen'), JSON.stringify(kept));
  assert.ok(!kept.includes('geheim-4711'));
  assert.ok(await alert.locator('textarea').first().isVisible());
  forgive(page);
});

stage.scenario('Connect while the engine is on its way says so, and connects when it comes', async ({ open }) => {
  const page = await open();
  const broker = await stage.broker('mosquitto');
  const { asked, come } = await holdBack(page, '**/engine_bg.wasm');
  await page.visit(page.address);
  await until('the engine is asked for', () => asked() > 0);
  await page.fill('Address', broker.url);
  await page.press(page.button('Connect'));
  const loading = page.page.getByText('The part of Midge that connects is still loading. It connects as soon as it is there.', { exact: true });
  await loading.waitFor();
  await page.button('Connecting').waitFor();
  come();
  await page.reaches('connected');
  assert.equal(await loading.isVisible(), false);
});

stage.scenario('where no script runs at all, that is said after a while', async ({ open }) => {
  const page = await open();
  await page.page.route('**/boot.js', (route) => route.abort());
  await page.page.goto('about:blank');
  await page.page.goto(page.address);
  const late = page.page.getByText(/please load this page again/);
  await until('it is visible', async () => (await late.count()) === 1 && (await late.evaluate((line) => getComputedStyle(line).visibility)) === 'visible', { within: 15_000 });
  forgive(page);
});
