// Times with their dates: a message of yesterday does not look like one of today, and every message is in the local time
// that held when it came.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { chooseLanguage, closeDialog, openSettings } from './panels.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Day, month and year in a time zone. */
function dateIn(timeZone, time) {
  const parts = new Intl.DateTimeFormat('en', { timeZone, day: 'numeric', month: 'numeric', year: 'numeric' }).formatToParts(time);
  const part = (type) => Number(parts.find((one) => one.type === type).value);
  return { day: part('day'), month: part('month'), year: part('year') };
}

async function ready({ open, keep }, more, prepare = async () => {}) {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open(more);
  await prepare(page);
  await page.visit(page.address);
  await page.join(fake);
  await page.subscribe('#');
  const guest = await fake.guest();
  let sent = 0;
  const send = async (topic, payload) => {
    guest.send(guest.message(topic, payload));
    await page.received((sent += 1));
  };
  return { page, send };
}

const timeOf = (page, topic) => page.page.locator(`[data-topic="${topic}"]:visible .t`).innerText();

/** The inspector's line for when a message came. */
const received = async (page, topic) => {
  await page.inspect(await page.row(topic));
  return (await page.facts()).get('Received');
};

stage.scenario('past midnight, messages of the day before get their date, and new ones have none', async (tools) => {
  const { page, send } = await ready(tools, { timezoneId: 'Asia/Taipei' }, (page) => page.page.clock.install());
  await send('of/yesterday', '1');
  await page.row('of/yesterday');
  assert.match(await timeOf(page, 'of/yesterday'), /^\d\d:\d\d:\d\d\.\d{3}$/);
  const narrow = await page.page.locator('[data-topic="of/yesterday"]:visible .tp').evaluate((e) => e.getBoundingClientRect().left);
  // The worker's clock goes on as it did: only the page lives a day later.
  const date = dateIn('Asia/Taipei', Date.now());
  await page.page.clock.fastForward('24:00:00');
  const wanted = new RegExp(`^${date.day} ${MONTHS[date.month - 1]}( \\d{4})? \\d\\d:\\d\\d:\\d\\d\\.\\d{3}$`);
  let seen;
  await until(() => `a date; it shows ${seen}`, async () => wanted.test((seen = await timeOf(page, 'of/yesterday'))));
  const { cut, wide } = await page.page.locator('[data-topic="of/yesterday"]:visible .t').evaluate((e) => ({
    cut: e.scrollWidth > e.clientWidth,
    wide: e.parentElement.querySelector('.tp').getBoundingClientRect().left,
  }));
  assert.equal(cut, false, 'the date has room');
  assert.ok(wide > narrow);
});

stage.scenario('the inspector says the whole date and how far local time is from UTC', async (tools) => {
  const { page, send } = await ready(tools, { timezoneId: 'Asia/Kathmandu' });
  const before = dateIn('Asia/Kathmandu', Date.now());
  await send('whole/date', '1');
  const after = dateIn('Asia/Kathmandu', Date.now());
  const whole = await received(page, 'whole/date');
  // Midnight may have passed meanwhile.
  const { day, month, year } = whole.startsWith(`${before.day} `) ? before : after;
  assert.match(whole, new RegExp(`^${day} ${MONTHS[month - 1]} ${year} \\d\\d:\\d\\d:\\d\\d\\.\\d{3} UTC\\+05:45$`));
  await page.press(page.inspector.getByRole('tab', { name: 'Packet', exact: true }));
  await until('the packet says it too', async () => (await page.inspector.innerText()).includes(whole));
  await openSettings(page);
  await chooseLanguage(page, '繁體中文');
  await closeDialog(page);
  await until('in Chinese', async () => (await page.page.locator('.inspector').innerText()).includes(`${year}年${month}月${day}日`));
});

stage.scenario('two messages of one list are each in the local time that held when they came', async (tools) => {
  // The worker's clock is put to any time from here.
  const clock = `{ const real = Date.now.bind(Date); const origin = performance.timeOrigin;
    const put = (to) => { ahead = Date.parse(to) - real(); };
    let ahead; put('2025-07-01T11:59:00Z');
    const channel = new BroadcastChannel('clock');
    channel.onmessage = ({ data }) => { put(data); channel.postMessage('put'); };
    Object.defineProperty(performance, 'timeOrigin', { get: () => origin + ahead });
    Date.now = () => real() + ahead; }\n`;
  const { page, send } = await ready(tools, { timezoneId: 'Europe/Berlin' }, (page) =>
    page.page.route('**/engine.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: clock + (await response.text()) });
    }),
  );
  const at = async (time, topic) => {
    await page.page.evaluate(
      (to) =>
        new Promise((done) => {
          const channel = new BroadcastChannel('clock');
          channel.onmessage = done;
          channel.postMessage(to);
        }),
      time,
    );
    await send(topic, '1');
    await page.row(topic);
  };
  await at('2025-07-01T12:00:00Z', 'in/summer');
  await at('2025-10-26T00:30:00Z', 'first/half/past/two');
  await at('2025-10-26T01:30:00Z', 'second/half/past/two');
  await at('2025-12-01T12:00:00Z', 'in/winter');
  assert.match(await timeOf(page, 'in/summer'), /^1 Jul 2025 14:00:/);
  assert.match(await timeOf(page, 'in/winter'), /^1 Dec 2025 13:00:/);
  assert.match(await timeOf(page, 'first/half/past/two'), /^26 Oct 2025 02:30:/);
  assert.match(await timeOf(page, 'second/half/past/two'), /^26 Oct 2025 02:30:/);
  assert.match(await received(page, 'first/half/past/two'), /^26 Oct 2025 02:30:\d\d\.\d{3} UTC\+02:00$/);
  assert.match(await received(page, 'second/half/past/two'), /^26 Oct 2025 02:30:\d\d\.\d{3} UTC\+01:00$/);
});
