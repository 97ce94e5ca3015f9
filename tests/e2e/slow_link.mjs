// A slow link between the page and a real broker, that counts what crosses it and can be cut: packets go through one by
// one, each after a while, so that a test can act in the middle of an exchange.

import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from './processes.mjs';

const listening = (server) => new Promise((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));

/** Cuts a stream of bytes into whole packets, by their fixed headers alone. */
class Cutter {
  constructor() {
    this.rest = Buffer.alloc(0);
  }

  *packets(bytes) {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (;;) {
      let length = 0;
      let at = 1;
      for (let shift = 0; ; shift += 7) {
        if (at >= this.rest.length) return;
        const byte = this.rest[at++];
        length += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) break;
      }
      if (this.rest.length < at + length) return;
      yield this.rest.subarray(0, at + length);
      this.rest = this.rest.subarray(at + length);
    }
  }
}

export class SlowLink {
  /** `each`: milliseconds that every packet takes. */
  static async start(broker, { each = 5 } = {}) {
    const link = new SlowLink();
    Object.assign(link, { broker, each, up: {}, down: {}, connections: 0 });
    link.http = createServer((_, response) => response.writeHead(426).end());
    link.server = new WebSocketServer({ server: link.http, handleProtocols: () => 'mqtt' });
    link.server.on('connection', (page) => link.join(page));
    await listening(link.http);
    link.url = `ws://127.0.0.1:${link.http.address().port}/mqtt`;
    return link;
  }

  join(page) {
    this.connections += 1;
    const broker = new WebSocket(this.broker.url, 'mqtt');
    const opened = new Promise((done) => broker.once('open', done));
    this.carry(page, broker, this.up, opened);
    this.carry(broker, page, this.down, Promise.resolve());
    for (const socket of [page, broker]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        page.terminate();
        broker.terminate();
      });
    }
  }

  carry(from, to, counts, ready) {
    const cutter = new Cutter();
    let last = ready;
    from.on('message', (data) => {
      for (const packet of cutter.packets(data)) {
        last = last
          .then(() => new Promise((done) => setTimeout(done, this.each)))
          .then(() => {
            const name = packet[0] >> 4;
            counts[name] = (counts[name] ?? 0) + 1;
            if (to.readyState === WebSocket.OPEN) to.send(packet);
          });
      }
    });
  }

  /** Waits until so many packets of this type (its number) went `up` to the broker or `down`. */
  async carried(way, type, wanted, within = 20_000) {
    const count = () => this[way][type] ?? 0;
    return until(() => `${wanted} packets of type ${type} ${way}, there were ${count()}`, () => count() >= wanted, { within, every: 2 });
  }

  async stop() {
    for (const socket of this.server.clients) socket.terminate();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }
}
