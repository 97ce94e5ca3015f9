// Pressure: a line that carries little or nothing slows what is published and fills no memory, and what it carries in the end
// arrives on one connection.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { SlowLine } from './slow_line.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const MB = 1_000_000;
const published = (broker) => broker.guests.flatMap((guest) => guest.packets.filter(({ cmd }) => cmd === 'publish'));
const leaving = async (page) => Number(await page.publisher.locator('.said').getAttribute('data-leaving'));
const said = (page) => page.publisher.locator('.said').innerText();

async function behind(keep, rate) {
  const broker = await keep(await FakeBroker.start());
  const line = await keep(await SlowLine.start(broker, { rate }));
  return { broker, line };
}

stage.scenario('a large file that takes longer than the keep alive arrives, on one connection, and says how much has not left', async ({ open, keep }) => {
  const { broker, line } = await behind(keep, 800_000);
  const page = await open();
  await page.keepAlive(3);
  await page.join(line);
  await page.watchStates();
  const bytes = Buffer.alloc(14 * MB, 'midge');
  await page.publish({ topic: 'slow/a', format: 'File', payload: { name: 'large.bin', bytes }, qos: 1 });
  await until('it says what is on its way', async () => (await leaving(page)) > MB);
  assert.match(await said(page), /^On its way: [\d.]+ MB have not left yet\.$/);
  await until(() => `it arrives, ${line.carried} bytes have`, () => published(broker).length > 0, { within: 30_000 });
  assert.ok(published(broker)[0].payload.equals(bytes));
  await until('it is acknowledged', async () => (await said(page)) === 'Published: slow/a');
  assert.equal(await leaving(page), 0);
  await page.subscribe('slow/#');
  assert.deepEqual(await page.statesSeen(), ['connected']);
  assert.equal(line.connections, 1);
  assert.equal(published(broker).length, 1);
});

stage.scenario('a series on a line that stands still is held back, says so, and goes on when the line does', async ({ open, keep }) => {
  const { broker, line } = await behind(keep, 0);
  const page = await open();
  await page.join(line);
  await page.watchStates();
  await page.compose({ topic: 'slow/b', format: 'File', payload: { name: 'some.bin', bytes: Buffer.alloc(MB, 7) }, qos: 0, every: 0.01 });
  await page.press(page.button('Start', page.publisher));
  await until(async () => `it waits for the line, it says ${await said(page)}`, async () => /waits for the line/.test(await said(page)), { within: 10_000 });
  // Time is what is tested: a hundred and fifty intervals go by, and no more of them goes.
  let sent;
  await until(
    () => `no more of them goes, ${sent} did`,
    async () => {
      const before = sent;
      ({ sent } = await page.counters());
      return sent === before;
    },
    { every: 1_500 },
  );
  // What the bound allows, and what the system's own buffers take.
  assert.ok(sent >= 16 && sent <= 40, `${sent} MB in all`);
  assert.equal(published(broker).length, 0);
  line.rate = 20 * MB;
  await until(() => `they arrive, ${published(broker).length} did`, () => published(broker).length > sent, { within: 15_000 });
  // This process carries all of it, and has to do the pressing as well.
  line.rate = MB;
  await page.press(page.button('Stop', page.publisher));
  assert.deepEqual(await page.statesSeen(), ['connected']);
});

stage.scenario('while whole messages come after PINGREQ, the broker may take its time to answer it', async ({ open, keep }) => {
  const flood = { sent: 0 };
  const broker = await keep(
    await FakeBroker.start({
      answers: {
        pingreq(guest) {
          flood.timer ??= setInterval(() => {
            flood.sent += 1;
            guest.send(guest.message('flood', Buffer.alloc(10_000, 1)));
            if (flood.sent === 12) {
              clearInterval(flood.timer);
              guest.send(Buffer.of(0xd0, 0));
            }
          }, 500);
        },
      },
    }),
  );
  const page = await open();
  // Silence of two seconds ends it, and the flood lasts six.
  await page.keepAlive(2);
  await page.join(broker);
  await page.watchStates();
  await page.received(12, 20_000);
  assert.deepEqual(await page.statesSeen(), ['connected']);
  assert.equal(broker.guests.length, 1);
});
