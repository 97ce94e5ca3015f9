// The newcomer: the host's page knows its broker, and two clicks without typing bring live messages.

import assert from 'node:assert/strict';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage({ host: { demo: true }, whole: true });

stage.scenario('two clicks and no typing bring live messages', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  assert.equal(await page.value('Address'), host.url);
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  await page.press(page.button('Everything #'));
  await page.received(5, 20_000);
  const first = (await page.counters()).received;
  await until('more messages come', async () => (await page.counters()).received > first, { within: 20_000 });
  await until('the list shows them', async () => (await page.rows()).length >= 5);
});

stage.scenario('the demo has numbers, JSON, a retained state', async ({ open }) => {
  const host = await stage.host();
  const page = await open({ hash: `#${new URLSearchParams([['url', host.url], ['sub', '#'], ['go', '1']])}` });
  await page.reaches('connected');
  assert.match((await page.row('sensors/lab/state', /online/, 20_000)).text, /retained/);
  assert.match((await page.row('sensors/roof/wind', /\b\d+\.\d\b/, 20_000)).text, /sensors\/roof\/wind\s+\d+\.\d\b/);
  await page.row('sensors/lab/temp', /device: lab-3, temp: \d/, 20_000);
});

stage.scenario('the page in Traditional Chinese', async ({ open }) => {
  const page = await open({ locale: 'zh-TW' });
  assert.equal(await page.page.locator('html').getAttribute('lang'), 'zh-Hant');
  await page.page.getByRole('heading', { name: '連線到 Broker', exact: true }).waitFor();
  const words = await page.page.locator('body').innerText();
  assert.doesNotMatch(words, /Connect to a broker|User name|Password/);
});

for (const colorScheme of ['light', 'dark']) {
  stage.scenario(`the page is ${colorScheme} where the system is`, async ({ open }) => {
    const page = await open({ colorScheme });
    const brightness = await page.page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d');
      canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
      return (r + g + b) / 3;
    });
    assert.ok(colorScheme === 'dark' ? brightness < 90 : brightness > 180, `brightness ${brightness}`);
  });
}

stage.scenario('everything comes from the host itself, under a strict policy', async ({ open }) => {
  const host = await stage.host();
  const answer = await fetch(host.page);
  const policy = answer.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self' 'wasm-unsafe-eval'/);
  assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  const page = await open();
  const strangers = await page.page.evaluate(() => performance.getEntriesByType('resource').map((e) => e.name).filter((name) => !name.startsWith(location.origin)));
  assert.deepEqual(strangers, []);
});
