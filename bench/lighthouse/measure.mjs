// Measures the first load of the page at an address, and writes one line of JSON. DevTools is connected here: nothing
// of this is about the rate of a WebSocket.
//
//   node measure.mjs first-load ADDRESS DIST TIMES     bytes of the build, and until the connect screen is usable
//   node measure.mjs lighthouse ADDRESS DIST TIMES     Lighthouse, as on a phone and as on a desktop

import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import puppeteer from 'puppeteer-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--window-size=1280,800',
];

async function withBrowser(use) {
  const folder = mkdtempSync(join(tmpdir(), 'midge-bench-load-'));
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM, headless: true, args: flags, userDataDir: folder });
  try {
    return await use(browser);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length;

/** When the form to connect is painted and its button can be pressed; and what had been loaded by then. */
function watch() {
  window.usable = new Promise((done) => {
    const look = () => {
      const button = [...document.querySelectorAll('button')].find((each) => each.textContent.trim() === 'Connect' && !each.disabled && each.checkVisibility());
      if (!button) return requestAnimationFrame(look);
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
          const at = performance.now();
          const loaded = performance.getEntriesByType('resource').filter((entry) => entry.responseEnd <= at && entry.responseEnd > 0);
          done({ at, names: loaded.map((entry) => new URL(entry.name).pathname.split('/').pop()) });
        };
        channel.port2.postMessage(0);
      });
    };
    requestAnimationFrame(look);
  });
}

/** In a browser of its own: its cache is empty. */
async function load(address) {
  return withBrowser(async (browser) => {
    const page = await browser.newPage();
    let onTheWire = 0;
    const client = await page.createCDPSession();
    await client.send('Network.enable');
    client.on('Network.loadingFinished', ({ encodedDataLength }) => (onTheWire += encodedDataLength));
    await page.emulateCPUThrottling(4);
    await page.emulateNetworkConditions({ download: (10 * 1000 * 1000) / 8, upload: (10 * 1000 * 1000) / 8, latency: 0 });
    // The browser itself has started by then: what is measured is the page.
    await new Promise((done) => setTimeout(done, 1500));
    await page.evaluateOnNewDocument(watch);
    await page.goto(address, { waitUntil: 'domcontentloaded', timeout: 60_000 });
    const { at, names } = await page.evaluate(() => window.usable);
    // The worker loads things that the page's list does not show.
    await new Promise((done) => setTimeout(done, 3000));
    return { at, names, onTheWire };
  });
}

async function firstLoad(address, dist, times) {
  // Of what is loaded later, a visit loads the rest of the page, and what that has in common with parts on demand.
  const onDemand = (file) => /_(split|shared)_/.test(file) && !/_(split|shared)_(\w+_)?rest[_.]/.test(file);
  const loaded = readdirSync(dist).filter((file) => !/\.(br|gz)$/.test(file) && !onDemand(file));
  const sizes = Object.fromEntries(loaded.map((file) => [file, brotli(readFileSync(join(dist, file)))]));
  const loads = [];
  for (let time = 0; time < times; time += 1) loads.push(await load(address));
  loads.sort((a, b) => a.at - b.at);
  const middle = loads[loads.length >> 1];
  // The page's own list of what it has loaded, with the document itself. What the worker loads is not in it; the page
  // waits for the worker's first word, so that belongs to it as long as that word comes from the worker's wasm.
  const waitsForWorker = readFileSync(join(dist, 'boot.js'), 'utf8').includes('listening]');
  const needed = new Set(['index.html', ...middle.names, ...(waitsForWorker ? Object.keys(sizes).filter((file) => file.startsWith('engine')) : [])]);
  const kb = (files) => files.reduce((sum, file) => sum + (sizes[file] ?? 0), 0) / 1000;
  const kind = (ending) => kb(Object.keys(sizes).filter((file) => file.endsWith(ending)));
  return {
    all_kb: kb(Object.keys(sizes)),
    needed_kb: kb([...needed]),
    wasm_kb: kind('.wasm'),
    js_kb: kind('.js'),
    css_kb: kind('.css'),
    wire_kb: middle.onTheWire / 1000,
    usable_ms: middle.at,
    usable_worst_ms: loads.at(-1).at,
  };
}

async function judge(address, preset) {
  const { default: lighthouse, desktopConfig } = await import('lighthouse');
  return withBrowser(async (browser) => {
    const port = Number(new URL(browser.wsEndpoint()).port);
    const options = { port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'] };
    const { lhr } = await lighthouse(address, options, preset === 'desktop' ? desktopConfig : undefined);
    const failed = Object.values(lhr.categories).flatMap((category) =>
      category.auditRefs
        .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
        .map(({ id }) => `${id} ${lhr.audits[id].score}${lhr.audits[id].displayValue ? ` (${lhr.audits[id].displayValue})` : ''}`),
    );
    const score = (name) => Math.round(lhr.categories[name].score * 100);
    return {
      candidate: preset,
      performance: score('performance'),
      accessibility: score('accessibility'),
      best_practices: score('best-practices'),
      lcp_ms: lhr.audits['largest-contentful-paint'].numericValue,
      fcp_ms: lhr.audits['first-contentful-paint'].numericValue,
      tbt_ms: lhr.audits['total-blocking-time'].numericValue,
      failed,
    };
  });
}

/** So many judgements: the one whose performance is the median, and the worst of what should never vary. */
async function judgeOften(address, preset, times) {
  const all = [];
  for (let time = 0; time < times; time += 1) all.push(await judge(address, preset));
  all.sort((a, b) => a.performance - b.performance);
  const worst = (name) => Math.min(...all.map((one) => one[name]));
  return {
    ...all[all.length >> 1],
    performance_worst: worst('performance'),
    accessibility: worst('accessibility'),
    best_practices: worst('best_practices'),
  };
}

const [what, address, dist, often] = process.argv.slice(2);
const times = Number(often);
const result =
  what === 'lighthouse'
    ? [await judgeOften(address, 'phone', times), await judgeOften(address, 'desktop', times)]
    : [await firstLoad(address, dist, times)];
console.log(JSON.stringify(result));
