// The oracle in JavaScript: npm `mqtt-packet`. Reads lines of `{"version": 5, "bytes": "hex"}` from the file named first
// and writes a line for each into the file named second: what the packet means, in the words of `packet.rs`, and the
// bytes that mqtt-packet writes for what it has read. `npm.rs` calls this and does all comparing.

import { readFileSync, openSync, writeSync, closeSync } from 'node:fs'
import { createRequire } from 'node:module'

// The packages of all tests in JavaScript are kept in one place.
const require = createRequire(new URL('../e2e/package.json', import.meta.url))
const mqtt = require('mqtt-packet')

const PROPERTIES = {
  payloadFormatIndicator: [1, 'Flag'],
  messageExpiryInterval: [2, 'Four'],
  contentType: [3, 'Text'],
  responseTopic: [8, 'Text'],
  correlationData: [9, 'Binary'],
  subscriptionIdentifier: [11, 'Variable'],
  sessionExpiryInterval: [17, 'Four'],
  assignedClientIdentifier: [18, 'Text'],
  serverKeepAlive: [19, 'Two'],
  authenticationMethod: [21, 'Text'],
  authenticationData: [22, 'Binary'],
  requestProblemInformation: [23, 'Flag'],
  willDelayInterval: [24, 'Four'],
  requestResponseInformation: [25, 'Flag'],
  responseInformation: [26, 'Text'],
  serverReference: [28, 'Text'],
  reasonString: [31, 'Text'],
  receiveMaximum: [33, 'Two'],
  topicAliasMaximum: [34, 'Two'],
  topicAlias: [35, 'Two'],
  maximumQoS: [36, 'Byte'],
  retainAvailable: [37, 'Flag'],
  maximumPacketSize: [39, 'Four'],
  wildcardSubscriptionAvailable: [40, 'Flag'],
  subscriptionIdentifiersAvailable: [41, 'Flag'],
  sharedSubscriptionAvailable: [42, 'Flag']
}

const KINDS = { puback: 4, pubrec: 5, pubrel: 6, pubcomp: 7, subscribe: 8, suback: 9, unsubscribe: 10, unsuback: 11 }

const hex = bytes => Buffer.from(bytes ?? []).toString('hex')

function value (kind, found) {
  if (kind === 'Flag') return { Byte: found ? 1 : 0 }
  if (kind === 'Binary') return { Binary: hex(found) }
  return { [kind]: found }
}

function properties (found = {}) {
  const all = []
  for (const [name, entry] of Object.entries(found)) {
    if (name === 'userProperties') {
      for (const [key, values] of Object.entries(entry)) {
        for (const one of [values].flat()) all.push([38, { Pair: [key, one] }])
      }
    } else {
      const [id, kind] = PROPERTIES[name]
      for (const one of Array.isArray(entry) ? entry : [entry]) all.push([id, value(kind, one)])
    }
  }
  return all
}

function meaning (packet, version) {
  const common = { properties: properties(packet.properties) }
  const code = version === 5 ? packet.reasonCode ?? 0 : packet.returnCode ?? 0
  switch (packet.cmd) {
    case 'connect':
      return {
        Connect: {
          client_id: packet.clientId,
          keep_alive: packet.keepalive,
          clean: packet.clean,
          user_name: packet.username ?? null,
          password: packet.password === undefined ? null : hex(packet.password),
          will: packet.will === undefined
            ? null
            : {
                topic: packet.will.topic,
                payload: hex(packet.will.payload),
                qos: packet.will.qos,
                retain: packet.will.retain,
                properties: properties(packet.will.properties)
              },
          ...common
        }
      }
    case 'connack':
      return { Connack: { session_present: packet.sessionPresent, code, ...common } }
    case 'publish':
      return {
        Publish: {
          dup: packet.dup,
          qos: packet.qos,
          retain: packet.retain,
          packet_id: packet.messageId ?? 0,
          topic: packet.topic,
          payload: hex(packet.payload),
          ...common
        }
      }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { Acknowledgement: { kind: KINDS[packet.cmd], packet_id: packet.messageId, code, ...common } }
    case 'subscribe': {
      const options = s => s.qos | (s.nl ? 4 : 0) | (s.rap ? 8 : 0) | (s.rh ?? 0) << 4
      const filters = packet.subscriptions.map(s => [s.topic, options(s)])
      return { Filters: { kind: 8, packet_id: packet.messageId, filters, ...common } }
    }
    case 'unsubscribe': {
      const filters = packet.unsubscriptions.map(topic => [topic, 0])
      return { Filters: { kind: 10, packet_id: packet.messageId, filters, ...common } }
    }
    case 'suback':
    case 'unsuback':
      return {
        Codes: { kind: KINDS[packet.cmd], packet_id: packet.messageId, codes: packet.granted ?? [], ...common }
      }
    case 'pingreq':
      return 'Pingreq'
    case 'pingresp':
      return 'Pingresp'
    case 'disconnect':
      return { Disconnect: { code, ...common } }
    case 'auth':
      return { Auth: { code, ...common } }
  }
  throw new Error(`no packet of the name ${packet.cmd}`)
}

function read (bytes, version) {
  const parser = mqtt.parser({ protocolVersion: version })
  const packets = []
  parser.on('packet', packet => packets.push(packet))
  parser.on('error', error => { throw error })
  const left = parser.parse(bytes)
  if (packets.length !== 1 || left !== 0) throw new Error(`${packets.length} packets, ${left} bytes left`)
  return packets[0]
}

const attempt = work => {
  try {
    return { Ok: work() }
  } catch (error) {
    return { Err: String(error.message ?? error) }
  }
}

const [questions, answers] = process.argv.slice(2)
const out = openSync(answers, 'w')
for (const line of readFileSync(questions, 'utf8').split('\n')) {
  if (line === '') continue
  const { version, bytes } = JSON.parse(line)
  const packet = attempt(() => read(Buffer.from(bytes, 'hex'), version))
  const decoded = 'Ok' in packet ? attempt(() => meaning(packet.Ok, version)) : packet
  const again = 'Ok' in packet
    ? attempt(() => mqtt.generate(packet.Ok, { protocolVersion: version }).toString('hex'))
    : packet
  writeSync(out, JSON.stringify({ decoded, again }) + '\n')
}
closeSync(out)
