// Certificates for tests: CAs, and what they sign. Nobody outside of a test trusts them.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { folder } from './processes.mjs';

const DAY = 24 * 60 * 60 * 1000;

/** A certificate as two files, `cert` and `key`, and their texts. */
function filed(name, { cert, private: key }) {
  const place = folder();
  const files = { cert: join(place, `${name}.crt`), key: join(place, `${name}.key`) };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return { ...files, pem: cert, keyPem: key };
}

const usual = () => ({ keyType: 'ec', algorithm: 'sha256', notBeforeDate: new Date(Date.now() - DAY), notAfterDate: new Date(Date.now() + DAY) });

/** A CA. */
export async function authority(name) {
  const extensions = [
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
  ];
  return filed(name, await generate([{ name: 'commonName', value: name }], { ...usual(), extensions }));
}

/** What that CA signs, for these DNS names and IP addresses; `days`: until then it is valid. */
export async function signed(name, ca, { names = [], addresses = [], days = 1 } = {}) {
  const altNames = [...names.map((value) => ({ type: 2, value })), ...addresses.map((ip) => ({ type: 7, ip }))];
  const extensions = [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    { name: 'subjectAltName', altNames: altNames.length > 0 ? altNames : [{ type: 2, value: 'client.example' }] },
  ];
  const notBeforeDate = new Date(Date.now() - 3 * DAY);
  const notAfterDate = new Date(Date.now() + days * DAY);
  const options = { ...usual(), notBeforeDate, notAfterDate, extensions, ca: { key: ca.keyPem, cert: ca.pem } };
  return filed(name, await generate([{ name: 'commonName', value: name }], options));
}
