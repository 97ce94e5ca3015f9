// Midge's page as a test sees it: by its accessible names and its fixed attributes. With panels.mjs this holds every selector.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folder, throughout, until } from './processes.mjs';

/** Longer than the page waits before the first try that it makes by itself: up to two seconds (`session::backoff`). */
const FIRST_WAIT = 2_500;

const socketFailure = /^WebSocket connection to '[^']*' failed/;
/** The browser's words on a part of the page that is fetched from a server that is down. */
const fetchFailure = /^(Failed to load resource: net::ERR_CONNECTION_REFUSED|TypeError: Failed to fetch\b)/;

export class MidgePage {
  /**
   * `finger`: controls are tapped. `socketFailures`: the browser's words on a failed socket are expected. `fetchFailures`:
   * those on a failed fetch are, because what serves the page goes down.
   */
  static async open(page, { socketFailures = false, fetchFailures = false, finger = false } = {}) {
    const midge = new MidgePage();
    midge.page = page;
    midge.options = { socketFailures, fetchFailures, finger };
    midge.finger = finger;
    midge.faults = [];
    midge.console = [];
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => midge.faults.push(`uncaught: ${error}`));
    page.on('crash', () => {
      midge.dead = true;
      if (!midge.mayDie) midge.faults.push('the page crashed');
    });
    page.on('dialog', async (dialog) => {
      midge.faults.push(`a dialog: ${dialog.message()}`);
      await dialog.dismiss().catch(() => {});
    });
    page.on('console', (message) => {
      midge.console.push(`${message.type()}: ${message.text()}`);
      if (message.type() !== 'error') return;
      if (socketFailures && socketFailure.test(message.text())) return;
      if (fetchFailures && fetchFailure.test(message.text())) return;
      midge.faults.push(`console: ${message.text()}`);
    });
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    return midge;
  }

  /** `whole: false` does not wait for what comes after the connect screen. */
  async visit(address, { whole = true } = {}) {
    // A change of the hash alone would not load the page anew.
    if (this.page.url() !== 'about:blank') await this.page.goto('about:blank');
    await this.page.goto(address);
    await this.isThere({ whole });
  }

  /** Waits until the page is there: until the last part of the rest is made, and the last one around it. */
  async isThere({ whole = true } = {}) {
    const last = whole ? ['.inspector', '#returned'] : ['#connection'];
    for (const part of last) {
      await until(`the page is there, up to ${part}`, async () => (await this.page.locator(part).count()) === 1, { within: 20_000 });
    }
  }

  /** Kills the process of this tab, its worker with it: nothing in it gets another word. */
  async die() {
    this.mayDie = true;
    // The answer never comes.
    this.page.goto('chrome://crash').catch(() => {});
    await until('the tab is dead', () => this.dead, { every: 2 });
  }

  /** Fails when the page threw, wrote an error or broke its policy. */
  mustBeClean() {
    assert.deepEqual(this.faults, [], 'the page wrote errors');
  }

  /** Uses a control the way this page's user would: by mouse, or by finger on a phone. */
  async press(locator, options) {
    if (this.finger) await locator.tap(options);
    else await locator.click(options);
  }

  // --- Controls by name ---

  button(name, scope = this.page) {
    return scope.getByRole('button', { name, exact: typeof name === 'string' });
  }

  /** A text field of any kind. */
  field(name) {
    const exact = { name, exact: true };
    return this.page
      .getByRole('textbox', exact)
      .or(this.page.getByRole('combobox', exact))
      .or(this.page.getByRole('searchbox', exact))
      .or(this.page.getByRole('spinbutton', exact))
      .or(this.page.locator('input[type=password]').and(this.page.getByLabel(name, { exact: true })));
  }

  async fill(name, text) {
    await this.field(name).fill(text);
  }

  async value(name) {
    return this.field(name).inputValue();
  }

  /** Chooses among radio buttons or pressed buttons. */
  async choose(scope, name) {
    const option = scope
      .getByRole('radio', { name, exact: true })
      .or(scope.getByRole('button', { name, exact: true }))
      .or(scope.getByRole('tab', { name, exact: true }));
    await option.waitFor({ state: 'attached' });
    // The input of a styled radio button may be hidden behind its label.
    const label = option.locator('xpath=ancestor::label[1]');
    await this.press((await label.count()) > 0 ? label : option);
  }

  // --- The connection ---

  async state() {
    return this.page.locator('#connection').getAttribute('data-state');
  }

  /** Waits for a state of the connection. */
  async reaches(state, within = 15_000) {
    let now;
    await until(
      () => `the connection is ${state}, it is ${now}`,
      async () => (now = await this.state()) === state,
      { within },
    );
  }

  /** Notes every state of the connection from now on; read with `statesSeen`. */
  async watchStates() {
    await this.page.evaluate(() => {
      const note = () => {
        const now = document.querySelector('#connection')?.dataset.state;
        if (now && now !== window.statesSeen.at(-1)) window.statesSeen.push(now);
      };
      window.statesSeen = [];
      note();
      new MutationObserver(note).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });
    });
  }

  async statesSeen() {
    return this.page.evaluate(() => window.statesSeen);
  }

  /**
   * Fails when the connection went through any other state since `watchStates`. That a state was there is not asked for:
   * one that is over within a frame is not seen.
   */
  async sawOnly(...states) {
    const seen = await this.statesSeen();
    assert.deepEqual(seen.filter((state) => !states.includes(state)), [], `the connection went through ${seen}`);
  }

  /** Fails when the page leaves this state by itself. Nothing comes after that: time is what is tested. */
  async remains(state) {
    await throughout(`it remains ${state}`, FIRST_WAIT, async () => (await this.state()) === state);
  }

  async fillConnection({ address, clientId, userName, password }) {
    if (address !== undefined) await this.fill('Address', address);
    if (clientId !== undefined) await this.fill('Client id', clientId);
    if (userName !== undefined) await this.fill('User name', userName);
    if (password !== undefined) await this.fill('Password', password);
  }

  /** Sets the keep alive, in seconds, among the settings that are folded away. */
  async keepAlive(seconds) {
    const field = this.field('Keep alive (seconds)');
    if (!(await field.isVisible())) await this.press(this.page.locator('summary').getByText('Session, will and limits', { exact: true }));
    await field.fill(String(seconds));
  }

  async connect(settings = {}) {
    await this.fillConnection(settings);
    // While there is a connection, it is called Reconnect.
    await this.press(this.button('Connect').or(this.button('Reconnect')));
  }

  /** Connects to a broker and waits for it. */
  async join(broker, settings = {}) {
    await this.connect({ address: broker.url, ...settings });
    await this.reaches('connected');
  }

  async disconnect() {
    const button = this.button('Disconnect');
    if (!(await button.isVisible())) await this.press(this.page.locator('#connection'));
    await this.press(button);
  }

  /** What is wrong with the connection: `{ kind, words }`, or `undefined`. */
  async trouble() {
    const place = this.page.locator('#trouble');
    if ((await place.count()) === 0 || !(await place.isVisible())) return undefined;
    return { kind: await place.getAttribute('data-kind'), words: await place.innerText() };
  }

  /** Waits for a trouble of this kind (one of several) and returns its words, without the time of a loss. */
  async explains(kinds, within = 15_000) {
    let seen;
    await until(
      () => `#trouble says ${kinds}, it says ${JSON.stringify(seen)}`,
      async () => {
        seen = await this.trouble();
        return seen && [kinds].flat().includes(seen.kind);
      },
      { within },
    );
    // When a connection was lost is told first.
    return seen.words.replace(/^At (\d\d:\d\d:\d\d\.\d{3}): /, '');
  }

  /** Waits for words at a field, such as `#topic-error`, and returns them. */
  async fault(id, within = 5_000) {
    let words = '';
    await until(
      () => `${id} says what is wrong`,
      async () => {
        const place = this.page.locator(id);
        words = (await place.count()) && (await place.isVisible()) ? (await place.innerText()).trim() : '';
        return words !== '';
      },
      { within },
    );
    return words;
  }

  async noFault(id) {
    const place = this.page.locator(id);
    await until(`${id} is silent`, async () => (await place.count()) === 0 || (await place.innerText()).trim() === '' || !(await place.isVisible()));
  }

  // --- Counters ---

  async counters() {
    const read = await this.page.locator('#counters').evaluate((e) => ({ ...e.dataset }));
    const number = (name) => {
      assert.match(read[name] ?? '', /^\d+$/, `data-${name} is a whole number`);
      return Number(read[name]);
    };
    return { received: number('received'), kept: number('kept'), dropped: number('dropped'), sent: number('sent') };
  }

  /** Waits until so many were received, and returns the counters. */
  async received(wanted, within = 15_000) {
    let now;
    await until(
      () => `${wanted} received, counters ${JSON.stringify(now)}`,
      async () => (now = await this.counters()).received >= wanted,
      { within },
    );
    return now;
  }

  // --- Subscriptions ---

  async subscribe(filter, { qos, wait = true } = {}) {
    await this.fill('Topic filter', filter);
    if (qos !== undefined) await this.page.getByLabel('QoS for the subscription', { exact: true }).selectOption(String(qos));
    await this.press(this.button('Subscribe'));
    if (wait) await this.subscribed(filter);
  }

  /** The row of a subscription. */
  subscription(filter) {
    return this.page.getByLabel('Subscriptions', { exact: true }).locator(`[data-filter=${JSON.stringify(filter)}]`);
  }

  async subscriptions() {
    return this.page
      .getByLabel('Subscriptions', { exact: true })
      .locator('[data-filter]')
      .evaluateAll((rows) => rows.map((e) => ({ filter: e.dataset.filter, state: e.dataset.state, count: Number(e.dataset.count) })));
  }

  async subscribed(filter, state = 'granted', within = 10_000) {
    let now;
    await until(
      () => `${filter} is ${state}: ${JSON.stringify(now)}`,
      async () => (now = await this.subscriptions()).some((row) => row.filter === filter && row.state === state),
      { within },
    );
  }

  async unsubscribe(filter) {
    await this.press(this.button(`Unsubscribe from ${filter}`));
    await until(`${filter} is gone`, async () => !(await this.subscriptions()).some((row) => row.filter === filter));
  }

  // --- Messages ---

  /** The visible rows of the list, as on the screen from top to bottom: `{ topic, seq, text, payload }`. */
  async rows() {
    const rows = await this.page
      .getByLabel('Messages', { exact: true })
      .locator('[data-seq]')
      .evaluateAll((all) =>
        all
          .filter((e) => e.checkVisibility() && e.dataset.seq !== '')
          .map((e) => ({ topic: e.dataset.topic, seq: Number(e.dataset.seq), text: e.innerText, top: e.getBoundingClientRect().top })),
      );
    return rows.sort((a, b) => a.top - b.top).map(({ top, ...row }) => row);
  }

  async topics() {
    return (await this.rows()).map((row) => row.topic);
  }

  /** Waits for a row with this topic, and whose text fits; returns it. */
  async row(topic, text = /(?:)/, within = 10_000) {
    let seen;
    return until(
      () => `a row ${topic} ${text}; rows: ${JSON.stringify(seen)}`,
      async () => (seen = await this.rows()).find((row) => row.topic === topic && text.test(row.text)),
      { within },
    );
  }

  /** Turns the wheel over the list. */
  async scrollMessages(pixels) {
    const box = await this.page.getByLabel('Messages', { exact: true }).last().boundingBox();
    await this.page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height, 200) / 2);
    await this.page.mouse.wheel(0, pixels);
  }

  /** The list can be scrolled no further down. */
  async scrolledToTheEnd() {
    return this.page
      .getByLabel('Messages', { exact: true })
      .last()
      .evaluate((e) => e.scrollTop + e.clientHeight >= e.scrollHeight - 1);
  }

  // --- The topic tree ---

  get tree() {
    return this.page.getByRole('tree');
  }

  async treeText() {
    return (await this.tree.count()) ? this.tree.innerText() : '';
  }

  /** Opens a level of the tree that carries no message itself, if it is not open. */
  async unfold(name) {
    const item = this.tree.getByRole('treeitem').filter({ has: this.page.getByText(name, { exact: true }) }).first();
    await item.waitFor();
    if ((await item.getAttribute('aria-expanded')) === 'false') await this.press(item);
  }

  // --- The inspector ---

  /** On a phone: back from the inspector to the list. */
  async leaveInspector() {
    await this.press(this.button('Back', this.inspector));
    await this.inspector.waitFor({ state: 'hidden' });
  }

  get inspector() {
    return this.page.getByRole('region', { name: 'Inspector', exact: true });
  }

  /** Opens a message in the inspector. Rows that the list does not use now are hidden, and keep what they showed. */
  async inspect(row) {
    await this.press(this.page.getByLabel('Messages', { exact: true }).locator(`[data-seq="${row.seq}"]:visible`));
    await until(`the inspector shows ${row.topic}`, async () => (await this.facts()).get('Topic') === row.topic);
  }

  /** The facts of the inspected message by name, without the buttons that are hidden among them. */
  async facts() {
    if ((await this.inspector.count()) === 0) return new Map();
    const pairs = await this.inspector.locator('dt').evaluateAll((names) =>
      names.map((dt) => {
        const said = dt.nextElementSibling?.cloneNode(true);
        for (const hidden of said?.querySelectorAll('[hidden]') ?? []) hidden.remove();
        return [dt.textContent.trim(), said?.textContent ?? ''];
      }),
    );
    return new Map(pairs);
  }

  async view(name) {
    await this.choose(this.inspector, name);
  }

  async payloadText() {
    return this.page.locator('#payload').evaluate((e) => e.textContent);
  }

  /** The bytes in the hex view: the rows that are drawn. */
  async payloadHex() {
    const lines = (await this.page.locator('#payload').innerText()).split('\n');
    const bytes = [];
    for (const line of lines) {
      const found = /^\s*[0-9a-f]{4,8}[ \t\u00a0]+((?:[0-9a-f]{2}(?:[ \t\u00a0]{1,2}|$)){1,16})/i.exec(line);
      if (found) bytes.push(...found[1].trim().split(/\s+/).map((hex) => Number.parseInt(hex, 16)));
    }
    return Buffer.from(bytes);
  }

  /** Asks for more of a long payload until all of it is shown. */
  async showAllOfPayload() {
    const more = this.button('Show more', this.inspector);
    for (let times = 0; times < 12 && (await more.isVisible()); times += 1) await this.press(more);
  }

  /** Saves the payload to a file and returns the file's bytes. */
  async save() {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.press(this.button('Save', this.inspector)),
    ]);
    return readFile(await download.path());
  }

  // --- The publisher ---

  get publisher() {
    return this.page
      .locator('form, section, [role=region], [role=form]')
      .filter({ has: this.page.getByRole('button', { name: 'Start', exact: true }).or(this.page.getByRole('button', { name: 'Stop', exact: true })) })
      .last();
  }

  /** Fills the publisher. `payload` is text, or for the format `File` a `{ name, bytes }`. */
  async compose({ topic, payload, format, qos, retain, every }) {
    if (format !== undefined) await this.choose(this.publisher, format);
    if (topic !== undefined) await this.fill('Topic', topic);
    if (payload?.bytes) {
      // From the disk: bytes given in hand go to the browser as text, which takes seconds for large ones.
      const file = join(folder(), payload.name);
      await writeFile(file, payload.bytes);
      await this.publisher.locator('input[type=file]').setInputFiles(file);
      // The page reads the file in its own time, and then names it.
      await this.publisher.locator('.file').getByText(payload.name).waitFor();
    } else if (payload !== undefined) await this.fill('Payload', payload);
    if (qos !== undefined) await this.choose(this.publisher.getByRole('group', { name: 'QoS', exact: true }).or(this.publisher.getByRole('radiogroup', { name: 'QoS', exact: true })), String(qos));
    if (retain !== undefined) {
      const box = this.page.getByRole('checkbox', { name: 'Retain', exact: true });
      if ((await box.isChecked()) !== retain) await this.press(box);
    }
    if (every !== undefined) await this.fill('Interval in seconds', String(every));
  }

  /** Publishes once. */
  async publish(what = {}) {
    await this.compose(what);
    await this.press(this.button('Publish', this.publisher));
  }

  // --- The phone ---

  /** Goes to a section by the bottom navigation. */
  async section(name) {
    const sections = this.page.getByRole('navigation', { name: 'Sections', exact: true });
    await this.press(sections.getByRole('tab', { name, exact: true }));
  }

  /** Fails when something makes the page, or a part of it, scroll sideways. Only laid-out text (`pre`) may. */
  async mustNotScrollSideways(where) {
    const { width, inner, wide } = await this.page.evaluate(() => {
      const name = (e) => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`}${[...e.classList].map((c) => `.${c}`).join('')}`;
      // The innermost of what reaches beyond the right edge says what is too wide.
      const culprit = (e) => {
        const edge = e.getBoundingClientRect().left + e.clientWidth + 1;
        return [...e.querySelectorAll('*')].filter((inside) => inside.getBoundingClientRect().right > edge).at(-1) ?? e;
      };
      return {
        inner: document.documentElement.clientWidth,
        width: document.scrollingElement.scrollWidth,
        wide: [...document.querySelectorAll('body *')]
          .filter((e) => e.tagName !== 'PRE' && e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))
          .map((e) => `${name(e)} by ${name(culprit(e))}`),
      };
    });
    assert.ok(width <= inner, `${where}: the page is ${width} px wide on ${inner} px`);
    assert.deepEqual(wide, [], `${where}: nothing inside scrolls sideways`);
  }
}
