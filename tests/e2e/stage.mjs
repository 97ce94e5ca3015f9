// One file of tests has one stage: a Midge host that serves the built page, one Chromium, and brokers on demand. A
// scenario is a test that fails, too, when a page of it threw, wrote an error or broke its Content-Security-Policy.

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Host, Mosquitto } from './brokers.mjs';
import { MidgePage } from './page.mjs';

const failures = resolve(import.meta.dirname, '../../target/e2e');

/** Flags that keep Chromium to itself on a small machine without a display. */
export const chromiumFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Starts Chromium with an empty profile of its own. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.MIDGE_CHROMIUM || '/usr/bin/chromium',
    args: chromiumFlags,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

export class Stage {
  #started = new Map();

  /** `host` are the options of the host that serves the page. */
  constructor({ host = {} } = {}) {
    this.hostOptions = host;
    after(() => this.#down());
  }

  /** Starts something once; it ends with the stage. */
  once(name, start, stop = (thing) => thing.stop()) {
    if (!this.#started.has(name)) {
      const thing = start();
      this.#started.set(name, { thing, stop });
      // What did not start is tried anew when it is asked for again.
      thing.catch(() => this.#started.delete(name));
    }
    return this.#started.get(name).thing;
  }

  async #down() {
    for (const { thing, stop } of [...this.#started.values()].reverse()) {
      const up = await thing.catch(() => undefined);
      if (up) await stop(up);
    }
  }

  host() {
    return this.once('host', () => Host.start(this.hostOptions));
  }

  browser() {
    return this.once('browser', launch, (browser) => browser.close());
  }

  /** The broker of this kind: `mosquitto` (everyone may come in) or `host` (that of the host that serves the page). */
  broker(kind) {
    return kind === 'host' ? this.host() : this.once(kind, () => Mosquitto.start());
  }

  /** Opens the page in a browser profile of its own, or in that of the page `like`, whose options it takes over. */
  async open({ hash = '', socketFailures = false, at, like, ...context } = {}) {
    const [browser, host] = await Promise.all([this.browser(), this.host()]);
    if (like) {
      const page = await MidgePage.open(await like.page.context().newPage(), like.options);
      await page.visit((at ?? like.address) + hash);
      return page;
    }
    const profile = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      acceptDownloads: true,
      ...context,
    });
    const page = await MidgePage.open(await profile.newPage(), { socketFailures, finger: context.hasTouch === true });
    page.address = at ?? host.page;
    await page.visit(page.address + hash);
    return page;
  }

  /**
   * A test. `run` gets `open` (a page, closed at the end) and `keep` (something with `stop()`, stopped at the end).
   *
   * A scenario that fails gets one more try, with new pages: browser, brokers and test share two cores with whatever
   * else the machine does, and a deadline may pass for that alone. What the first try said is printed all the same, and
   * MIDGE_E2E_TRIES=1 takes the second one away.
   */
  scenario(name, run, { timeout = 60_000 } = {}) {
    const tries = Number(process.env.MIDGE_E2E_TRIES ?? 2);
    test(name, { timeout: timeout * tries }, async (t) => {
      for (let left = tries - 1; ; left -= 1) {
        try {
          return await this.tryOnce(name, run, timeout, t);
        } catch (error) {
          if (left <= 0) throw error;
          t.diagnostic(`NOT ON THE FIRST TRY: ${name}: ${error.stack}`);
        }
      }
    });
  }

  /** One try of a scenario. */
  async tryOnce(name, run, timeout, t) {
    const pages = [];
    const kept = [];
    const open = async (options) => {
      const page = await this.open(options);
      pages.push(page);
      return page;
    };
    const keep = async (thing) => {
      kept.push(await thing);
      return thing;
    };
    // The runner's own deadline would not wait for what is below; this one does.
    let late;
    const deadline = new Promise((_, failed) => {
      late = setTimeout(() => failed(new Error(`the scenario is not over after ${timeout - 5_000} ms`)), timeout - 5_000);
    });
    try {
      await Promise.race([run({ open, keep, t }), deadline]);
      for (const page of pages) page.mustBeClean();
    } catch (error) {
      mkdirSync(failures, { recursive: true });
      for (const [number, page] of pages.entries()) {
        const path = join(failures, `${name.replace(/[^\w]+/g, '-').slice(0, 80)}-${number}.png`);
        await page.page.screenshot({ path, timeout: 5_000 }).catch(() => {});
        t.diagnostic(`page ${number}: ${path}`);
        t.diagnostic(`console of page ${number}: ${page.console.join(' | ') || 'empty'}`);
      }
      throw error;
    } finally {
      clearTimeout(late);
      for (const page of pages) await page.page.context().close().catch(() => {});
      for (const thing of kept.reverse()) await thing.stop();
    }
  }
}

/** The two brokers that the main promises are shown on. */
export const kinds = ['mosquitto', 'host'];
