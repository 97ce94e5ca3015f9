// A soak by the clock, run by hand: a tab that nobody looks at, with a keep alive of 10 seconds. It is a failure when the
// broker ever sees it go, or when the page ever says so.
//
//   node tests/e2e/soak.mjs [minutes]
//
// Without playwright, which keeps every page visible: Chromium is spoken to directly, and another tab lies in front.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { Host, Mosquitto } from './brokers.mjs';
import { publish } from './mosquitto_clients.mjs';
import { folder, pause, until } from './processes.mjs';
import { chromiumFlags } from './stage.mjs';

const minutes = Number(process.argv[2] ?? 10);

/** Chromium's own protocol, without a library: nothing here may keep a page visible. */
class Devtools {
  static async start() {
    const profile = folder();
    const devtools = new Devtools();
    devtools.child = spawn(
      process.env.MIDGE_CHROMIUM || '/usr/bin/chromium',
      [...chromiumFlags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
      { stdio: 'ignore' },
    );
    const port = await until('Chromium listens', () => {
      try {
        return readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
      } catch {
        return undefined;
      }
    }, { within: 30_000 });
    devtools.socket = new WebSocket(`ws://127.0.0.1:${port[0]}${port[1]}`);
    devtools.waiting = new Map();
    devtools.number = 0;
    devtools.socket.on('message', (data) => {
      const { id, result, error } = JSON.parse(data);
      const { done, failed } = devtools.waiting.get(id) ?? {};
      devtools.waiting.delete(id);
      if (error) failed?.(new Error(error.message));
      else done?.(result);
    });
    await new Promise((done, failed) => devtools.socket.once('open', done).once('error', failed));
    return devtools;
  }

  call(method, params = {}, sessionId) {
    const id = (this.number += 1);
    this.socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((done, failed) => this.waiting.set(id, { done, failed }));
  }

  async tab(url) {
    const { targetId } = await this.call('Target.createTarget', { url });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    return {
      targetId,
      evaluate: async (expression) =>
        (await this.call('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }, sessionId)).result.value,
    };
  }

  stop() {
    this.child.kill();
  }
}

const [host, broker, devtools] = await Promise.all([Host.start(), Mosquitto.start(), Devtools.start()]);
let failure;
try {
  const link = `#url=${encodeURIComponent(broker.url)}&sub=${encodeURIComponent('soak/#')}&keep=10&id=soak&go=1`;
  const midge = await devtools.tab(host.page + link);
  const state = () => midge.evaluate(`document.querySelector('#connection')?.dataset.state`);
  await until(async () => `the page is connected`, async () => (await state()) === 'connected', { within: 30_000 });
  const front = await devtools.tab('about:blank');
  await devtools.call('Target.activateTarget', { targetId: front.targetId });
  await until('the page is hidden', async () => (await midge.evaluate('document.visibilityState')) === 'hidden');
  console.log(`hidden and connected; ${minutes} minutes from now on, keep alive 10 s`);
  const began = Date.now();
  let sent = 0;
  while (Date.now() - began < minutes * 60_000) {
    await pause(30_000);
    await publish(broker, 'soak/a', `message ${(sent += 1)}`, { qos: 1 });
    const now = { state: await state(), visible: await midge.evaluate('document.visibilityState') };
    if (now.state !== 'connected' || now.visible !== 'hidden') throw new Error(`after ${Math.round((Date.now() - began) / 1000)} s: ${JSON.stringify(now)}`);
    if (/soak (closed its connection|disconnected)|Client soak has exceeded timeout/.test(broker.program.output)) throw new Error(broker.program.output);
  }
  await devtools.call('Target.activateTarget', { targetId: midge.targetId });
  const received = () => midge.evaluate(`Number(document.querySelector('#counters').dataset.received)`);
  await until('all messages are there', async () => (await received()) === sent, { within: 10_000 });
  const connects = broker.program.output.match(/New client connected from [^\n]* as soak /g)?.length;
  if (connects !== 1) throw new Error(`the broker saw ${connects} connections`);
  console.log(`${minutes} minutes hidden, keep alive 10 s: one connection, ${sent} of ${sent} messages received`);
} catch (error) {
  failure = error;
} finally {
  devtools.stop();
  await Promise.all([host.stop(), broker.stop()]);
}
if (failure) {
  console.error(failure);
  process.exit(1);
}
process.exit(0);
