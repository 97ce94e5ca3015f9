// Brokers that do what real ones do not: odd frames, silence, wrong words. A WebSocket server that speaks MQTT 3.1,
// 3.1.1 and 5 by mqtt-packet, whichever CONNECT asks for, and lets a test say in which frames the bytes travel.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import mqtt from 'mqtt-packet';
import { WebSocketServer } from 'ws';
import { until } from './processes.mjs';

const listening = (server, port = 0) => new Promise((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done));

export const encode = (packet, version = 4) => mqtt.generate(packet, { protocolVersion: version });
export const message = (topic, payload, more = {}, version = 4) =>
  encode({ cmd: 'publish', topic, payload: Buffer.from(payload), qos: 0, retain: false, dup: false, ...more }, version);

/** One client of the fake broker. */
class Guest {
  constructor(broker, socket) {
    this.broker = broker;
    this.socket = socket;
    this.packets = [];
    this.version = 4;
    /** Its CONNECT has come: until then `version` says nothing. */
    this.greeted = false;
    const parser = mqtt.parser({ protocolVersion: 4 });
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') [this.version, this.greeted] = [packet.protocolVersion, true];
      this.packets.push(packet);
      this.answer(packet);
    });
    parser.on('error', (error) => (this.broken = error));
    socket.on('message', (data, binary) => (binary ? parser.parse(data) : (this.broken = new Error('a text frame'))));
    socket.on('close', (code) => (this.closed = code));
  }

  answer(packet) {
    const { answers } = this.broker;
    if (packet.cmd in answers) {
      answers[packet.cmd](this, packet);
      return;
    }
    const { messageId } = packet;
    if (packet.cmd === 'connect') this.say({ cmd: 'connack', sessionPresent: false });
    if (packet.cmd === 'pingreq') this.say({ cmd: 'pingresp' });
    if (packet.cmd === 'subscribe') {
      this.say({ cmd: 'suback', messageId, granted: packet.subscriptions.map(({ qos }) => qos) });
    }
    if (packet.cmd === 'unsubscribe') this.say({ cmd: 'unsuback', messageId, granted: this.version === 5 ? packet.unsubscriptions.map(() => 0) : [] });
    if (packet.cmd === 'publish' && packet.qos === 1) this.say({ cmd: 'puback', messageId });
    if (packet.cmd === 'publish' && packet.qos === 2) this.say({ cmd: 'pubrec', messageId });
    if (packet.cmd === 'pubrec') this.say({ cmd: 'pubrel', messageId });
    if (packet.cmd === 'pubrel') this.say({ cmd: 'pubcomp', messageId });
  }

  /** A message in the version of this client, as bytes. */
  message(topic, payload, more) {
    return message(topic, payload, more, this.version);
  }

  /** Sends a packet in the version of this client. CONNACK's code is `code`, 0 unless it is given. */
  say(packet) {
    const { code = 0, ...rest } = packet;
    const whole = packet.cmd === 'connack' ? { returnCode: code, reasonCode: code, ...rest } : { reasonCode: code, ...rest };
    this.send(encode(whole, this.version));
  }

  /** Sends bytes: in one frame, or each byte in a frame of its own. */
  send(bytes) {
    if (this.broker.byteByByte) for (const byte of bytes) this.socket.send(Buffer.of(byte));
    else this.socket.send(bytes);
  }

  /** Waits for a packet of this kind. */
  async got(cmd, within = 10_000) {
    return until(() => `the fake broker gets ${cmd}, got ${this.packets.map((p) => p.cmd)}`, () => this.packets.find((p) => p.cmd === cmd), { within });
  }
}

/** `answers` replaces the broker's reaction to a kind of packet: `{ connect(guest, packet) {} }`. */
export class FakeBroker {
  static async start({ answers = {}, byteByByte = false, choose, port } = {}) {
    const broker = new FakeBroker();
    Object.assign(broker, { name: 'fake', answers, byteByByte, guests: [], offered: [] });
    broker.http = createServer((_, response) => response.writeHead(426).end());
    broker.server = new WebSocketServer({
      server: broker.http,
      handleProtocols: (offered) => {
        broker.offered.push([...offered]);
        return choose ? choose([...offered]) : 'mqtt';
      },
    });
    broker.server.on('connection', (socket) => broker.guests.push(new Guest(broker, socket)));
    await listening(broker.http, port);
    broker.url = `ws://127.0.0.1:${broker.http.address().port}/mqtt`;
    return broker;
  }

  /** Waits for the client with this number; 0 is the first. */
  async guest(number = 0, within = 10_000) {
    return until(`client ${number} of the fake broker`, () => this.guests[number], { within });
  }

  async stop() {
    for (const socket of this.server.clients) socket.terminate();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }
}

/** Answers a WebSocket handshake with this subprotocol header, offered or not; `undefined` for no header. */
export class StubbornServer {
  static async start(protocol) {
    const server = new StubbornServer();
    server.offers = [];
    server.sockets = new Set();
    server.http = createServer((_, response) => response.writeHead(426).end());
    server.http.on('upgrade', (request, socket) => {
      server.sockets.add(socket);
      socket.on('error', () => {});
      server.offers.push(request.headers['sec-websocket-protocol']);
      const accept = createHash('sha1')
        .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
      if (protocol !== undefined) head.push(`Sec-WebSocket-Protocol: ${protocol}`);
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
    });
    await listening(server.http);
    server.url = `ws://127.0.0.1:${server.http.address().port}/mqtt`;
    return server;
  }

  async stop() {
    for (const socket of this.sockets) socket.destroy();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
  }
}
