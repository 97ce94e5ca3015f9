// Brokers that no browser reaches, reached through the companion that serves the page: without a WebSocket listener, over TLS
// with an own CA, with a client certificate; and in words why it is not reached.

import assert from 'node:assert/strict';
import { Host, Mosquitto } from './brokers.mjs';
import { authority, signed } from './certificates.mjs';
import { Listener, publish } from './mosquitto_clients.mjs';
import { profile } from './panels.mjs';
import { freePort, until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** Mosquitto's lines for another listener over TLS, which may want certificates of clients. */
const overTls = (port, ca, leaf, ...more) => [
  `listener ${port} 127.0.0.1`, 'socket_domain ipv4', `cafile ${ca.cert}`, `certfile ${leaf.cert}`, `keyfile ${leaf.key}`, ...more,
];

/** CAs, certificates of them, and a mosquitto that shows those. */
const closed = () => stage.once('closed', async () => {
  const [ours, theirs] = await Promise.all([authority('ours'), authority('theirs')]);
  const here = { addresses: ['127.0.0.1'], names: ['localhost'] };
  const [leaf, other, stranger, past, me] = await Promise.all([
    signed('leaf', ours, here),
    signed('other', ours, { names: ['elsewhere.example'] }),
    signed('stranger', theirs, here),
    signed('past', ours, { ...here, days: -1 }),
    signed('me', ours),
  ]);
  const names = ['own', 'mutual', 'framed', 'wrong', 'strange', 'expired'];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()])));
  const broker = await Mosquitto.start({
    websocket: false,
    lines: [
      ...overTls(ports.own, ours, leaf),
      ...overTls(ports.mutual, ours, leaf, 'require_certificate true'),
      ...overTls(ports.framed, ours, leaf, 'protocol websockets'),
      ...overTls(ports.wrong, ours, other),
      ...overTls(ports.strange, theirs, stranger),
      ...overTls(ports.expired, ours, past),
    ],
  });
  const brokers = names.flatMap((name) => ['--broker', `${name}=${name === 'framed' ? 'wss' : 'mqtts'}://127.0.0.1:${ports[name]}`]);
  return { broker, brokers, ours, me, stop: () => broker.stop() };
});

/** Says and hears through this page what goes over the broker's plain listener. */
async function bothWays(page, broker, topic) {
  await page.subscribe(`${topic}/#`);
  await publish(broker, `${topic}/in`, '21.5', { qos: 1 });
  await page.row(`${topic}/in`, /21\.5/);
  const listener = await Listener.start(broker, [`${topic}/out`]);
  await page.publish({ topic: `${topic}/out`, payload: 'hello' });
  const [heard] = await listener.count(1);
  await listener.stop();
  assert.equal(heard.payload.toString(), 'hello');
}

stage.scenario('a broker with a plain TCP listener alone is offered by its name, and its users hold', async ({ open, keep }) => {
  const broker = await keep(Mosquitto.start({ websocket: false }));
  const guarded = await keep(Mosquitto.start({ websocket: false, users: { chen: 'tea' } }));
  const host = await keep(Host.start({
    options: ['--broker', `lab=mqtt://127.0.0.1:${broker.tcp}`, '--broker', `hall=mqtt://127.0.0.1:${guarded.tcp}`],
  }));
  const page = await open({ at: host.page });
  const way = (name) => `ws://127.0.0.1:${host.port}/broker/${name}`;
  await profile(page, 'hall').waitFor();
  assert.equal(await page.value('Address'), way('lab'));
  await page.press(page.button('Connect'));
  await page.reaches('connected');
  await bothWays(page, broker, 'lab');
  // What a terminal would be told is of another broker, and so is the inside of the companion's own.
  await page.page.locator('.publisher .terminal').getByText('Not from here: this page reaches the broker through its host.').waitFor();
  assert.equal(await page.button('Inside the broker').isVisible(), false);
  await page.disconnect();
  await page.reaches('disconnected');
  await page.press(profile(page, 'hall'));
  assert.equal(await page.value('Address'), way('hall'));
  await page.connect({ userName: 'chen', password: 'coffee' });
  await page.explains('refused');
  await page.connect({ userName: 'chen', password: 'tea' });
  await page.reaches('connected');
  await page.disconnect();
  await page.reaches('disconnected');
  await page.press(profile(page, 'This machine'));
  assert.equal(await page.value('Address'), host.url);
  await page.connect({ userName: '', password: '' });
  await page.reaches('connected');
});

stage.scenario('a broker that goes away is told in words, and joined again when it is back', async ({ open, keep }) => {
  const broker = await keep(Mosquitto.start({ websocket: false }));
  const host = await keep(Host.start({ options: ['--broker', `lab=mqtt://127.0.0.1:${broker.tcp}`] }));
  const page = await open({ at: host.page });
  await page.connect();
  await page.reaches('connected');
  await page.subscribe('back/#');
  await broker.stop();
  await page.reaches('waiting');
  // What ended the connection is told first, and then what the latest try came to.
  let words;
  await until(() => `the latest try is told, it says ${words}`, async () => /Latest try: .*nothing listens on that port \(code 4150\)/.test((words = (await page.trouble())?.words ?? '')), { within: 30_000 });
  await broker.start();
  await page.reaches('connected', 40_000);
  await publish(broker, 'back/again', 'here', { qos: 1 });
  await page.row('back/again', /here/);
}, { timeout: 120_000 });

stage.scenario('an own CA and a client certificate open what is closed to browsers, over mqtts and over wss', async ({ open, keep }) => {
  const { broker, brokers, ours, me } = await closed();
  const host = await keep(Host.start({ options: [...brokers, '--broker-ca', ours.cert, '--broker-cert', me.cert, '--broker-key', me.key] }));
  const page = await open({ at: host.page });
  for (const name of ['own', 'mutual', 'framed']) {
    await page.join({ url: `ws://127.0.0.1:${host.port}/broker/${name}` });
    await bothWays(page, broker, name);
    await page.disconnect();
    await page.reaches('disconnected');
  }
});

for (const [what, name, why, chinese, trusts = true] of [
  ['no CA is named', 'own', /does not trust the broker's certificate; start it with --broker-ca and the file of that CA \(code 4154\)/, /不信任 Broker 的憑證/, false],
  ['another CA signed it', 'strange', /does not trust the broker's certificate/, /代碼 4154/],
  ['its certificate is for another name', 'wrong', /the broker's certificate is for another host name than --broker says \(code 4155\)/, /屬於其他主機名稱/],
  ['its certificate ran out', 'expired', /the broker's certificate is not valid today \(code 4156\)/, /今天不在有效期內/],
  ['it wants a certificate', 'mutual', /the broker wants a client certificate; start the companion with --broker-cert and --broker-key \(code 4158\)/, /要求用戶端憑證/],
]) {
  stage.scenario(`${what}: the page says why the broker is not reached`, async ({ open, keep }) => {
    const { brokers, ours } = await closed();
    const host = await keep(Host.start({ options: [...brokers, ...(trusts ? ['--broker-ca', ours.cert] : [])] }));
    const link = `#url=${encodeURIComponent(`ws://127.0.0.1:${host.port}/broker/${name}`)}&go=1`;
    for (const [locale, words] of [['en-GB', why], ['zh-TW', chinese]]) {
      const page = await open({ at: host.page, hash: link, locale });
      assert.match(await page.explains(['closed-before-connack', 'lost']), words);
    }
  });
}
