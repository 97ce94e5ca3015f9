// The main job by keyboard alone, in the three engines that there are: connect, subscribe, publish, look inside, disconnect.

import assert from 'node:assert/strict';
import { engines } from './engines.mjs';
import { Listener } from './mosquitto_clients.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

/** What has the focus: its name, or its words, or its tag. */
const FOCUSED = `(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return 'nothing';
  return e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText?.trim() || e.dataset.pane || e.tagName;
})()`;
const STATE = `document.querySelector('#connection')?.dataset.state`;

for (const [name, Engine] of Object.entries(engines)) {
  stage.scenario(`the main job by keyboard alone, in ${name}`, async ({ keep }) => {
    const broker = await stage.broker('mosquitto');
    const host = await stage.host();
    const listener = await Listener.start(broker, 'by/#');
    await keep(listener);
    const engine = await Engine.start();
    await keep(engine);
    const sees = async (what, expression, wanted, within = 15_000) => {
      let seen;
      await until(
        () => `${what}: ${JSON.stringify(seen)}`,
        async () => wanted((seen = await engine.look(expression))),
        { within },
      );
      return seen;
    };
    const focusIs = (wanted) => sees(`the focus is on ${wanted}`, FOCUSED, (seen) => seen === wanted);
    const tabTo = async (wanted) => {
      for (let times = 0; times < 40; times += 1) {
        if ((await engine.look(FOCUSED)) === wanted) return;
        await engine.press('Tab');
      }
      assert.fail(`no way by Tab to ${wanted}`);
    };
    const command = async (letters, wanted) => {
      await engine.press('Control+k');
      await focusIs('Find a command, a topic or a connection');
      await engine.type(letters);
      await sees(`${wanted} is chosen`, `document.querySelector('#commands [aria-selected=true]')?.innerText`, (seen) => seen?.startsWith(wanted));
      await engine.press('Enter');
    };

    await engine.open(host.page);
    await sees('the page is there', `document.querySelectorAll('.inspector, #returned').length`, (seen) => seen === 2, 60_000);

    // Connect: past the header to the address, and on by Enter.
    await engine.press('Tab');
    await focusIs('Skip to the content');
    await engine.press('Enter');
    await focusIs('Address');
    await engine.press('Control+a');
    await engine.type(broker.url);
    await engine.press('Enter');
    await sees('it is connected', STATE, (seen) => seen === 'connected');

    // Subscribe: that is where the focus is.
    await focusIs('Topic filter');
    await engine.type('by/#');
    await engine.press('Enter');
    await sees('it is subscribed', `document.querySelector('[data-filter="by/#"]')?.dataset.state`, (seen) => seen === 'granted');

    // Publish: a way by the commands, and on by Tab.
    await command('write', 'Write a message');
    await focusIs('Topic');
    await engine.type('by/keys');
    await tabTo('Payload');
    await engine.type(`hello from ${name}?/`);
    await engine.press('Control+Enter');
    await listener.count(1);
    assert.equal(listener.messages[0].payload.toString(), `hello from ${name}?/`);
    await sees('it is told', `document.querySelector('#told').innerText.trim()`, (seen) => seen === 'Published: by/keys');

    // Look inside: to the messages by F6, to the row and into it by arrows.
    await sees('both ways are in the list', `[...document.querySelectorAll('.row[data-topic="by/keys"]')].filter((e) => e.getClientRects().length).length`, (seen) => seen === 2);
    await sees('the time is read whole', `[...document.querySelectorAll('.row[data-topic="by/keys"] .t')].filter((e) => e.getClientRects().length && e.scrollWidth > e.clientWidth).length`, (seen) => seen === 0);
    for (let times = 0; times < 8 && (await engine.look(`document.activeElement.dataset.pane`)) !== 'messages'; times += 1) await engine.press('F6');
    await focusIs('Messages');
    await engine.press('ArrowDown');
    const active = `document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))`;
    await sees('the row is told', `${active} && [${active}.ariaPosInSet, ${active}.ariaSetSize, ${active}.dataset.topic]`, (seen) => JSON.stringify(seen) === '["1","2","by/keys"]');
    await engine.press('End');
    await sees('the last row is told', `${active}?.ariaPosInSet`, (seen) => seen === '2');
    await engine.press('ArrowRight');
    await sees('the inspector has the focus', `document.activeElement.dataset.pane`, (seen) => seen === 'inspector');
    await sees('its payload is there', `document.querySelector('#payload')?.textContent`, (seen) => seen === `hello from ${name}?/`);
    await engine.press('Escape');
    await focusIs('Messages');
    await engine.press('/');
    await focusIs('Filter messages');
    await engine.press('F6');
    await engine.press('?');
    await sees('the keys are shown', `document.querySelector('#keys')?.open`, (seen) => seen === true);
    await engine.press('Escape');
    await sees('the keys are closed', `document.querySelector('#keys')?.open`, (seen) => seen === false);

    // Disconnect.
    await command('disc', 'Disconnect');
    await sees('it is disconnected', STATE, (seen) => seen === 'disconnected');
    await focusIs('Connect');
  }, { timeout: 180_000 });
}
