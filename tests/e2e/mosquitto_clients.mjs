// The other side of the broker: mosquitto_pub and mosquitto_sub over TCP, with payloads as exact bytes.

import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program, folder, until } from './processes.mjs';

let room;
let files = 0;

/** A file with these bytes. */
export function fileWith(bytes) {
  room ??= folder();
  const path = join(room, `payload-${(files += 1)}`);
  writeFileSync(path, bytes);
  return path;
}

function address(broker, user, version = 'mqttv311') {
  const args = ['-h', '127.0.0.1', '-p', String(broker.tcp), '-V', version];
  if (user) args.push('-u', user.name, '-P', user.password);
  return args;
}

/**
 * Publishes one message with mosquitto_pub. `payload` is text or bytes; no bytes at all are a null message.
 * `properties` are those of MQTT 5 for PUBLISH: `[['content-type', 'text/plain'], ['user-property', 'a', 'b']]`.
 */
export async function publish(broker, topic, payload, { qos = 0, retain = false, user, properties } = {}) {
  const bytes = Buffer.from(payload);
  const args = [...address(broker, user, properties && 'mqttv5'), ...(properties ?? []).flatMap((property) => ['-D', 'publish', ...property]), '-t', topic, '-q', String(qos)];
  if (retain) args.push('-r');
  if (bytes.length === 0) args.push('-n');
  else args.push('-f', fileWith(bytes));
  await new Program('mosquitto_pub', args).done();
}

/** Publishes each line of a file as a message of its own, as fast as it goes. Returns the running program. */
export function publishLines(broker, topic, path, { qos = 0 } = {}) {
  const input = openSync(path, 'r');
  const program = new Program('mosquitto_pub', [...address(broker), '-t', topic, '-q', String(qos), '-l'], { input });
  closeSync(input);
  return program;
}

/** A running mosquitto_sub. Its messages are `{ topic, qos, retain, length, payload, time }`. */
export class Listener {
  /** `format`: mosquitto_sub's own, for properties of MQTT 5; read the `lines` then. */
  static async start(broker, filters, { qos = 2, user, format } = {}) {
    const listener = new Listener();
    const topics = [filters].flat().flatMap((filter) => ['-t', filter]);
    // Line buffered, or what it prints would stay with it until it ends.
    listener.program = new Program('stdbuf', [
      '-oL', 'mosquitto_sub', '-d', ...address(broker, user, format && 'mqttv5'), ...topics, '-q', String(qos),
      '-F', format ? `LINE|${format}` : 'MESSAGE|%q|%r|%l|%x|%t',
    ]);
    await listener.program.says(/received SUBACK|Subscribed \(mid/);
    return listener;
  }

  get messages() {
    return this.program.output
      .split('\n')
      // What follows the last line's end is a line that is still being printed.
      .slice(0, -1)
      .filter((line) => line.startsWith('MESSAGE|'))
      .map((line) => {
        const [, qos, retain, length, hex, ...topic] = line.split('|');
        return {
          topic: Buffer.from(topic.join('|'), 'latin1').toString(),
          qos: Number(qos),
          retain: retain === '1',
          length: Number(length),
          payload: Buffer.from(hex, 'hex'),
        };
      });
  }

  /** Waits for so many messages, in the `format` that was asked for. */
  async lines(wanted, within = 10_000) {
    const all = () => this.program.output.split('\n').slice(0, -1).filter((line) => line.startsWith('LINE|'));
    await until(() => `${wanted} lines of mosquitto_sub, there are ${all().length}`, () => all().length >= wanted, { within });
    return all().map((line) => line.slice(5));
  }

  /** Waits for so many messages. */
  async count(wanted, within = 10_000) {
    await until(() => `${wanted} messages at mosquitto_sub, there are ${this.messages.length}`, () => this.messages.length >= wanted, { within });
    return this.messages;
  }

  async stop() {
    await this.program.stop();
  }
}

let ends = 0;

/** The payloads, as text, of the retained messages that the broker has for this filter. */
export async function retainedMessages(broker, filter) {
  // At QoS 0, which the broker sends in order: the end comes behind all that was retained.
  const end = `end-of-retained/${(ends += 1)}`;
  const listener = await Listener.start(broker, [filter, end], { qos: 0 });
  await publish(broker, end, 'end');
  await until('the end comes', () => listener.messages.some(({ topic }) => topic === end));
  await listener.stop();
  return listener.messages.filter(({ retain }) => retain).map(({ payload }) => payload.toString());
}
