// One file of tests has one stage: a Midge host that serves the built page, one Chromium, and brokers on demand. A
// scenario is a test that fails, too, when a page of it threw, wrote an error or broke its Content-Security-Policy.

import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { Host, Mosquitto } from './brokers.mjs';
import { MidgePage } from './page.mjs';
import { SECOND_TRY, secondTries as listed } from './second_tries.mjs';

const failures = resolve(import.meta.dirname, '../../target/e2e');

/** Flags that keep Chromium to itself on a small machine without a display. */
export const chromiumFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const whole = process.env.MIDGE_CHROMIUM || '/usr/bin/chromium';

/**
 * Starts Chromium with an empty profile of its own. Where there is one, it is the headless shell: the same engine without
 * a browser's own windows, in which a page opens in half the time. What shows the main job starts the whole browser.
 */
export function launch(more = [], { whole: wanted = false } = {}) {
  return chromium.launch({
    executablePath: (!wanted && process.env.MIDGE_CHROMIUM_SHELL) || whole,
    args: [...chromiumFlags, ...more],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

export class Stage {
  #started = new Map();
  #scenarios = new Set();
  #began = Date.now();
  #mayFailOnce;

  /**
   * `host` are the options of the host that serves the page, `whole` asks for the whole browser, `secondTries` is the list
   * of that name.
   */
  constructor({ host = {}, whole = false, secondTries = listed } = {}) {
    this.whole = whole;
    this.file = basename(process.argv[1]);
    this.hostOptions = host;
    this.#mayFailOnce = new Map(secondTries.filter(({ file }) => file === this.file).map(({ name, reason }) => [name, reason]));
    after(() => this.#down());
    if (this.#mayFailOnce.size > 0) this.#holdTheListAgainstTheScenarios();
  }

  /** An entry that outlives its scenario would let one of the same name fail unseen. */
  #holdTheListAgainstTheScenarios() {
    test('the scenarios of second_tries.mjs are there', async () => {
      // By then the whole file has been read.
      await new Promise(setImmediate);
      for (const name of this.#mayFailOnce.keys()) if (!this.#scenarios.has(name)) throw new Error(`no scenario is called: ${name}`);
    });
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
    // For the summary of the run.
    console.log(`${this.file}: ${this.#scenarios.size} scenarios in ${Date.now() - this.#began} ms`);
  }

  host() {
    return this.once('host', () => Host.start(this.hostOptions));
  }

  browser() {
    return this.once('browser', () => launch([], { whole: this.whole }), (browser) => browser.close());
  }

  /** The broker of this kind: `mosquitto` (everyone may come in) or `host` (that of the host that serves the page). */
  broker(kind) {
    return kind === 'host' ? this.host() : this.once(kind, () => Mosquitto.start());
  }

  /** Opens the page in a browser profile of its own, or in that of the page `like`, whose options it takes over. */
  async open({ hash = '', socketFailures = false, fetchFailures = false, at, like, ...context } = {}) {
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
    const page = await MidgePage.open(await profile.newPage(), { socketFailures, fetchFailures, finger: context.hasTouch === true });
    page.address = at ?? host.page;
    await page.visit(page.address + hash);
    return page;
  }

  /**
   * A test. `run` gets `open` (a page, closed at the end) and `keep` (something with `stop()`, stopped at the end).
   *
   * It gets one try. Only a scenario of second_tries.mjs that fails gets another, with new pages; what the first said is
   * printed all the same.
   */
  scenario(name, run, { timeout = 60_000 } = {}) {
    if (this.#scenarios.has(name)) throw new Error(`two scenarios are called: ${name}`);
    this.#scenarios.add(name);
    const reason = this.#mayFailOnce.get(name);
    test(name, { timeout: reason ? 2 * timeout : timeout }, async (t) => {
      if (reason) {
        try {
          return await this.tryOnce(name, run, timeout, t);
        } catch (error) {
          t.diagnostic(`${SECOND_TRY}: ${this.file}: ${name}: ${reason}`);
          t.diagnostic(`what the first said: ${error.stack}`);
        }
      }
      return this.tryOnce(name, run, timeout, t);
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
