// Where the browser has no SharedWorker, one tab has the broker and lends it to the others over a BroadcastChannel. That
// carries no ports, so each line has a number in it, and both tabs pass on what is said. When the tab closes, the broker
// ends with it, and those that it was lent to are told.
//
// Who has it: the tab that holds a lock; where there are no locks, the one that answers.
//
// On the channel: `{ ask: tab }` who has the broker? `{ to, here: tab }` I do. `{ to, from, line, said }` is passed on: of
// a tab's own port (line 0), or of a line. `{ to, from, line, said, opens }`: it came with this line's port.

/** How long nobody answers before nobody has it, in milliseconds. */
const PATIENCE = 700;
/** How often it is asked where somebody is known to have it. */
const TRIES = 5;

/** The end of a line, or the one answer to a question: nothing follows. */
const isLast = (said) => typeof said === "string" || said instanceof Uint8Array;

/**
 * A port to the broker of whichever tab has it: `{ port, lent }`; `start` makes a worker with the broker, and `over` is
 * called when this tab no longer lends it.
 */
export async function borrow(name, start, over) {
  const channel = new BroadcastChannel(name);
  const me = Math.random();
  const release = await hold(name);
  for (let tries = release === false ? TRIES : 1; tries > 0; tries -= 1) {
    const lender = !release && (await ask(channel, me));
    if (lender) return { port: passOn(channel, me, lender), lent: true };
  }
  return { port: lend(channel, me, start(), () => release && release(), over), lent: false };
}

/** Tries to be the one that has it: what gives that up, `false` if another is, nothing if the browser has no locks. */
function hold(name) {
  if (!navigator.locks) return undefined;
  return new Promise((known) => {
    navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return known(false);
      return new Promise((release) => known(release));
    });
  });
}

/** Who has the broker. Of two that ask at the same time one waits for the other, which then has it. */
function ask(channel, me) {
  return new Promise((found) => {
    let wait = setTimeout(found, PATIENCE);
    channel.onmessage = ({ data }) => {
      if (data.ask < me) {
        clearTimeout(wait);
        wait = setTimeout(found, 2 * PATIENCE);
        setTimeout(() => channel.postMessage({ ask: me }), 1.5 * PATIENCE);
      } else if (data.to === me && data.here) {
        clearTimeout(wait);
        found(data.here);
      }
    };
    channel.postMessage({ ask: me });
  });
}

/** As good as a port to the broker: what it is told goes to the tab that has it. */
function passOn(channel, me, lender) {
  const { port1: mine, port2: port } = new MessageChannel();
  const lines = new Map([[0, mine]]);
  let last = 0;
  const tell = (line, said, opens) => channel.postMessage({ to: lender, from: me, line, said, opens });
  mine.onmessage = ({ data, ports: [line] }) => {
    if (line) {
      const number = (last += 1);
      lines.set(number, line);
      line.onmessage = ({ data }) => {
        tell(number, data);
        if (isLast(data)) lines.delete(number);
      };
    }
    tell(line ? last : 0, data, Boolean(line));
  };
  channel.onmessage = ({ data: { to, from, line, said } }) => {
    if (to !== me || from !== lender) return;
    lines.get(line)?.postMessage(said);
    if (line && isLast(said)) lines.delete(line);
  };
  return port;
}

/** Has the broker: gives this tab's port to it, and answers the others. */
function lend(channel, me, worker, release, over) {
  const tabs = new Map();
  const port = (heard) => {
    const { port1: mine, port2: other } = new MessageChannel();
    if (heard) mine.onmessage = heard;
    worker.postMessage(null, [other]);
    return mine;
  };
  const tab = (from) => {
    const lines = new Map();
    lines.set(0, port(({ data }) => channel.postMessage({ to: from, from: me, line: 0, said: data })));
    tabs.set(from, lines);
    return lines;
  };
  channel.onmessage = ({ data: { ask, to, from, line, said, opens } }) => {
    if (ask) channel.postMessage({ to: ask, here: me });
    if (to !== me || !from) return;
    const lines = tabs.get(from) ?? tab(from);
    if (!opens) {
      lines.get(line)?.postMessage(said);
      if (line && isLast(said)) lines.delete(line);
      return;
    }
    const { port1: mine, port2: other } = new MessageChannel();
    lines.set(line, mine);
    mine.onmessage = ({ data }) => {
      channel.postMessage({ to: from, from: me, line, said: data });
      if (isLast(data)) lines.delete(line);
    };
    lines.get(0).postMessage(said, [other]);
  };
  // A tab that is put to sleep is asleep with the broker, so that it ends then, too.
  addEventListener(
    "pagehide",
    () => {
      for (const from of tabs.keys()) channel.postMessage({ to: from, from: me, line: 0, said: "closed" });
      channel.close();
      worker.terminate();
      release();
      over();
    },
    { once: true },
  );
  return port();
}
