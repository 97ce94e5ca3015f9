// Promises 2 and 4: what the page publishes arrives at mosquitto_sub byte for byte; series run and stop.

import assert from 'node:assert/strict';
import { Listener } from './mosquitto_clients.mjs';
import { pause, until } from './processes.mjs';
import { Stage, kinds } from './stage.mjs';

const stage = new Stage({ whole: true });

for (const kind of kinds) {
  /** A connected page, and mosquitto_sub on a topic of its own. */
  const ready = async ({ open, keep }, name, more = {}) => {
    const broker = await stage.broker(kind);
    const listener = await Listener.start(broker, `${name}/#`);
    await keep(listener);
    const page = await open(more);
    await page.join(broker);
    return { broker, listener, page };
  };

  for (const qos of [0, 1, 2]) {
    stage.scenario(`${kind}: the page publishes at QoS ${qos}`, async (tools) => {
      const { listener, page } = await ready(tools, `qos${qos}`);
      await page.publish({ topic: `qos${qos}/a`, payload: `at ${qos}`, qos });
      const [got] = await listener.count(1);
      assert.equal(got.topic, `qos${qos}/a`);
      assert.equal(got.payload.toString(), `at ${qos}`);
      assert.equal(got.qos, qos);
      assert.equal(got.retain, false);
      await until('it is counted as sent', async () => (await page.counters()).sent === 1);
      // The exchange is complete: the next one goes through, too, and nothing came twice.
      await page.publish({ payload: 'again' });
      await listener.count(2);
      assert.deepEqual(listener.messages.map((m) => m.payload.toString()), [`at ${qos}`, 'again']);
    });
  }

  stage.scenario(`${kind}: UTF-8 text arrives as the same bytes`, async (tools) => {
    const { listener, page } = await ready(tools, 'utf8');
    const text = 'Grüße 溫度 23.4 °C 🌡️ \t "quoted" <b>&amp;</b>\nsecond line';
    await page.publish({ topic: 'utf8/溫度', payload: text, format: 'Text' });
    const [got] = await listener.count(1);
    assert.equal(got.topic, 'utf8/溫度');
    assert.deepEqual(got.payload, Buffer.from(text));
  });

  stage.scenario(`${kind}: bytes written as hex arrive as those bytes`, async (tools) => {
    const { listener, page } = await ready(tools, 'hex');
    await page.publish({ topic: 'hex/a', payload: '00 ff 80 0a\n7F', format: 'Hex', qos: 1 });
    const [got] = await listener.count(1);
    assert.deepEqual([...got.payload], [0x00, 0xff, 0x80, 0x0a, 0x7f]);
  });

  stage.scenario(`${kind}: JSON arrives as it was typed`, async (tools) => {
    const { listener, page } = await ready(tools, 'json');
    await page.publish({ topic: 'json/a', payload: '{"on": true, "level": 1.50}', format: 'JSON' });
    const [got] = await listener.count(1);
    assert.equal(got.payload.toString(), '{"on": true, "level": 1.50}');
  });

  stage.scenario(`${kind}: a file arrives byte for byte`, async (tools) => {
    const { listener, page } = await ready(tools, 'file');
    const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 131) & 255));
    await page.publish({ topic: 'file/a', format: 'File', payload: { name: 'picture.bin', bytes } });
    const [got] = await listener.count(1);
    assert.deepEqual(got.payload, bytes);
  });

  stage.scenario(`${kind}: an empty payload arrives as no bytes`, async (tools) => {
    const { listener, page } = await ready(tools, 'empty');
    await page.publish({ topic: 'empty/a', payload: '', format: 'Text', qos: 1 });
    const [got] = await listener.count(1);
    assert.equal(got.length, 0);
    assert.equal(got.topic, 'empty/a');
  });

  stage.scenario(`${kind}: a retained message is there for a later subscriber, and shows as retained on a new page`, async (tools) => {
    const { broker, page } = await ready(tools, 'unused');
    const topic = `kept/${kind}`;
    await page.publish({ topic, payload: 'for later', qos: 1, retain: true });
    await until('it is sent', async () => (await page.counters()).sent === 1);
    const late = await Listener.start(broker, 'kept/#');
    await tools.keep(late);
    const [got] = await late.count(1);
    assert.equal(got.payload.toString(), 'for later');
    assert.equal(got.retain, true);

    const other = await tools.open();
    await other.join(broker);
    await other.subscribe('kept/#');
    assert.match((await other.row(topic, /for later/)).text, /retained/);

    // No bytes with the retain flag take it away again.
    await page.publish({ payload: '', retain: true });
    await until('it is taken away', () => late.messages.length === 2);
    const third = await tools.open();
    await third.join(broker);
    await third.subscribe('kept/#');
    await third.publish({ topic: 'kept/marker', payload: 'marker' });
    await third.row('kept/marker');
    assert.ok(!(await third.rows()).some((row) => row.topic === topic));
  });

  stage.scenario(`${kind}: an interval that cannot be is explained, and one with a decimal point is kept to`, async ({ open, keep }) => {
    const broker = await stage.broker(kind);
    const listener = await Listener.start(broker, 'interval/#');
    await keep(listener);
    const page = await open();
    await page.join(broker);
    for (const every of ['soon', '0.009', '-1', '86401', '']) {
      await page.compose({ topic: 'interval/a', payload: 'tick', format: 'Text', every });
      await page.press(page.button('Start'));
      assert.equal(await page.fault('#payload-error'), 'The interval is a number of seconds from 0.01 to 86,400.', every);
      await page.compose({ payload: 'another' });
      await page.noFault('#payload-error');
    }
    await page.compose({ every: '.5' });
    await page.press(page.button('Start'));
    await listener.count(3, 10_000);
    await page.press(page.button('Stop'));
  });

  stage.scenario(
    `${kind}: MYTOPIC gets a random number from 0 to 99 every second for ten seconds, and stops when told`,
    async ({ open, keep }) => {
      const broker = await stage.broker(kind);
      const listener = await Listener.start(broker, 'MYTOPIC');
      await keep(listener);
      const page = await open();
      await page.join(broker);
      await page.compose({ topic: 'MYTOPIC', payload: '{{random 0..99}}', format: 'Text', every: 1 });
      await page.press(page.button('Start'));
      await listener.count(1, 2_000);
      const began = Date.now();
      await listener.count(11, 15_000);
      const took = Date.now() - began;
      assert.ok(took > 9_000 && took < 11_000, `ten intervals of a second took ${took} ms`);
      await page.press(page.button('Stop'));
      // Nothing comes after that, and an interval is a second: time is what is tested.
      await pause(1_500);
      const texts = listener.messages.map((m) => m.payload.toString());
      assert.ok(texts.length <= 12, `nothing comes after Stop: ${texts}`);
      assert.equal((await page.counters()).sent, texts.length);
      for (const text of texts) {
        assert.match(text, /^\d{1,2}$/);
      }
      assert.ok(new Set(texts).size > 1, `they differ: ${texts}`);
      assert.equal(await page.value('Payload'), '{{random 0..99}}', 'the template is still there');
    },
  );

  for (const [format, payload, named] of [
    ['JSON', '{"val_tpl":"{{ value_json.t }}"}', '{{ value_json.t }}'],
    ['Text', '{{ states("sensor.a") | float }} {{randm 0..9}} {{', '{{randm 0..9}}'],
  ]) {
    stage.scenario(`${kind}: what is no placeholder goes out as it is, with a word: ${payload}`, async (tools) => {
      const { listener, page } = await ready(tools, 'braces');
      await page.compose({ topic: 'braces/a', payload, format });
      const word = page.page.locator('#payload-as-it-is');
      await until('it is said', async () => (await word.innerText()).includes(named));
      await page.publish({ qos: 1 });
      const [got] = await listener.count(1);
      assert.equal(got.payload.toString(), payload);
      await page.noFault('#payload-error');
    });
  }

  stage.scenario(`${kind}: placeholders are left alone when that is asked for, and by Edit and publish`, async (tools) => {
    const { listener, page } = await ready(tools, 'raw');
    await page.publish({ topic: 'raw/a', payload: '{{random 9..0}} {{{{', format: 'Text' });
    assert.match(await page.fault('#payload-error'), /^“\{\{random 9\.\.0\}\}” cannot be filled in\. To send it as it is, untick “Fill in placeholders”\. /);
    await page.press(page.page.getByRole('checkbox', { name: 'Fill in placeholders', exact: true }));
    await page.noFault('#payload-error');
    await page.publish();
    await listener.count(1);
    await page.subscribe('raw/#');
    await page.publish({ payload: 'a {{seq}} b' });
    await listener.count(2);
    await page.inspect(await page.row('raw/a', /seq/));
    await page.press(page.button('Edit and publish', page.inspector));
    assert.equal(await page.value('Payload'), 'a {{seq}} b');
    await page.publish();
    await listener.count(3);
    await page.publish({ payload: '{{seq}}' });
    await listener.count(4);
    await page.press(page.page.getByRole('checkbox', { name: 'Fill in placeholders', exact: true }));
    await page.publish();
    const texts = (await listener.count(5)).map((m) => m.payload.toString());
    assert.deepEqual(texts, ['{{random 9..0}} {{{{', 'a {{seq}} b', 'a {{seq}} b', '{{seq}}', '1']);
  });

  stage.scenario(`${kind}: JSON with placeholders is checked with each of their choices, and told where it was typed`, async (tools) => {
    const { listener, page } = await ready(tools, 'choices');
    await page.publish({ topic: 'choices/a', payload: '{"at":{{unix_ms}},"on":{{pick 1|yes}},}', format: 'JSON' });
    assert.match(await page.fault('#payload-error'), /column 39: a comma/);
    await page.publish({ payload: '{"at":{{unix_ms}},"on":{{pick 1|yes}}}' });
    assert.match(await page.fault('#payload-error'), /column 24: yes is no value/);
    await page.publish({ payload: '{"at":{{unix_ms}},"on":{{pick 1|true}}}' });
    const [got] = await listener.count(1);
    assert.match(got.payload.toString(), /^\{"at":\d+,"on":(1|true)\}$/);
  });
}
