// Promise 8: 20,000 messages as fast as mosquitto_pub sends them: all of them arrive, and the page answers meanwhile.

import assert from 'node:assert/strict';
import { fileWith, publish, publishLines } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
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
      // Everything the clicks need is looked up before the flood: the clicks shall be fast enough to fall into it.
      const handle = await page.page.getByRole('button', { name: 'Pause', exact: true }).elementHandle();
      const box = await handle.boundingBox();
      const look = () =>
        handle.evaluate((e) => ({ said: e.outerHTML, received: Number(document.querySelector('#counters').dataset.received) }));
      const begin = Date.now();
      const flood = publishLines(broker, 'flood/a', lines);
      const clicks = [];
      let now = await look();
      while (now.received < amount && Date.now() - begin < 60_000) {
        const before = now;
        const clicked = Date.now();
        await page.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
        await until('the click is answered', async () => (now = await look()).said !== before.said, { within: 5_000, every: 2 });
        clicks.push({ took: Date.now() - clicked, from: before.received, to: now.received });
      }
      await flood.done(60_000);
      const counters = await page.received(amount, 60_000);
      const took = Date.now() - begin;
      const during = clicks.filter((click) => click.to > 0 && click.from < amount).map((click) => click.took).sort((a, b) => a - b);
      assert.ok(during.length > 0, 'a click fell into the flood');
      const [median, slowest] = [during[during.length >> 1], during.at(-1)];
      t.diagnostic(`${kind}: ${amount} in ${took} ms; ${during.length} clicks meanwhile, answered in ${median} ms by the median, ${slowest} ms at most`);
      // How fast is measured by \`cargo xtask bench\`, not here: broker, publisher and browser share the machine.
      assert.equal(counters.received, amount);
      // Nothing comes twice: the next message is the next that is counted.
      await publish(broker, 'flood/end', 'the end');
      const end = await page.received(amount + 1);
      assert.equal(end.received, amount + 1);
      assert.equal(end.kept + end.dropped, end.received);

      // The list follows again after an even number of clicks; it shows the last line first.
      if (clicks.length % 2 === 1) await handle.click();
      await page.row('flood/end', /the end/);
      assert.match((await page.rows())[1].text, /line 20000 /);
    },
    { timeout: 120_000 },
  );
}
