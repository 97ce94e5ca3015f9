// Panes that fit, from 320 to 2560 px: with short names, with those of Zigbee devices and with long Chinese ones, each row says
// when, which way, from where and what. Nothing lies over something else, and what is cut has a sign.

import assert from 'node:assert/strict';
import { FakeBroker } from './fake_broker.mjs';
import { until } from './processes.mjs';
import { Stage } from './stage.mjs';

const stage = new Stage();

const widths = [320, 360, 390, 430, 480, 560, 640, 641, 700, 768, 844, 900, 1000, 1001, 1024, 1100, 1180, 1280, 1366, 1440, 1600, 1920, 2240, 2560];
const device = (at) => `0x00158d00010${(0xab0 + at).toString(16).padStart(5, '0')}`;
/** Topics with what tells each from the others, and payloads. */
const contents = {
  short: Array.from({ length: 12 }, (_, at) => ({ topic: `lab/t${at}`, part: `t${at}`, payload: `${20 + at}.5` })),
  zigbee: Array.from({ length: 12 }, (_, at) => ({
    topic: `zigbee2mqtt/${device(at)}`,
    part: device(at).slice(-3),
    payload: JSON.stringify({ battery: 90 + (at % 10), humidity: 41.2, linkquality: 120, temperature: 21.37, voltage: 3015 }),
  })),
  chinese: Array.from({ length: 12 }, (_, at) => {
    const number = '零一二三四五六七八九十百'[at];
    return { topic: `大樓感測網路/三樓東側實驗室走廊/溫度計編號甲${number}`, part: `甲${number}`, payload: `目前的溫度是二十一點五度，濕度百分之四十一，一切正常，編號${number}` };
  }),
};

/** What is wrong with the rows in sight. Runs in the page. */
function faults(parts) {
  const found = [];
  const viewport = document.querySelector('#list .viewport');
  const frame = viewport.getBoundingClientRect();
  const rows = [...viewport.querySelectorAll('.row')].filter((row) => {
    const { top, bottom } = row.getBoundingClientRect();
    return row.checkVisibility() && top >= frame.top - 1 && bottom <= frame.bottom + 1;
  });
  if (rows.length < 3) return [`only ${rows.length} rows are in sight`];
  const inside = (box, outer) => box.left >= outer.left - 1 && box.right <= outer.right + 1 && box.top >= outer.top - 1 && box.bottom <= outer.bottom + 1;
  /** The boxes of a part of an element's text. */
  const boxes = (element, from, to) => {
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const all = [];
    let at = 0;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      for (let here = Math.max(from - at, 0); here < Math.min(to - at, node.length); here += 1) {
        const range = document.createRange();
        range.setStart(node, here);
        range.setEnd(node, here + 1);
        all.push(range.getBoundingClientRect());
      }
      at += node.length;
    }
    return all;
  };
  for (const row of rows) {
    const topic = row.dataset.topic;
    const name = `${topic}: `;
    const cell = (which) => row.querySelector(which);
    const whole = row.getBoundingClientRect();
    const cells = ['.t', '.dir', '.tp', '.pl', '.bd', '.sz'].map((which) => [which, cell(which)]).filter(([, e]) => e.checkVisibility() && e.getBoundingClientRect().width > 0);
    for (const which of ['.t', '.dir', '.tp', '.pl']) {
      const { width, height } = cell(which).getBoundingClientRect();
      if (width < 5 || height < 8) found.push(`${name}${which} is ${width}x${height}`);
    }
    for (const [which, e] of cells) {
      const box = e.getBoundingClientRect();
      if (!inside(box, whole)) found.push(`${name}${which} reaches out of its row`);
      if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).textOverflow !== 'ellipsis') found.push(`${name}${which} is cut without a sign`);
      for (const [other, e2] of cells) {
        if (other <= which) continue;
        const b = e2.getBoundingClientRect();
        if (box.left < b.right - 1 && b.left < box.right - 1 && box.top < b.bottom - 1 && b.top < box.bottom - 1) found.push(`${name}${which} lies over ${other}`);
      }
    }
    if (!/^\d\d:\d\d:\d\d/.test(cell('.t').textContent)) found.push(`${name}the time is ${cell('.t').textContent}`);
    if (cell('.t').scrollWidth > cell('.t').clientWidth + 1) found.push(`${name}the time has no room`);
    // What tells the topic from the others.
    const tp = cell('.tp');
    if (tp.textContent !== topic) found.push(`${name}the text is ${tp.textContent}`);
    const part = parts.find((one) => one.topic === topic)?.part;
    const start = topic.lastIndexOf(part);
    const shown = boxes(tp, start, start + part.length);
    if (shown.length !== part.length || shown.some((box) => box.width < 3 || !inside(box, tp.getBoundingClientRect()))) {
      found.push(`${name}${part} is not in sight`);
    }
    // What is left out has a sign.
    const hidden = tp.querySelector('.mid:not(:empty)');
    if (hidden && !getComputedStyle(hidden, '::before').content.includes('…')) found.push(`${name}no sign where the name is cut`);
    // A hair's breadth is enough for a browser to cut the end as well, and too little for its whole numbers.
    const letters = document.createRange();
    letters.selectNodeContents(tp);
    const end = Math.max(...[...letters.getClientRects()].map(({ right }) => right));
    if (end > tp.getBoundingClientRect().right + 0.001) found.push(`${name}the end of the topic is cut`);
    // Some of the payload: its first three characters, and no less than four columns.
    const pl = cell('.pl');
    const first = boxes(pl, 0, Math.min(3, pl.textContent.length));
    if (first.length === 0 || first.some((box) => box.width < 3 || !inside(box, pl.getBoundingClientRect()))) found.push(`${name}the payload is not in sight`);
  }
  // The head of the list: nothing in it lies over something else.
  const head = [...document.querySelector('#list .head').children].filter((e) => e.checkVisibility() && e.getBoundingClientRect().width > 1 && !e.matches('.grow, h2'));
  for (const [at, one] of head.entries()) {
    for (const other of head.slice(at + 1)) {
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) found.push(`${one.textContent} lies over ${other.textContent}`);
    }
  }
  const filter = document.querySelector('#list .filter').getBoundingClientRect();
  if (filter.width < 90) found.push(`the filter is ${Math.round(filter.width)} px wide`);
  return [...new Set(found)].slice(0, 6);
}

for (const [name, content] of Object.entries(contents)) {
  stage.scenario(`from 320 to 2560 px each row says when, which way, from where and what: ${name}`, async ({ open, keep }) => {
    const fake = await FakeBroker.start();
    await keep(fake);
    const page = await open({ viewport: { width: 1280, height: 900 } });
    await page.join(fake);
    await page.subscribe('#');
    const guest = await fake.guest();
    for (const [at, { topic, payload }] of content.entries()) guest.send(guest.message(topic, payload, at % 4 === 0 ? { retain: true } : {}));
    await page.received(content.length);
    const walk = async (where) => {
      for (const width of widths) {
        await page.page.setViewportSize({ width, height: 900 });
        let found;
        await until(
          () => `${where}, ${width} px: ${found?.join('; ')}`,
          async () => (found = await page.page.evaluate(faults, content)).length === 0,
          { within: 4_000 },
        );
        await page.mustNotScrollSideways(`${where}, ${width} px`);
      }
    };
    await walk('the list alone');
    await page.page.setViewportSize({ width: 1280, height: 900 });
    await page.inspect(await page.row(content.at(-1).topic));
    const covered = (width) => width <= 1000;
    for (const width of widths.filter((width) => !covered(width))) {
      await page.page.setViewportSize({ width, height: 900 });
      let found;
      await until(
        () => `beside the inspector, ${width} px: ${found?.join('; ')}`,
        async () => (found = await page.page.evaluate(faults, content)).length === 0,
        { within: 4_000 },
      );
    }
  }, { timeout: 120_000 });
}
