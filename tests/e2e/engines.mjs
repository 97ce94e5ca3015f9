// Chromium, Firefox and WebKit, as far as a user without a mouse needs them: a page, keys, and a look at the page. Chromium
// is driven by playwright-core, Firefox by WebDriver BiDi, which it speaks itself, and WebKit by WebDriver, with its own
// small browser on a screen that nobody sees.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { folder, freePort, Program, until } from './processes.mjs';
import { launch } from './stage.mjs';

/** Keys as WebDriver names them. */
const KEYS = {
  Tab: '\ue004', Enter: '\ue006', Shift: '\ue008', Control: '\ue009', Escape: '\ue00c', PageUp: '\ue00e', PageDown: '\ue00f',
  End: '\ue010', Home: '\ue011', ArrowLeft: '\ue012', ArrowUp: '\ue013', ArrowRight: '\ue014', ArrowDown: '\ue015', F6: '\ue036',
};

/** `Control+k`, as actions of a keyboard: all keys down, and up again the other way round. */
function pressed(chord) {
  const keys = chord.split('+').map((key) => KEYS[key] ?? key);
  return [
    ...keys.map((value) => ({ type: 'keyDown', value })),
    ...keys.toReversed().map((value) => ({ type: 'keyUp', value })),
  ];
}

const typed = (text) => [...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]);

class Chromium {
  static async start() {
    const engine = new Chromium();
    engine.browser = await launch([], { whole: true });
    engine.page = await (await engine.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' })).newPage();
    return engine;
  }

  open(address) {
    return this.page.goto(address);
  }

  press(chord) {
    return this.page.keyboard.press(chord);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  look(expression) {
    return this.page.evaluate(expression);
  }

  stop() {
    return this.browser.close();
  }
}

class Firefox {
  #number = 0;
  #waiting = new Map();

  static async start() {
    const engine = new Firefox();
    const profile = folder();
    const settings = {
      'app.update.disabledForTesting': true,
      'browser.aboutwelcome.enabled': false,
      'browser.shell.checkDefaultBrowser': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'intl.accept_languages': 'en-GB',
      'toolkit.telemetry.reportingpolicy.firstRun': false,
    };
    writeFileSync(join(profile, 'user.js'), Object.entries(settings).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
    engine.program = new Program(process.env.MIDGE_FIREFOX || 'firefox-esr', [
      '--headless', '--no-remote', '--profile', profile, '--width', '1280', '--height', '800', `--remote-debugging-port=${await freePort()}`, 'about:blank',
    ]);
    try {
      const [, address] = await engine.program.says(/WebDriver BiDi listening on (ws:\S+)/, 60_000);
      engine.socket = new WebSocket(`${address}/session`);
      engine.socket.on('message', (text) => engine.#heard(JSON.parse(text)));
      await new Promise((open, failed) => engine.socket.once('open', open).once('error', failed));
      await engine.#say('session.new', { capabilities: {} });
      // The tab that Firefox begins with never gets the focus, and a button in it takes no Enter.
      engine.context = (await engine.#say('browsingContext.create', { type: 'tab' })).context;
      return engine;
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  #heard({ id, result, error, message }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.failed(new Error(`${error}: ${message}`));
    else waiting?.done(result);
  }

  #say(method, params) {
    const id = (this.#number += 1);
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }

  open(url) {
    return this.#say('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
  }

  #act(actions) {
    return this.#say('input.performActions', { context: this.context, actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  press(chord) {
    return this.#act(pressed(chord));
  }

  type(text) {
    return this.#act(typed(text));
  }

  async look(expression) {
    const { result, exceptionDetails } = await this.#say('script.evaluate', {
      expression: `JSON.stringify([${expression}])`,
      target: { context: this.context },
      awaitPromise: false,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value)[0];
  }

  async stop() {
    this.socket?.terminate();
    await this.program.stop();
  }
}

/** Where Debian has WebKit's own small browser. */
function miniBrowser() {
  const libraries = '/usr/lib';
  const places = readdirSync(libraries).flatMap((place) => ['4.1', '4.0', '6.0'].map((version) => join(libraries, place, version === '6.0' ? 'webkitgtk-6.0' : `webkit2gtk-${version}`, 'MiniBrowser')));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error('WebKit has no MiniBrowser here (Debian package webkit2gtk-driver)');
  return found;
}

class WebKit {
  static async start() {
    const engine = new WebKit();
    try {
      // A screen that no other has; the display's number is written to its output.
      engine.screen = new Program('Xvfb', ['-displayfd', '1', '-screen', '0', '1300x900x24', '-nolisten', 'tcp']);
      const [, display] = await engine.screen.says(/^(\d+)\n/);
      const port = await freePort();
      // Its own folder: settings of whoever runs the tests are not to matter.
      const home = folder();
      engine.program = new Program('env', [
        `DISPLAY=:${display}`, `HOME=${home}`, `XDG_DATA_HOME=${home}`, `XDG_CONFIG_HOME=${home}`, `XDG_CACHE_HOME=${home}`, `XDG_RUNTIME_DIR=${home}`,
        'LC_ALL=C.UTF-8', 'LANGUAGE=en_GB', 'NO_AT_BRIDGE=1', 'WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1', 'LIBGL_ALWAYS_SOFTWARE=1',
        'WebKitWebDriver', '--host=127.0.0.1', `--port=${port}`,
      ]);
      engine.address = `http://127.0.0.1:${port}`;
      await until('WebKitWebDriver is there', async () => {
        if (engine.program.code !== undefined) throw new Error(`WebKitWebDriver ended: ${engine.program.errors}`);
        return (await fetch(`${engine.address}/status`).catch(() => undefined))?.ok;
      });
      const { sessionId } = await engine.#ask('POST', '/session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation', '--geometry=1280x800'] } } },
      });
      engine.session = `/session/${sessionId}`;
      return engine;
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  async #ask(method, path, body) {
    const answer = await fetch(this.address + path, { method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`WebDriver ${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  open(url) {
    return this.#ask('POST', `${this.session}/url`, { url });
  }

  #act(actions) {
    return this.#ask('POST', `${this.session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  press(chord) {
    return this.#act(pressed(chord));
  }

  type(text) {
    return this.#act(typed(text));
  }

  async look(expression) {
    return JSON.parse(await this.#ask('POST', `${this.session}/execute/sync`, { script: `return JSON.stringify([${expression}])`, args: [] }))[0];
  }

  async stop() {
    // The browser is the driver's; it ends with the session.
    if (this.session) await this.#ask('DELETE', this.session).catch(() => {});
    await this.program?.stop();
    await this.screen?.stop();
  }
}

/** The engines, by their names. */
export const engines = { Chromium, Firefox, WebKit };
