// A line that carries so many bytes a second from the page to a broker, or none, whatever is in them. It stands before the
// broker as a TCP proxy. The system's own buffers on either side take some megabytes before anything is felt of it.

import { connect, createServer } from 'node:net';

/** How often the line carries. */
const EVERY_MS = 20;

export class SlowLine {
  /** `rate`: bytes a second, 0 for none. It holds from the first byte behind the handshake; change it at any time. */
  static async start(broker, { rate }) {
    const line = new SlowLine();
    const { port, pathname } = new URL(broker.url);
    Object.assign(line, { name: 'line', rate, port: Number(port), sockets: new Set(), connections: 0, carried: 0 });
    line.server = createServer((page) => line.join(page));
    await new Promise((done, failed) => line.server.once('error', failed).listen(0, '127.0.0.1', done));
    line.url = `ws://127.0.0.1:${line.server.address().port}${pathname}`;
    return line;
  }

  join(page) {
    this.connections += 1;
    const broker = connect(this.port, '127.0.0.1');
    for (const socket of [page, broker]) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        page.destroy();
        broker.destroy();
      });
    }
    broker.pipe(page);
    // The handshake and CONNECT pass at once; then by the clock, reading no more than is carried.
    let free = 2_000;
    let owed = 0;
    let last = Date.now();
    const carry = () => {
      const now = Date.now();
      owed = Math.min(owed + ((now - last) * this.rate) / 1_000, this.rate / 2 + 1);
      last = now;
      for (;;) {
        const most = Math.min(page.readableLength, Math.floor(free + owed));
        const bytes = most > 0 ? page.read(most) : null;
        if (bytes === null) return;
        broker.write(bytes);
        this.carried += bytes.length;
        owed -= Math.max(0, bytes.length - free);
        free = Math.max(0, free - bytes.length);
      }
    };
    page.on('readable', carry);
    const clock = setInterval(carry, EVERY_MS);
    page.on('close', () => clearInterval(clock));
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((done) => this.server.close(done));
  }
}
