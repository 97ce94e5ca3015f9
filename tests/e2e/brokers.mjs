// Real brokers: Debian's mosquitto, and the broker inside the Midge host. Both with a WebSocket and a TCP address.

import { existsSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { Aedes } from 'aedes';
import { WebSocketServer, createWebSocketStream } from 'ws';
import { Program, folder, freePort, until } from './processes.mjs';

const root = resolve(import.meta.dirname, '../..');

function first(what, paths) {
  const found = paths.find((path) => path && existsSync(path));
  if (!found) throw new Error(`no ${what}: looked for ${paths.filter(Boolean).join(', ')}`);
  return found;
}

const mosquittoPath = () => first('mosquitto', [process.env.MOSQUITTO, '/usr/sbin/mosquitto', '/usr/bin/mosquitto']);
const hostPath = () =>
  first('Midge host (cargo xtask build makes it)', [
    process.env.MIDGE_HOST,
    join(root, 'target/host/midge'),
    join(root, 'target/debug/midge'),
  ]);

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.setTimeout(1_000, () => done(false));
  }).then((yes) => yes);
}

/**
 * A mosquitto. `users` is an object of user names and passwords; without it everyone may come in. `lines` are more lines
 * for its configuration. `websocket: false`: it has no listener for browsers, as most have none.
 */
export class Mosquitto {
  static async start({ users, lines: more = [], websocket = true } = {}) {
    const broker = new Mosquitto();
    broker.name = 'mosquitto';
    broker.folder = folder();
    broker.tcp = await freePort();
    if (websocket) {
      broker.ws = await freePort();
      broker.url = `ws://127.0.0.1:${broker.ws}`;
    }
    const lines = [
      ...(websocket ? [`listener ${broker.ws} 127.0.0.1`, 'protocol websockets', 'socket_domain ipv4'] : []),
      `listener ${broker.tcp} 127.0.0.1`,
      'socket_domain ipv4',
      'persistence false',
      'sys_interval 1',
      'log_dest stdout',
      'connection_messages true',
      // Its default drops QoS 0 messages for a consumer that is slower than the publisher.
      'max_queued_messages 0',
      `allow_anonymous ${users ? 'false' : 'true'}`,
    ];
    // Started by root it would become another user, who may not read the folder.
    if (process.getuid() === 0) lines.push('user root');
    lines.push(...more);
    if (users) {
      const passwords = join(broker.folder, 'passwords');
      writeFileSync(passwords, Object.entries(users).map(([name, word]) => `${name}:${word}\n`).join(''));
      await new Program('mosquitto_passwd', ['-U', passwords]).done();
      lines.push(`password_file ${passwords}`);
    }
    broker.config = join(broker.folder, 'mosquitto.conf');
    writeFileSync(broker.config, lines.join('\n') + '\n');
    await broker.start();
    // All the same scenarios through a companion: MIDGE_WAY=1.
    if (process.env.MIDGE_WAY && websocket) {
      broker.way = await Host.start({ options: ['--broker', `way=mqtt://127.0.0.1:${broker.tcp}`] });
      // The broker may be stopped and started again; its way stays.
      broker.way.program.unref();
      broker.url = `ws://127.0.0.1:${broker.way.port}/broker/way`;
    }
    return broker;
  }

  /** Starts it, or starts it again on the same ports. */
  async start() {
    this.program = new Program(mosquittoPath(), ['-c', this.config]);
    await until(
      () => `mosquitto listens (said: ${this.program.output}${this.program.errors})`,
      async () => {
        if (this.program.code !== undefined) throw new Error(`mosquitto ended: ${this.program.output}${this.program.errors}`);
        return (!this.ws || (await answers(this.ws))) && (await answers(this.tcp));
      },
    );
  }

  async stop(how) {
    await this.program.stop(how);
  }
}

/** The Midge host: serves the page at `page`, and its broker. */
export class Host {
  static async start({ demo = false, options = [], port, tcp } = {}) {
    const host = new Host();
    host.name = 'host';
    host.port = port ?? (await freePort());
    host.tcp = tcp ?? (await freePort());
    host.args = ['--port', String(host.port), '--tcp', String(host.tcp), ...(demo ? ['--demo'] : []), ...options];
    await host.start();
    return host;
  }

  /** Starts it, or starts it again on the same ports. */
  async start() {
    this.program = new Program(hostPath(), this.args);
    const [, page] = await this.program.says(/^Midge is at\s+(http:\/\/\S+)/m, 30_000);
    this.page = page.endsWith('/') ? page : `${page}/`;
    this.url = `ws://127.0.0.1:${this.port}/mqtt`;
    await until('the host’s broker listens', () => answers(this.tcp));
  }

  /** The port of https, if it was started with --tls. */
  get https() {
    return Number(/^Over https: https:\/\/localhost:(\d+)\//m.exec(this.program.output)?.[1]);
  }

  async stop(how) {
    await this.program.stop(how);
  }
}

/** npm's aedes: MQTT 3.1 and 3.1.1, in this process. */
export class AedesBroker {
  static async start() {
    const broker = new AedesBroker();
    broker.name = 'aedes';
    broker.aedes = await Aedes.createBroker();
    broker.server = createServer(broker.aedes.handle);
    broker.http = createHttpServer((_, response) => response.writeHead(426).end());
    broker.sockets = new WebSocketServer({ server: broker.http, handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false) });
    broker.sockets.on('connection', (socket, request) => {
      const stream = createWebSocketStream(socket);
      stream.on('error', () => {});
      broker.aedes.handle(stream, request);
    });
    const listen = (server) => new Promise((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', () => done(server.address().port)));
    broker.tcp = await listen(broker.server);
    broker.ws = await listen(broker.http);
    broker.url = `ws://127.0.0.1:${broker.ws}/mqtt`;
    return broker;
  }

  async stop() {
    for (const socket of this.sockets.clients) socket.terminate();
    await new Promise((done) => this.aedes.close(done));
    this.http.closeAllConnections();
    await Promise.all([new Promise((done) => this.http.close(done)), new Promise((done) => this.server.close(done))]);
  }
}
