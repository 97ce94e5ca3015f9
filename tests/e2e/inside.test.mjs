// Inside the broker: the companion shows to the one at its machine who is connected, who is subscribed to what, what is
// kept, and what happened to a message.

import assert from 'node:assert/strict';
import { publish } from './mosquitto_clients.mjs';
import { Program, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** A client with this identifier and these filters; `stays`: its session outlives it. */
async function client(broker, id, filters, { qos = 1, stays = false } = {}) {
  const program = new Program('stdbuf', [
    '-oL', 'mosquitto_sub', '-d', '-h', '127.0.0.1', '-p', String(broker.tcp), '-i', id, '-q', String(qos), '-k', '61',
    ...(stays ? ['-c'] : []), ...filters.flatMap((filter) => ['-t', filter]),
  ]);
  await program.says(/received SUBACK|Subscribed \(mid/);
  return program;
}

/** The pane, as a test sees it. */
class Inside {
  constructor(page) {
    this.page = page;
    this.pane = page.page.getByRole('region', { name: 'Inside the broker', exact: true });
  }

  async open() {
    await this.page.press(this.page.button('Inside the broker'));
    await this.pane.getByRole('heading', { name: 'Clients', exact: true }).waitFor();
    return this;
  }

  /** The cells of a client's row by the table's headings, or nothing. */
  async client(id) {
    const row = this.pane.locator(`[data-client=${JSON.stringify(id)}]`);
    if ((await row.count()) === 0) return undefined;
    const [names, cells] = await Promise.all([
      this.pane.locator('.clients thead th').allInnerTexts(),
      row.locator('th, td').allInnerTexts(),
    ]);
    return Object.fromEntries(names.map((name, at) => [name, cells[at]]));
  }

  async subscribers(filter) {
    return this.pane.locator(`[data-filter=${JSON.stringify(filter)}] [data-subscriber]`)
      .evaluateAll((all) => all.map((one) => `${one.dataset.subscriber}: ${one.innerText.replace(/\s+/g, ' ').trim()}`));
  }

  async outcome(id) {
    const row = this.pane.locator(`[data-reached=${JSON.stringify(id)}]`);
    return (await row.count()) === 1 ? row.getAttribute('data-outcome') : undefined;
  }

  text(selector) {
    return this.pane.locator(selector).innerText();
  }
}

stage.scenario('clients, subscriptions, retained messages, and a message that waits for one who is away', async ({ open, keep }) => {
  const host = await stage.host();
  await (await client(host, 'kept', ['home/+/lock'], { stays: true })).stop();
  await keep(client(host, 'reader', ['home/#'], { qos: 0 }));
  await publish(host, 'home/lamp', '{"on":true}', { retain: true });
  const page = await open();
  await page.join(host);
  await page.subscribe('home/#', { qos: 2 });
  const inside = await new Inside(page).open();

  await until('all clients are there', async () => (await inside.client('kept')) && (await inside.client('reader')));
  const [kept, reader] = [await inside.client('kept'), await inside.client('reader')];
  assert.deepEqual([kept.State, kept['Keep alive'], kept.Queued, kept['In flight']], ['Away', '–', '0', '0']);
  assert.match(kept.Session, /^ends in 1 day$/);
  assert.equal(reader.State, 'Connected');
  assert.match(reader['Keep alive'], /^61 seconds$/);
  assert.match(reader.Session, /ends with the connection/);
  assert.match(reader.Client, /MQTT 3\.1\.1/);
  const rows = await inside.pane.locator('[data-client]').evaluateAll((all) => all.map((row) => row.innerText));
  assert.equal(rows.filter((row) => /this page/.test(row)).length, 1);

  await until('the subscriptions are there', async () => (await inside.subscribers('home/#')).length === 2);
  assert.ok((await inside.subscribers('home/#')).some((who) => /^reader: reader QoS 0$/.test(who)));
  assert.deepEqual(await inside.subscribers('home/+/lock'), ['kept: kept QoS 1 Away']);
  assert.match(await inside.text('[data-retained="home/lamp"]'), /11 B\s+0\s/);
  assert.doesNotMatch(await inside.text('.kept'), /"on"/, 'what a retained message says is not told');

  // The message that is chosen in the list.
  await page.publish({ topic: 'home/door/lock', payload: 'shut', format: 'Text', qos: 1 });
  await page.inspect(await page.row('home/door/lock'));
  await until('its course is there', async () => (await inside.outcome('kept')) === 'Waits');
  assert.equal(await inside.outcome('reader'), 'Sent');
  assert.equal(await inside.text('[data-waits]'), 'kept');
  assert.match(await inside.text('[data-course]'), /Came from\s+midge-\S+[^]*QoS 1\s+shut/);
  assert.match(await inside.text('[data-reached="kept"]'), /home\/\+\/lock\s+QoS 1[^]*waits until the client is back/);
  assert.match(await inside.text('[data-reached="reader"]'), /published with 1, granted 0/);
  assert.match((await inside.client('kept')).Queued, /^1 \(/);

  // It is back, and takes it.
  await keep(client(host, 'kept', ['home/+/lock'], { stays: true }));
  await until('it is acknowledged', async () => (await inside.outcome('kept')) === 'Acknowledged');
  await until('nobody is waited for', async () => (await inside.text('[data-waits]')) === 'nobody');
  await until('nothing is queued', async () => (await inside.client('kept')).Queued === '0');

  await inside.pane.locator('[data-pane="inside"]').focus();
  await page.page.keyboard.press('Escape');
  await inside.pane.waitFor({ state: 'detached' });
  assert.equal(await page.page.evaluate(() => document.activeElement?.textContent), 'Inside the broker');
  assert.equal((await page.facts()).get('Topic'), 'home/door/lock', 'the inspector stays');
  await inside.open();
  await page.press(page.button('Close', inside.pane));
  await inside.pane.waitFor({ state: 'detached' });
});

stage.scenario('a message from before is not known, but whom one like it would reach', async ({ open, keep }) => {
  const host = await stage.host();
  await keep(client(host, 'follower', ['early/+']));
  const page = await open();
  await page.join(host);
  await page.subscribe('early/#');
  await publish(host, 'early/bird', 'worm');
  await page.inspect(await page.row('early/bird'));
  // Nobody looks any more since the scenario before.
  await new Promise((done) => setTimeout(done, 11_000));
  await publish(host, 'early/late', 'rest');
  const inside = await new Inside(page).open();
  await until('it is said', async () => /did not note/.test(await inside.text('.course')));
  await until('it is told', async () => (await inside.outcome('follower')) === 'WouldGo');

  // One that came since can be chosen here.
  await publish(host, 'early/bird', 'another');
  await inside.pane.locator('[data-came]').first().getByRole('button').click();
  await until('it is known', async () => (await inside.outcome('follower')) === 'Sent' || (await inside.outcome('follower')) === 'Acknowledged');
  assert.match(await inside.text('[data-course]'), /another/);
}, { timeout: 90_000 });

stage.scenario('the broker is asked only while the pane is open and on the screen', async ({ open }) => {
  const host = await stage.host();
  const page = await open();
  let asked = 0;
  page.page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/inside') asked += 1;
  });
  const quiet = async (what) => {
    const before = asked;
    await new Promise((done) => setTimeout(done, 2_500));
    assert.equal(asked, before, what);
  };
  await page.join(host);
  await quiet('nobody has opened it');
  const inside = await new Inside(page).open();
  await until('it is asked again and again', () => asked >= 3);
  assert.ok(asked <= 6, `${asked} times`);
  await page.press(page.page.locator('#connection'));
  await inside.pane.waitFor({ state: 'detached' });
  await quiet('the connection is in front');
  await page.press(page.button('Back to messages'));
  await until('it is there again', () => inside.pane.locator('[data-client]').first().isVisible());
  await page.press(page.button('Close', inside.pane));
  await inside.pane.waitFor({ state: 'detached' });
  await quiet('it is closed');
});

stage.scenario('names that others chose stay text', async ({ open, keep }) => {
  const host = await stage.host();
  const name = '<img src=x onerror="document.title=1">';
  await keep(client(host, name, ['<b>/#']));
  await publish(host, '<i>x</i>', 'x', { retain: true });
  const page = await open();
  await page.join(host);
  const inside = await new Inside(page).open();
  await until('it is there', async () => (await inside.pane.locator('[data-client]').allInnerTexts()).some((row) => row.includes(name)));
  assert.equal(await inside.pane.locator('img, b, i').count(), 0);
  assert.match(await inside.text('.kept'), /<i>x<\/i>/);
});

stage.scenario('it is not offered for a broker that is not the companion’s', async ({ open }) => {
  const mosquitto = await stage.broker('mosquitto');
  const page = await open();
  await page.join(mosquitto);
  assert.equal(await page.button('Inside the broker').count(), 0);
  await page.disconnect();
  await page.connect({ address: (await stage.host()).url });
  await page.button('Inside the broker').waitFor();
});

for (const [width, height] of [[360, 740], [641, 480], [768, 1024], [1024, 768], [1280, 800], [1920, 1080]]) {
  stage.scenario(`it can be read on ${width} by ${height}`, async ({ open, keep }) => {
    const host = await stage.host();
    await keep(client(host, 'a-client-with-a-rather-long-name-0123456789abcdef', ['a/rather/long/topic/filter/that/goes/on/+/#', '$share/group/a/+']));
    const page = await open({ viewport: { width, height }, colorScheme: width % 3 ? 'dark' : 'light' });
    await page.join(host);
    // On a phone, also one that lies on its side, it is a section of its own.
    if (width <= 640 || height <= 480) await page.section('Topics');
    await page.subscribe('#');
    const inside = await new Inside(page).open();
    await until('it is there', async () => (await inside.pane.locator('[data-client]').count()) > 1);
    await publish(host, 'a/b', 'x', { qos: 1 });
    await until('a message is there', async () => (await inside.pane.locator('[data-came]').count()) > 0);
    await inside.pane.locator('[data-came]').first().getByRole('button').click();
    await inside.pane.locator('[data-course]').waitFor();
    await page.mustNotScrollSideways(`${width} by ${height}`);
    const wide = await inside.pane.locator('.insides').evaluate((all) => all.scrollWidth - all.clientWidth);
    assert.ok(wide <= 0, `the pane is ${wide} px too wide`);
    assert.deepEqual(await inside.pane.getByRole('heading').allInnerTexts(),
      ['Inside the broker', 'Clients', 'What happened to a message', 'Subscriptions', 'Retained messages']);
    if (process.env.MIDGE_PICTURES) await page.page.screenshot({ path: `${process.env.MIDGE_PICTURES}/inside-${width}.png` });
  });
}

stage.scenario('it speaks Chinese', async ({ open }) => {
  const host = await stage.host();
  const page = await open({ locale: 'zh-TW' });
  await page.page.getByRole('button', { name: '連線', exact: true }).click();
  await page.reaches('connected');
  await page.page.getByRole('button', { name: 'Broker 內部', exact: true }).click();
  const pane = page.page.getByRole('region', { name: 'Broker 內部', exact: true });
  await pane.locator('[data-client]').first().waitFor();
  assert.deepEqual(await pane.getByRole('heading').allInnerTexts(), ['Broker 內部', '用戶端', '訊息的經過', '訂閱', '保留訊息']);
  assert.match(await pane.locator('[data-client]').first().innerText(), /已連線|離線/);
  if (process.env.MIDGE_PICTURES) await page.page.screenshot({ path: `${process.env.MIDGE_PICTURES}/inside-zh.png` });
});
