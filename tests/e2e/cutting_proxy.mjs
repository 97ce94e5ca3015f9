// A proxy between the page and a real broker that passes bytes on as they are, and ends connections as proxies do: cut off at
// once, or when nothing has passed for a while. The broker behind it is well all the time.

import { connect, createServer } from 'node:net';

export class CuttingProxy {
  /** `idle`: milliseconds without a byte after which a connection is ended. */
  static async start(broker, { idle = 0 } = {}) {
    const proxy = new CuttingProxy();
    Object.assign(proxy, { connections: 0, sockets: new Set() });
    const port = Number(new URL(broker.url).port);
    proxy.server = createServer((page) => {
      proxy.connections += 1;
      const behind = connect(port, '127.0.0.1');
      const end = () => {
        for (const socket of [page, behind]) {
          socket.destroy();
          proxy.sockets.delete(socket);
        }
      };
      for (const socket of [page, behind]) {
        proxy.sockets.add(socket);
        socket.on('error', end);
        socket.on('close', end);
        if (idle > 0) socket.setTimeout(idle, end);
      }
      page.pipe(behind);
      behind.pipe(page);
    });
    await new Promise((done, failed) => proxy.server.once('error', failed).listen(0, '127.0.0.1', done));
    proxy.url = `ws://127.0.0.1:${proxy.server.address().port}${new URL(broker.url).pathname}`;
    return proxy;
  }

  /** Ends every connection that there is. */
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop() {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }
}
