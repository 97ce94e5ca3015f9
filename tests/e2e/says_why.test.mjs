// The page explains what it saw: why a filter brings nothing, why a message came twice, when a connection was lost.

import assert from 'node:assert/strict';
import { Mosquitto } from './brokers.mjs';
import { publish, retainedMessages } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** What is said of a silent subscription: its kind and the words. */
async function reason(page, filter, kind) {
  const place = page.subscription(filter).locator(`[data-silence=${kind}]`);
  await place.waitFor();
  return place.innerText();
}

stage.scenario('a filter with too few levels says so, and offers one that fits', async ({ open }) => {
  const page = await open();
  await page.join(await stage.host());
  await page.subscribe('why/lab/#');
  for (const topic of ['why/lab/temp', 'why/lab/door']) await page.publish({ topic, payload: '1' });
  await page.row('why/lab/door');
  await page.subscribe('why/+');
  assert.match(await reason(page, 'why/+', 'levels'), /This has 2 levels; the topics that were seen here have 3, like why\/lab\/temp\./);
  await page.press(page.button('Subscribe to why/+/+ instead'));
  await page.subscribed('why/+/+');
  await until('the old one is gone', async () => !(await page.subscriptions()).some((row) => row.filter === 'why/+'));
  await page.publish({ topic: 'why/hall/temp', payload: 'here' });
  await page.row('why/hall/temp', /here/);
});

stage.scenario('capitals, commas and a slash are told apart, and each is mended by a press', async ({ open }) => {
  const page = await open();
  await page.join(await stage.host());
  await page.subscribe('form/#');
  await page.publish({ topic: 'form/Lab/temp', payload: '1' });
  await page.row('form/Lab/temp');
  await page.subscribe('Form/lab/+');
  assert.match(await reason(page, 'Form/lab/+', 'capitals'), /Capital letters count; the topic that was seen is form\/Lab\/temp\./);
  await page.subscribe('/form/Lab/temp');
  await reason(page, '/form/Lab/temp', 'slash');
  await page.subscribe('form/a, form/b');
  assert.match(await reason(page, 'form/a, form/b', 'comma'), /one filter, not several/);
  await page.press(page.button('Subscribe to form/a, form/b instead'));
  await page.subscribed('form/a');
  await page.subscribed('form/b');
  await page.press(page.button('Subscribe to form/Lab/+ instead'));
  await page.subscribed('form/Lab/+');
});

stage.scenario('a message that two filters brought is told from one that was published twice', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  const page = await open();
  await page.join(broker);
  await page.subscribe('o/+');
  await page.subscribe('o/#');
  await publish(broker, 'o/a', 'same');
  await page.received(2);
  const [latest, first] = await page.rows();
  const said = page.inspector.locator('[data-repeated]');
  await page.inspect(latest);
  await said.waitFor();
  assert.match(await said.innerText(), /The same message again[^]*several of your filters match: o\/\+, o\/#\. MQTT leaves it to the broker[^]*3\.3\.[45]/);
  await page.inspect(first);
  await said.waitFor({ state: 'hidden' });
});

stage.scenario('what is retained is cleared by an action of its name, after a question', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  await publish(broker, 'kept/a', 'old', { retain: true });
  const page = await open();
  await page.join(broker);
  await page.subscribe('kept/#');
  await page.inspect(await page.row('kept/a', /old/));
  const clear = page.button('Clear retained', page.inspector);
  await page.press(clear);
  const question = page.page.locator('#clear-retained');
  assert.match(await question.innerText(), /Clear what is retained under kept\/a\?[^]*for everybody/);
  // Asking is not doing.
  await page.press(page.button('Leave it', page.inspector));
  await question.waitFor({ state: 'hidden' });
  await page.press(clear);
  await page.press(page.button('Clear it', page.inspector));
  await page.page.getByText('The broker took it: nothing is retained under kept/a any more.').first().waitFor();
  assert.deepEqual(await retainedMessages(broker, 'kept/#'), []);
});

stage.scenario('a lost connection is told with its time, whatever the tries after it say', async ({ open, keep }) => {
  const broker = await Mosquitto.start();
  await keep(broker);
  const page = await open({ socketFailures: true });
  await page.join(broker);
  await page.subscribe('a');
  await broker.stop();
  await page.reaches('waiting');
  const banner = page.page.locator('.banner#trouble');
  await until('a try after it has failed', async () => /Latest try: /.test(await banner.innerText()), { within: 20_000 });
  assert.match(await banner.innerText(), /At [^:]*\d\d:\d\d:\d\d\.\d{3}: (The connection was lost|The broker)/);
});

stage.scenario('connected, one reconnects; disconnected, the way to connect is where one is', async ({ open }) => {
  const page = await open();
  await page.join(await stage.host());
  await page.publish({ topic: 'a', payload: '1' });
  await page.press(page.page.locator('#connection'));
  await page.button('Reconnect').waitFor();
  assert.equal(await page.button('Connect').count(), 0);
  await page.press(page.button('Disconnect'));
  await page.reaches('disconnected');
  await page.press(page.button('Back to messages'));
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.equal(await page.button('Connect').count(), 0);
});

for (const width of [320, 360, 390])
  stage.scenario(`the states of a connection are read whole at ${width} px`, async ({ open }) => {
    const page = await open({ viewport: { width, height: 640 }, hasTouch: true, isMobile: true });
    const whole = async () => {
      const { words, cut } = await page.page.locator('#connection [role=status]').evaluate((e) => ({ words: e.textContent, cut: e.scrollWidth > e.clientWidth + 1 }));
      assert.ok(!cut, `${words} is cut`);
      return words;
    };
    const before = await whole();
    await page.join(await stage.host());
    assert.deepEqual([before, await whole()], ['Not connected', 'Connected']);
  });

stage.scenario('numbers of the tree have names', async ({ open }) => {
  const page = await open();
  await page.join(await stage.host());
  await page.subscribe('named/#');
  await page.publish({ topic: 'named/a', payload: '24.2' });
  await page.row('named/a');
  assert.deepEqual(await page.page.locator('.tree-names > span').allInnerTexts(), ['Topic', 'Latest value', 'Messages']);
});

stage.scenario('the packet view has the characters of its bytes beside them', async ({ open }) => {
  const page = await open();
  await page.join(await stage.host());
  await page.subscribe('hex/a');
  await page.publish({ topic: 'hex/a', payload: 'hello' });
  await page.inspect(await page.row('hex/a'));
  await page.view('Packet');
  await until('its characters', async () => /hex\/a/.test((await page.page.locator('.bytes .characters').allInnerTexts()).join('')));
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    await page.page.setViewportSize(viewport);
    const right = await page.page.locator('.bytes .characters').first().evaluate((e) => [e.getBoundingClientRect().right, e.closest('.bytes').getBoundingClientRect().right]);
    assert.ok(right[0] <= right[1], `at ${viewport.width} px the characters are in sight`);
  }
  // A hex dump, too.
  await page.view('Payload');
  await page.view('Hex');
  const dump = page.page.locator('.hexdump');
  assert.match(await dump.innerText(), /68 65 6c 6c {2}6f .*hello/);
  for (const width of [320, 390, 1280]) {
    await page.page.setViewportSize({ width, height: 800 });
    const sideways = await dump.evaluate((e) => e.scrollWidth > e.clientWidth + 1);
    assert.ok(!sideways, `at ${width} px nothing of it is out of sight`);
  }
});
