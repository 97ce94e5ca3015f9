// Lessons, done as a learner does them, and with the likeliest mistakes. The other side is real: another page, or
// Mosquitto's programs.

import assert from 'node:assert/strict';
import { publish } from './mosquitto_clients.mjs';
import { writeWill } from './panels.mjs';
import { keepSession } from './panels5.mjs';
import { Program, until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();

/** A lesson that is open on a page. */
class Lesson {
  constructor(page) {
    this.page = page;
    this.pane = page.page.getByRole('complementary', { name: 'Learn', exact: true });
  }

  /** Opens the list and a lesson of it. */
  static async open(page, title) {
    const lesson = new Lesson(page);
    await page.press(page.button('Learn'));
    await page.press(lesson.pane.getByRole('button', { name: new RegExp(`· ${title}`) }));
    await lesson.step(1).waitFor();
    return lesson;
  }

  step(number) {
    return this.pane.locator(`[data-step="${number}"]`);
  }

  async states() {
    return this.pane.locator('[data-step]').evaluateAll((steps) => steps.map((step) => step.dataset.state));
  }

  async reaches(number, state, within = 10_000) {
    await until(
      async () => `step ${number} is ${state}: ${await this.states()}`,
      async () => (await this.step(number).getAttribute('data-state')) === state,
      { within },
    );
  }

  async hint(number, words) {
    const hint = this.step(number).getByRole('status').first();
    await until('the hint is given', async () => words.test(await hint.innerText()));
  }

  async press(name) {
    await this.page.press(this.pane.getByRole('button', { name, exact: true }));
  }
}


for (const kind of kinds) {
  stage.scenario(`${kind}: the lesson on wildcards, with its mistakes`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    const lesson = await Lesson.open(page, 'Many topics at once');
    assert.deepEqual(await lesson.states(), ['now', 'later', 'later', 'later', 'later']);
    // Nothing but traffic does a step.
    await page.subscribe('sensors/+');
    await lesson.hint(1, /belongs one level further down/);
    await page.unsubscribe('sensors/+');
    await page.subscribe('sensors/temperature/#');
    await lesson.hint(1, /This step wants \+, which is one level/);
    await page.unsubscribe('sensors/temperature/#');
    assert.deepEqual(await lesson.states(), ['now', 'later', 'later', 'later', 'later']);
    await page.subscribe('sensors/temperature/+');
    await lesson.reaches(1, 'done');
    // The packet that it is about is one press away.
    await page.press(lesson.step(1).getByRole('button', { name: 'Look at the packet', exact: true }));
    await page.page.locator('.inspector').getByText('SUBACK').first().waitFor();
    // A prediction: one of the two right ones, and a wrong one.
    const two = lesson.step(2);
    for (const topic of ['sensors/temperature/attic', 'sensors/humidity/attic']) {
      await two.getByRole('checkbox', { name: topic, exact: true }).check();
    }
    await lesson.press('Send these 5 messages');
    await lesson.reaches(2, 'done');
    assert.match(await two.innerText(), /You were right about 3 of 5/);
    await page.subscribe('sensors/+/+');
    await lesson.hint(3, /exactly two levels/);
    await page.subscribe('sensors/#');
    await lesson.reaches(3, 'done');
    await page.subscribe('door/+/state');
    await page.publish({ topic: 'door/state', payload: 'open' });
    await lesson.hint(4, /has two levels/);
    await page.publish({ topic: 'door//state', payload: 'open' });
    await lesson.reaches(4, 'done');
    await page.subscribe('#');
    await page.subscribe('$SYS/#');
    await lesson.reaches(5, 'done', 20_000);
    await lesson.pane.getByText('This lesson is done.').waitFor();
    // It is remembered, and can be begun anew.
    await page.page.reload();
    await page.isThere();
    await page.press(page.button('Learn'));
    const row = lesson.pane.getByRole('listitem').filter({ hasText: 'Many topics at once' });
    await row.getByText('5 of 5').waitFor();
    await page.press(row.getByRole('button'));
    await lesson.press('Begin this lesson anew');
    assert.deepEqual(await lesson.states(), ['now', 'later', 'later', 'later', 'later']);
  }, { timeout: 90_000 });

  stage.scenario(`${kind}: the lesson in a terminal, with Mosquitto's programs`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    const lesson = await Lesson.open(page, 'In a terminal');
    await page.subscribe('first/test');
    await lesson.reaches(1, 'done');
    // What was sent from the page is not from a terminal.
    await page.publish({ topic: 'first/test', payload: 'Hello, world!' });
    await lesson.hint(2, /That one was sent from this page/);
    await lesson.press('Start this step again');
    // The line as it is shown, run by a shell; the port is the test's own.
    const line = async (number) => {
      const text = await lesson.step(number).locator('pre').innerText();
      return text.replace(/ -p \d+/, ` -p ${broker.tcp}`).replace(/ -h \S+/, ' -h 127.0.0.1');
    };
    await new Program('sh', ['-c', await line(2)]).done();
    await lesson.reaches(2, 'done');
    const waiting = new Program('sh', ['-c', await line(3)]);
    // It is subscribed once the broker has answered something that was asked later.
    await until('the terminal waits', async () => {
      await page.publish({ topic: 'first/back', payload: 'Back again' });
      return waiting.output.includes('first/back');
    });
    await lesson.reaches(3, 'done');
    await page.publish({ topic: 'first/printed', payload: 'something else' });
    await publish(broker, 'first/printed', waiting.output.trim());
    await page.subscribe('first/printed');
    await page.publish({ topic: 'first/printed', payload: waiting.output.trim() });
    await lesson.reaches(4, 'done');
    assert.equal(waiting.output.trim(), 'first/back Back again');
  });
}

stage.scenario('a first program: ten numbers a second apart, a refused connection and one that works', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open({ socketFailures: true });
  await page.join(broker);
  const lesson = await Lesson.open(page, 'A first program');
  await page.subscribe('MYTOPIC');
  await lesson.reaches(1, 'done');
  for (const number of ['117', '250', '100']) await publish(broker, 'MYTOPIC', number);
  await lesson.hint(2, /Some are above 99/);
  // From wherever: here a terminal.
  const loop = `for n in 7 0 99 12 34 5 61 88 43 20 11 3; do mosquitto_pub -h 127.0.0.1 -p ${broker.tcp} -t MYTOPIC -m $n; sleep 0.95; done`;
  await new Program('sh', ['-c', loop]).done();
  await lesson.reaches(2, 'done');
  await page.disconnect();
  await page.connect({ address: 'ws://127.0.0.1:9' });
  await lesson.reaches(3, 'done', 20_000);
  await page.disconnect();
  await page.join(broker);
  await lesson.reaches(4, 'done');
}, { timeout: 90_000 });

stage.scenario('who may come in: refused twice, then let in, and a terminal too', async ({ open, keep }) => {
  const { Mosquitto } = await import('./brokers.mjs');
  const broker = await keep(Mosquitto.start({ users: { chen: 'right' } }));
  const page = await open({ socketFailures: true });
  const lesson = await Lesson.open(page, 'Who may come in');
  await page.connect({ address: broker.url });
  await lesson.reaches(1, 'done');
  await page.connect({ userName: 'chen', password: 'wrong' });
  await lesson.reaches(2, 'done');
  await page.connect({ userName: 'chen', password: 'right' });
  await page.reaches('connected');
  await lesson.reaches(3, 'done');
  await page.subscribe('first/test');
  const line = (await lesson.step(4).locator('pre').innerText())
    .replace(/ -p \d+/, ` -p ${broker.tcp}`)
    .replace(/ -h \S+/, ' -h 127.0.0.1')
    .replace("'your password'", 'right');
  await new Program('sh', ['-c', line]).done();
  await lesson.reaches(4, 'done');
});

stage.scenario('what the broker says of itself', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  const lesson = await Lesson.open(page, 'What the broker says of itself');
  await page.subscribe('#');
  await lesson.hint(1, /does not bring topics that begin with \$/);
  await page.unsubscribe('#');
  await page.subscribe('$SYS/broker/bytes/#');
  await lesson.reaches(1, 'done');
  await lesson.press('Send these 5 messages');
  await lesson.reaches(2, 'done');
  await page.subscribe('$SYS/broker/clients/#');
  await lesson.reaches(3, 'done');
});

for (const kind of kinds) {
  stage.scenario(`${kind}: the three qualities of service`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    const lesson = await Lesson.open(page, 'At most once');
    const topic = 'lesson/qos';
    await page.publish({ topic, payload: 'a', qos: 1 });
    await lesson.hint(1, /That had another QoS/);
    await page.publish({ qos: 0 });
    await lesson.reaches(1, 'done');
    await page.publish({ qos: 1 });
    await lesson.reaches(2, 'done');
    await page.publish({ qos: 2 });
    await lesson.reaches(3, 'done');
    await page.subscribe(topic, { qos: 2 });
    await page.publish({ qos: 2 });
    await lesson.hint(4, /It came with 2/);
    await page.subscribe(topic, { qos: 0 });
    await until('it is granted anew', async () => /QoS 0/.test(await page.subscription(topic).innerText()));
    await page.publish({ qos: 2 });
    await lesson.reaches(4, 'done');
  });

  stage.scenario(`${kind}: messages that stay`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    const lesson = await Lesson.open(page, 'Messages that stay');
    const topic = 'lesson/lamp';
    await page.publish({ topic, payload: 'on', qos: 1, retain: false });
    await lesson.hint(1, /without Retain/);
    await page.publish({ retain: true });
    await lesson.reaches(1, 'done');
    await page.subscribe(topic);
    await lesson.reaches(2, 'done');
    await page.publish({ payload: 'off', retain: true });
    await lesson.reaches(3, 'done');
    await page.publish({ payload: '', retain: false });
    await lesson.hint(4, /clears nothing/);
    await page.publish({ payload: '', retain: true });
    await lesson.reaches(4, 'done');
    await page.unsubscribe(topic);
    await page.subscribe(topic);
    await page.publish({ payload: 'there?', retain: false });
    await lesson.reaches(5, 'done');
  });

  stage.scenario(`${kind}: the will of a second page`, async ({ open }) => {
    const broker = await stage.broker(kind);
    const page = await open();
    await page.join(broker);
    const lesson = await Lesson.open(page, 'The will');
    await page.subscribe('lesson/door/#');
    await lesson.reaches(1, 'done');
    const will = { topic: 'lesson/door/state', payload: 'offline', qos: 1, retain: false };
    const second = async () => {
      const door = await open();
      await writeWill(door, will);
      await door.join(broker);
      return door;
    };
    let door = await second();
    await page.publish({ topic: 'lesson/door/hello', payload: 'x' });
    await lesson.hint(2, /That came from this page/);
    await lesson.press('Start this step again');
    await door.publish({ topic: 'lesson/door/hello', payload: 'x' });
    await lesson.reaches(2, 'done');
    await door.page.context().close();
    await lesson.reaches(3, 'done');
    door = await second();
    await door.disconnect();
    await door.reaches('disconnected');
    await door.connect();
    await door.reaches('connected');
    await door.publish({ topic: 'lesson/door/hello', payload: 'back' });
    await lesson.reaches(4, 'done');
  });
}

stage.scenario('away and back: a session that stays', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  const lesson = await Lesson.open(page, 'Away and back');
  await page.subscribe('lesson/away', { qos: 1 });
  await lesson.hint(1, /this session ends with the connection/);
  await page.disconnect();
  await page.reaches('disconnected');
  await keepSession(page, { version: 'MQTT 5', clientId: 'learner' });
  await page.connect();
  await page.reaches('connected');
  await lesson.reaches(1, 'done');
  await page.disconnect();
  await lesson.reaches(2, 'done');
  await publish(broker, 'lesson/away', 'kept', { qos: 1 });
  await page.connect();
  await page.reaches('connected');
  await lesson.reaches(3, 'done');
});

stage.scenario('work for several: a shared subscription', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  const lesson = await Lesson.open(page, 'Work for several');
  await page.subscribe('$share/class/work');
  await lesson.reaches(1, 'done');
  await page.subscribe('lesson/done');
  await lesson.press('Send these 6 messages');
  await lesson.hint(2, /nobody else is in the group/);
  const other = await open();
  await other.join(broker);
  await other.subscribe('$share/class/work');
  await lesson.press('Start this step again');
  await lesson.press('Send these 6 messages');
  await page.publish({ topic: 'lesson/done', payload: 'x' });
  await lesson.reaches(2, 'done');
});

stage.scenario('a link opens a lesson at its step, in the language of the page, and Escape closes it', async ({ open }) => {
  const page = await open({ hash: '#lesson=will&step=3', locale: 'zh-TW' });
  const pane = page.page.locator('.lesson');
  await pane.getByText('關閉第二個分頁，就像門的電池耗盡一樣。').waitFor();
  assert.equal(await pane.locator('[data-step="3"]').getAttribute('data-state'), 'now');
  await page.page.evaluate(() => (location.hash = '#lesson=nowhere'));
  await pane.getByText('這裡沒有名為 nowhere 的課程。').waitFor();
  await page.press(pane.getByRole('button', { name: '所有課程', exact: true }));
  await pane.getByText('一次訂閱多個主題').waitFor();
  await page.page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });
});

stage.scenario('by keyboard alone: the focus goes into the lesson and comes back to Learn', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.join(broker);
  const keys = page.page.keyboard;
  const learn = page.button('Learn');
  const holds = (locator) => locator.evaluate((element) => element.contains(document.activeElement));
  await learn.focus();
  await keys.press('Enter');
  const lesson = new Lesson(page);
  await until('the focus is in the lessons', async () => (await lesson.pane.count()) === 1 && (await holds(lesson.pane)));
  // To the lesson on wildcards, the third, and into its first step.
  for (let at = 0; at < 3; at += 1) await keys.press('Tab');
  await keys.press('Enter');
  await lesson.step(1).getByRole('button', { name: 'Show me where', exact: true }).focus();
  await keys.press('Enter');
  await until('the field has the focus', async () => (await page.page.evaluate(() => document.activeElement.dataset.pane)) === 'subscriptions');
  await keys.type('sensors/temperature/+');
  await keys.press('Enter');
  await lesson.reaches(1, 'done');
  await lesson.pane.getByRole('button', { name: 'Close', exact: true }).focus();
  await keys.press('Enter');
  await lesson.pane.waitFor({ state: 'detached' });
  await until('Learn has the focus', () => holds(learn));
});

stage.scenario('a text that does not come, or cannot be read, takes no other lesson with it', async ({ open }) => {
  const page = await open();
  await page.page.route('**/lessons/will.txt', (route) => route.fulfill({ status: 404, body: 'no' }));
  await page.page.route('**/lessons/qos.txt', (route) => route.fulfill({ body: 'lesson: qos\ntitle: a\ncolour: <b>red</b>' }));
  await page.press(page.button('Learn'));
  const { pane } = new Lesson(page);
  await pane.getByText('The lesson will did not load.').waitFor();
  await pane.getByText('qos, line 3: there is no key colour.').waitFor();
  assert.equal(await pane.getByRole('listitem').count(), 11);
  await page.page.unroute('**/lessons/will.txt');
  await page.press(pane.getByRole('button', { name: 'Try again', exact: true }));
  await until('it came', async () => (await pane.getByRole('listitem').count()) === 12);
  // The browser itself writes of it.
  page.faults = page.faults.filter((fault) => !/404/.test(fault));
});

for (const [width, height] of [[390, 844], [1280, 800], [1920, 1080]]) {
  stage.scenario(`at ${width}x${height} the lesson and what it speaks of are seen together`, async ({ open }) => {
    const broker = await stage.broker('mosquitto');
    const page = await open({ viewport: { width, height } });
    await page.join(broker);
    const lesson = await Lesson.open(page, 'Many topics at once');
    await lesson.press('Show me where');
    const field = page.page.locator('.pointed-at');
    await field.waitFor();
    const box = await field.boundingBox();
    const pane = await lesson.pane.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= height && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
    const apart = box.x >= pane.x + pane.width || box.y + box.height <= pane.y;
    assert.ok(apart, `${JSON.stringify(box)} beside ${JSON.stringify(pane)}`);
    await page.mustNotScrollSideways('lesson');
    if (process.env.MIDGE_PICTURES) await page.page.screenshot({ path: `${process.env.MIDGE_PICTURES}/lesson-${width}.png` });
  });
}
