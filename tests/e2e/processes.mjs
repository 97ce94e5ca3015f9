// Programs that a test starts, and how it waits: every program is ended by its process id, every wait has a deadline.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export { pause };

const running = new Set();
const folders = new Set();

// A test runner that gives up on a file ends this process; nothing it started may outlive it.
process.on('exit', () => {
  for (const program of running) {
    try {
      process.kill(program.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** A new directory that is removed when the tests of this file are over. */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'midge-e2e-'));
  folders.add(path);
  return path;
}

/** Asks `look` until it answers with something true, and returns that. Fails after `within` milliseconds. */
export async function until(what, look, { within = 10_000, every = 40 } = {}) {
  const deadline = Date.now() + within;
  let last;
  for (;;) {
    last = await look();
    if (last) return last;
    if (Date.now() > deadline) throw new Error(`${typeof what === 'function' ? what() : what}: not within ${within} ms`);
    await pause(every);
  }
}

/** Fails when `look` ever answers with something false during the next `during` milliseconds. */
export async function throughout(what, during, look) {
  const end = Date.now() + during;
  while (Date.now() < end) {
    if (!(await look())) throw new Error(`${what}: no longer so`);
    await pause(100);
  }
}

/**
 * A TCP port of 127.0.0.1 that nothing listens on now. Below those that systems give to outgoing connections: one of theirs
 * may be a browser's before the program that it was found for has taken it.
 */
export async function freePort() {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 12_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer();
    const free = await new Promise((done) => {
      probe.once('error', () => done(false)).listen(port, '127.0.0.1', () => done(true));
    });
    await new Promise((done) => probe.close(done));
    if (free) return port;
  }
  throw new Error('no port is free');
}

/** A running program: its output as text, and its end. */
export class Program {
  constructor(path, args, { input = 'ignore' } = {}) {
    this.name = `${path} ${args.join(' ')}`;
    this.output = '';
    this.errors = '';
    this.code = undefined;
    this.child = spawn(path, args, { stdio: [input, 'pipe', 'pipe'] });
    this.pid = this.child.pid;
    running.add(this);
    this.child.stdout.setEncoding('latin1').on('data', (text) => (this.output += text));
    this.child.stderr.setEncoding('latin1').on('data', (text) => (this.errors += text));
    this.ended = new Promise((done) => {
      const over = (code) => {
        if (this.code !== undefined) return;
        this.code = code;
        running.delete(this);
        done(code);
      };
      this.child.once('error', (error) => {
        this.errors += String(error);
        over(-1);
      });
      // `close`, not `exit`: what it printed is complete by then.
      this.child.once('close', (code, signal) => over(code ?? signal));
    });
  }

  /** Waits until its output matches, and returns the match. */
  async says(pattern, within = 15_000) {
    return until(
      () => `${this.name} says ${pattern} (said: ${this.output}${this.errors})`,
      () => {
        const found = pattern.exec(this.output) ?? pattern.exec(this.errors);
        if (!found && this.code !== undefined) {
          throw new Error(`${this.name} ended with ${this.code}: ${this.output}${this.errors}`);
        }
        return found;
      },
      { within, every: 15 },
    );
  }

  /** Waits for its end by itself, and fails when that is not a success. */
  async done(within = 30_000) {
    await until(`${this.name} ends`, () => this.code !== undefined, { within, every: 10 });
    if (this.code !== 0) throw new Error(`${this.name} ended with ${this.code}: ${this.output}${this.errors}`);
    return this;
  }

  signal(name) {
    if (this.code !== undefined) return;
    try {
      process.kill(this.pid, name);
    } catch (error) {
      // It has ended, and its output is still being read.
      if (error.code !== 'ESRCH') throw error;
    }
  }

  /** It no longer keeps this process from its end, with which it ends itself. */
  unref() {
    for (const part of [this.child, this.child.stdout, this.child.stderr]) part.unref();
  }

  /** Ends it: politely, then by force. */
  async stop({ hard = false } = {}) {
    if (this.code !== undefined) return;
    this.signal(hard ? 'SIGKILL' : 'SIGTERM');
    const forced = setTimeout(() => this.signal('SIGKILL'), 3_000);
    await this.ended;
    clearTimeout(forced);
  }
}
