// What a run says at its end, after node's own words: where the time went, and which scenarios needed a second try.

import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';
import { SECOND_TRY } from './second_tries.mjs';

/** How many of the slowest scenarios are named. */
const SLOWEST = 15;

/** What a stage says of its file; see `stage.mjs`. */
const TIME = /^(\S+): \d+ scenarios in (\d+) ms$/gm;

const seconds = (ms) => `${(ms / 1_000).toFixed(1).padStart(7)} s`;
const slowestFirst = (all) => [...all].sort(([, one], [, other]) => other - one);

export default async function* summary(events) {
  const files = [];
  const scenarios = [];
  const again = [];
  async function* watched() {
    for await (const event of events) {
      const { name, nesting, details, message = '' } = event.data ?? {};
      if (event.type === 'test:stdout') for (const [, file, took] of message.matchAll(TIME)) files.push([file, Number(took)]);
      if (event.type === 'test:diagnostic' && message.startsWith(SECOND_TRY)) again.push(message);
      if ((event.type === 'test:pass' || event.type === 'test:fail') && nesting === 0) scenarios.push([name, details.duration_ms]);
      yield event;
    }
  }
  yield* Readable.from(watched()).compose(new spec());
  yield '\nfiles, by their time:\n';
  for (const [file, took] of slowestFirst(files)) yield `${seconds(took)}  ${file}\n`;
  yield '\nthe slowest scenarios:\n';
  for (const [name, took] of slowestFirst(scenarios).slice(0, SLOWEST)) yield `${seconds(took)}  ${name}\n`;
  yield `\nscenarios that needed a second try: ${again.length}\n`;
  for (const words of again) yield `  ${words}\n`;
}
