// A publisher over plain TCP that writes its packets by hand, so that they may be odd.

import { connect } from 'node:net';

const short = (number) => Buffer.of(number >> 8, number & 255);

/** Text or bytes behind their length. */
export const prefixed = (bytes) => Buffer.concat([short(Buffer.byteLength(bytes)), Buffer.from(bytes)]);

/** A variable byte integer. */
export function variable(number) {
  const bytes = [];
  do {
    const digit = number % 128;
    number = Math.floor(number / 128);
    bytes.push(number > 0 ? digit | 128 : digit);
  } while (number > 0);
  return Buffer.from(bytes);
}

export const packet = (first, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(first), variable(body.length), body]);
};

/** A PUBLISH of MQTT 5 of QoS 0 or 1 with these properties, as bytes. */
export const publish5 = (topic, payload, properties = Buffer.alloc(0), { retain = false, id = 0 } = {}) =>
  packet(
    0x30 | (retain ? 1 : 0) | (id ? 2 : 0),
    prefixed(topic), id ? short(id) : Buffer.alloc(0), variable(properties.length), properties, Buffer.from(payload),
  );

/** Says CONNECT, these packets and DISCONNECT to a broker's TCP port, and waits until it has closed. */
export async function publishOddly({ tcp }, ...packets) {
  const hello = packet(0x10, prefixed('MQTT'), Buffer.of(5, 2), short(60), Buffer.of(0), prefixed('odd'));
  const socket = connect(tcp, '127.0.0.1');
  const closed = new Promise((done, failed) => socket.once('close', done).once('error', failed));
  socket.write(hello);
  await new Promise((done) => socket.once('data', done));
  socket.end(Buffer.concat([...packets, Buffer.of(0xe0, 0)]));
  socket.resume();
  await closed;
}
