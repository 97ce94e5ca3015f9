// The companion over https: the page, wss and MQTT over TLS with the certificate of its own CA, and the page that hands that out.

import assert from 'node:assert/strict';
import { X509Certificate, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Host, Mosquitto } from './brokers.mjs';
import { publish } from './mosquitto_clients.mjs';
import { MidgePage } from './page.mjs';
import { Program, folder, freePort } from './processes.mjs';
import { Stage, launch } from './stage.mjs';

const stage = new Stage();

/** A companion with https; its CA's file is `ca`, its port of MQTT over TLS `mqtts`. */
async function secured(options = []) {
  const kept = join(folder(), 'kept');
  const mqtts = await freePort();
  const host = await Host.start({ options: ['--tls', '0', '--mqtts', String(mqtts), '--tls-folder', kept, ...options] });
  return Object.assign(host, { ca: join(kept, 'ca.crt'), mqtts });
}

/** The certificate that is shown to one who trusts this CA and asks for this name. Fails as a browser would. */
function shown(port, servername, ca) {
  return new Promise((done, failed) => {
    const socket = connect({ port, host: '127.0.0.1', servername, ca: readFileSync(ca), ALPNProtocols: ['http/1.1'] }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      done(new X509Certificate(raw));
    });
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket.once('error', failed);
  });
}

/**
 * Opens the page over https in a Chromium that takes the certificate with this key for trusted, and no other. It reads no CA
 * from a file; that the CA is what vouches for the key is what `shown` has held.
 */
async function overHttps(keep, host, path = '') {
  const leaf = await shown(host.https, 'localhost', host.ca);
  const key = createHash('sha256').update(leaf.publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  const browser = await launch([`--ignore-certificate-errors-spki-list=${key}`]);
  await keep({ stop: () => browser.close() });
  const profile = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await MidgePage.open(await profile.newPage());
  page.address = `https://localhost:${host.https}/`;
  await page.visit(page.address + path);
  return page;
}

stage.scenario('the page over https is in a secure context and connects by wss, to the companion and through it', async ({ keep }) => {
  const mosquitto = await keep(Mosquitto.start({ websocket: false }));
  const host = await keep(secured(['--broker', `lab=mqtt://127.0.0.1:${mosquitto.tcp}`]));
  const page = await overHttps(keep, host);
  assert.equal(await page.page.evaluate(() => isSecureContext && Boolean(navigator.clipboard)), true);
  assert.equal(await page.value('Address'), `wss://localhost:${host.https}/broker/lab`);
  for (const [address, broker] of [[`wss://localhost:${host.https}/broker/lab`, mosquitto], [`wss://localhost:${host.https}/mqtt`, host]]) {
    await page.join({ url: address });
    await page.subscribe('over/#');
    await publish(broker, 'over/tls', address, { qos: 1 });
    await page.row('over/tls', new RegExp(address.slice(-4)));
    await page.disconnect();
    await page.reaches('disconnected');
  }
  page.mustBeClean();
});

stage.scenario('who trusts the CA is shown a certificate for this machine by every name, and who does not is not fooled', async ({ keep }) => {
  const host = await keep(secured());
  // An empty name: it is asked for by its address.
  for (const name of ['localhost', '']) {
    const leaf = await shown(host.https, name, host.ca);
    assert.equal(leaf.checkHost('localhost'), 'localhost');
    assert.equal(leaf.checkIP('127.0.0.1'), '127.0.0.1');
    assert.ok(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom) <= 397 * 24 * 60 * 60 * 1000);
  }
  await assert.rejects(shown(host.https, 'elsewhere.example', host.ca), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  const other = await keep(secured());
  await assert.rejects(shown(host.https, 'localhost', other.ca), /certificate/);
  const browser = await stage.browser();
  const stranger = await browser.newPage();
  await assert.rejects(stranger.goto(`https://localhost:${host.https}/`), /ERR_CERT_AUTHORITY_INVALID/);
  await stranger.close();
});

stage.scenario('mosquitto_pub and mosquitto_sub speak MQTT over TLS with the companion', async ({ keep }) => {
  const host = await keep(secured(['--user', 'chen:tea']));
  const common = ['-h', 'localhost', '-p', String(host.mqtts), '--cafile', host.ca, '-u', 'chen', '-P', 'tea'];
  await new Program('mosquitto_pub', [...common, '-t', 'kept/tls', '-m', 'hello', '-r', '-q', '1']).done();
  const reader = await new Program('mosquitto_sub', [...common, '-t', 'kept/#', '-v', '-C', '1', '-W', '10']).done();
  assert.equal(reader.output, 'kept/tls hello\n');
});

for (const [width, height] of [[390, 844], [1280, 800]]) {
  stage.scenario(`the page at /ca hands out the CA in both languages, at a width of ${width}`, async ({ keep }) => {
    const host = await keep(secured());
    const browser = await stage.browser();
    for (const colorScheme of ['light', 'dark']) {
      const profile = await browser.newContext({ viewport: { width, height }, colorScheme, acceptDownloads: true });
      await keep({ stop: () => profile.close() });
      const page = await profile.newPage();
      const faults = [];
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(`${host.page}ca`);
      await page.getByRole('heading', { name: 'Trust this machine', exact: true }).waitFor();
      await page.getByRole('heading', { name: '信任這台機器', exact: true }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'it scrolls sideways');
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /下載憑證/ }).click()]);
      assert.equal(download.suggestedFilename(), 'midge-ca.crt');
      assert.equal(readFileSync(await download.path(), 'utf8'), readFileSync(host.ca, 'utf8'));
      assert.deepEqual(faults, []);
    }
  });
}
