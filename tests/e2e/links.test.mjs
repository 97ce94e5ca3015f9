// A link fills the form; `go=1` connects at once; a password in a link is ignored with a warning.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { publish } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();
const link = (parts) => `#${new URLSearchParams(parts)}`;

stage.scenario('a link fills the form and does nothing more', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open({ hash: link([['url', fake.url], ['sub', 'a/#'], ['sub', 'b/+'], ['qos', '1'], ['user', 'chen']]) });
  await until('the address is filled in', async () => (await page.value('Address')) === fake.url);
  assert.equal(await page.value('User name'), 'chen');
  assert.equal(await page.state(), 'disconnected');
  assert.equal(fake.guests.length, 0);
  // The press is the first that tries anything. The link's filters are asked for then.
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  assert.equal(fake.guests.length, 1);
  await page.subscribed('a/#');
  await page.subscribed('b/+');
  const asked = (await fake.guest()).packets.filter(({ cmd }) => cmd === 'subscribe').flatMap(({ subscriptions }) => subscriptions);
  assert.deepEqual(asked.map(({ topic, qos }) => [topic, qos]), [['a/#', 1], ['b/+', 1]]);
  assert.equal((await fake.guest()).packets[0].username, 'chen');
});

stage.scenario('go=1 connects at once and subscribes', async ({ open }) => {
  const broker = await stage.broker('mosquitto');
  const page = await open({ hash: link([['url', broker.url], ['sub', 'linked/#'], ['go', '1']]) });
  await page.reaches('connected');
  await page.subscribed('linked/#');
  await publish(broker, 'linked/a', 'hello');
  await page.row('linked/a', /hello/);
});

stage.scenario('the link as the README writes it, encoded by hand, works', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const port = new URL(fake.url).port;
  const page = await open({ hash: `#url=ws%3A%2F%2F127.0.0.1%3A${port}&sub=a%2F%23&sub=b%2F%2B&qos=1&user=chen&go=1` });
  await page.reaches('connected');
  await page.subscribed('a/#');
  await page.subscribed('b/+');
  const { packets } = await fake.guest();
  assert.equal(packets[0].username, 'chen');
  const asked = packets.filter(({ cmd }) => cmd === 'subscribe').flatMap(({ subscriptions }) => subscriptions);
  assert.deepEqual(asked.map(({ topic, qos }) => [topic, qos]), [['a/#', 1], ['b/+', 1]]);
});

for (const name of ['password', 'pass']) {
  stage.scenario(`a password in a link (${name}=) is ignored with a warning`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open({ hash: link([['url', fake.url], ['user', 'chen'], [name, 'geheim77']]) });
    await page.page
      .getByText('The password in the link was ignored: links are not a safe place for it. Please type it here.', { exact: true })
      .waitFor();
    assert.equal(await page.value('Password'), '');
    assert.doesNotMatch(await page.page.locator('body').innerText(), /geheim77/);
    await page.press(page.button('Connect'));
    await page.reaches('connected');
    assert.equal((await fake.guest()).packets[0].password, undefined);
  });
}

stage.scenario('a link with an address that is not one is explained, and go=1 tries nothing', async ({ open, keep }) => {
  const fake = await keep(FakeBroker.start());
  const page = await open({ hash: link([['url', 'javascript:alert(1)'], ['go', '1']]) });
  await page.watchStates();
  assert.equal(await page.fault('#address-error'), 'An address starts with ws:// or, encrypted, with wss://.');
  assert.equal(await page.state(), 'disconnected');
  // The press is the first that tries anything.
  await page.connect({ address: fake.url });
  await page.reaches('connected');
  await page.sawOnly('disconnected', 'connecting', 'connected');
});

stage.scenario('a link with a filter that is not valid leaves it out and connects with the others', async ({ open, keep }) => {
  const fake = await FakeBroker.start();
  await keep(fake);
  const page = await open({ hash: link([['url', fake.url], ['sub', 'a/#/b'], ['sub', 'fine/#'], ['go', '1']]) });
  await page.reaches('connected');
  await page.subscribed('fine/#');
  assert.deepEqual((await page.subscriptions()).map((row) => row.filter), ['fine/#']);
  await page.page.getByText("The link's topic filter a/#/b is not valid and was left out.", { exact: true }).waitFor();
  const asked = (await fake.guest()).packets.filter(({ cmd }) => cmd === 'subscribe').flatMap(({ subscriptions }) => subscriptions);
  assert.deepEqual(asked.map(({ topic }) => topic), ['fine/#']);
});
