// Keep alive: PINGREQ goes out in time, and not at all when it is turned off.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { throughout, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const pings = (guest) => guest.packets.filter(({ cmd }) => cmd === 'pingreq').length;

stage.scenario('a keep alive of 2 s keeps a silent connection to mosquitto', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open();
  await page.keepAlive(2);
  await page.join(broker);
  await page.watchStates();
  // Time is what is tested: Mosquitto ends a connection that is silent for 3 s.
  await throughout('it is connected', 7_000, async () => (await page.state()) === 'connected');
  assert.deepEqual(await page.statesSeen(), ['connected']);
});

stage.scenario('PINGREQ goes out within every keep alive', async ({ open, keep }) => {
  const times = [];
  const fake = await FakeBroker.start({
    answers: {
      pingreq(guest) {
        times.push(Date.now());
        guest.send(Buffer.of(0xd0, 0));
      },
    },
  });
  await keep(fake);
  const page = await open();
  await page.keepAlive(2);
  await page.join(fake);
  const guest = await fake.guest();
  assert.equal((await guest.got('connect')).keepalive, 2);
  const begin = Date.now();
  await until('three PINGREQ', () => times.length === 3);
  const gaps = times.map((time, at) => time - (times[at - 1] ?? begin));
  // What is later than one and a half times the keep alive ends the connection (MQTT 3.1.1 section 3.1.2.10).
  assert.ok(Math.max(...gaps) < 3_000, `the gaps are ${gaps} ms`);
  assert.equal(await page.state(), 'connected');
  assert.equal(guest.broken, undefined);
});

stage.scenario('keep alive 0 sends no PINGREQ', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open();
  await page.keepAlive(0);
  await page.join(fake);
  const guest = await fake.guest();
  assert.equal((await guest.got('connect')).keepalive, 0);
  // Another page asks twice meanwhile.
  const other = await open();
  await other.keepAlive(1);
  await other.join(fake);
  const asking = await fake.guest(1);
  await until('another page has sent two PINGREQ', () => pings(asking) === 2);
  assert.equal(pings(guest), 0);
  assert.equal(await page.state(), 'connected');
});
