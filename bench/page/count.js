// A bare MQTT 3.1.1 client that does nothing but count. It runs on a page's main thread (bare.js) and in a worker
// (worker.js): the least that a client in JavaScript can do.

const text = (words) => {
  const bytes = new TextEncoder().encode(words);
  return [bytes.length >> 8, bytes.length & 255, ...bytes];
};
const packet = (first, body) => {
  if (body.length > 127) throw new Error("too long for one byte of length");
  return new Uint8Array([first, body.length, ...body]);
};

/** A PUBLISH of QoS 0 as bytes; `payload` is bytes, too. */
export const publish = (topic, payload) => packet(0x30, [...text(topic), ...payload]);

/**
 * Connects and subscribes; `granted` is called once, then `packets` for each frame with the number of PUBLISH in it and
 * its bytes.
 */
export function count({ address, filter }, granted, packets) {
  const socket = new WebSocket(address, "mqtt");
  socket.binaryType = "arraybuffer";
  // 3.1.1, clean session, no keep alive.
  socket.onopen = () => socket.send(packet(0x10, [...text("MQTT"), 4, 2, 0, 0, ...text("bare")]));
  socket.onmessage = ({ data }) => {
    const bytes = new Uint8Array(data);
    let at = 0;
    let publishes = 0;
    // Each frame of the sender holds whole packets.
    while (at < bytes.length) {
      const type = bytes[at] >> 4;
      at += 1;
      let length = 0;
      let shift = 0;
      let byte;
      do {
        byte = bytes[at++];
        length |= (byte & 127) << shift;
        shift += 7;
      } while (byte & 128);
      at += length;
      if (type === 3) publishes += 1;
      else if (type === 2) socket.send(packet(0x82, [0, 1, ...text(filter), 0]));
      else if (type === 9) granted();
    }
    if (publishes > 0) packets(publishes, bytes);
  };
  return socket;
}
