// Promise 8: 20,000 messages as fast as mosquitto_pub sends them: all of them arrive, and the page answers meanwhile.

import assert from 'node:assert/strict';
import { fileWith, publishLines } from './mosquitto_clients.mjs';
import { pause, until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage();
const amount = 20_000;

for (const kind of kinds) {
  stage.scenario(
    `${kind}: 20,000 messages: exactly 20,000 received, and a click is answered meanwhile`,
    async ({ open, t }) => {
      const broker = await stage.broker(kind);
      const lines = fileWith(Array.from({ length: amount }, (_, at) => `line ${at + 1} of the flood, some 64 bytes long as usual ......\n`).join(''));
      const page = await open();
      await page.join(broker);
      await page.subscribe('#');
      const begin = Date.now();
      const flood = publishLines(broker, 'flood/a', lines);
      await until('the flood begins', async () => (await page.counters()).received > 0, { every: 5 });

      const button = page.page.getByRole('button', { name: 'Pause', exact: true });
      const handle = await button.elementHandle();
      const look = () => handle.evaluate((e) => (e.isConnected ? e.outerHTML : 'gone'));
      const before = await look();
      const clicked = Date.now();
      await handle.click();
      await until('the click is answered', async () => (await look()) !== before, { within: 2_000, every: 5 });
      const answered = Date.now() - clicked;
      const meanwhile = (await page.counters()).received;

      await flood.done(60_000);
      const counters = await page.received(amount, 60_000);
      const took = Date.now() - begin;
      t.diagnostic(`${kind}: ${amount} in ${took} ms; the click was answered in ${answered} ms, at ${meanwhile} received`);
      assert.ok(meanwhile < amount, `the click was answered during the flood, at ${meanwhile} received`);
      assert.ok(answered < 1_000, `answered in ${answered} ms`);
      await pause(1_000);
      const end = await page.counters();
      assert.equal(end.received, amount);
      assert.equal(end.kept + end.dropped, end.received);
      assert.equal(counters.received, amount);

      // The list held still while paused; let go, it shows the last line first.
      await page.press(page.button(/^(Resume|Continue|Follow|Pause)$/).first());
      await page.row('flood/a', /line 20000 /);
      assert.match((await page.rows())[0].text, /line 20000 /);
    },
    { timeout: 120_000 },
  );
}
