// The server's half of SCRAM-SHA-256 (RFC 5802, RFC 7677), for a fake broker that asks for it.

import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const xor = (a, b) => Buffer.from(a.map((byte, at) => byte ^ b[at]));
const attribute = (message, name) => message.split(',').find((part) => part.startsWith(`${name}=`))?.slice(2);

export class ScramServer {
  constructor(users, { iterations = 4_096 } = {}) {
    this.users = users;
    this.iterations = iterations;
    this.salt = randomBytes(16);
  }

  /** Answers the client's first message with the server's first. */
  first(message) {
    const text = message.toString();
    if (!text.startsWith('n,,')) throw new Error(`not a client's first message: ${text}`);
    this.clientBare = text.slice(3);
    this.user = attribute(this.clientBare, 'n').replaceAll('=2C', ',').replaceAll('=3D', '=');
    this.nonce = attribute(this.clientBare, 'r') + randomBytes(18).toString('base64');
    this.serverFirst = `r=${this.nonce},s=${this.salt.toString('base64')},i=${this.iterations}`;
    return Buffer.from(this.serverFirst);
  }

  /** The server's last message, or `undefined` if the client's proof is wrong. */
  last(message) {
    const text = message.toString();
    const password = this.users[this.user];
    if (password === undefined || attribute(text, 'r') !== this.nonce) return undefined;
    const salted = pbkdf2Sync(password.normalize('NFKC'), this.salt, this.iterations, 32, 'sha256');
    const clientKey = hmac(salted, 'Client Key');
    const without = text.slice(0, text.lastIndexOf(',p='));
    const signed = `${this.clientBare},${this.serverFirst},${without}`;
    const key = xor(Buffer.from(attribute(text, 'p'), 'base64'), hmac(sha256(clientKey), signed));
    if (!timingSafeEqual(sha256(key), sha256(clientKey))) return undefined;
    return Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`);
  }
}
