// Midge, as it was built: connected by its share link, looked at through the attributes that the page promises.

const until = async (what, check) => {
  const begin = performance.now();
  for (;;) {
    const found = check();
    if (found) return found;
    if (performance.now() - begin > 20_000) throw new Error(`never happened: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
};

export async function start(plan) {
  await until("connected", () => document.querySelector("#connection")?.dataset.state === "connected");
  if (plan.filter !== "") {
    await until("subscribed", () => document.querySelector(`[data-filter=${JSON.stringify(plan.filter)}]`)?.dataset.state === "granted");
  }
  const counters = document.querySelector("#counters");
  const connection = document.querySelector("#connection");
  let disconnects = 0;
  new MutationObserver(() => {
    if (connection.dataset.state !== "connected") disconnects += 1;
  }).observe(connection, { attributes: true, attributeFilter: ["data-state"] });
  const pause = await until("the button", () => [...document.querySelectorAll(".messages .head button")].find((each) => each.textContent.trim() === "Pause"));
  return {
    received: () => Number(counters.dataset.received),
    button: () => pause,
    more: () => ({ kept: Number(counters.dataset.kept), dropped: Number(counters.dataset.dropped), taken: Number(counters.dataset.sent), disconnects }),
    publisher,
    roundTrip,
    row,
    inspected,
    prepare,
  };
}

/** Resolves as soon as the check finds something, looking whenever something in the page has changed. */
function found(check) {
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`not found within 30 s: ${check}`)), 30_000);
    const observer = new MutationObserver(() => look());
    const look = () => {
      const what = check();
      if (!what) return;
      observer.disconnect();
      clearTimeout(late);
      done(what);
    };
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    look();
  });
}

const row = (topic) => found(() => [...document.querySelectorAll(`.messages .rows [data-topic=${JSON.stringify(topic)}]`)].find((each) => each.checkVisibility()));

/** The inspector shows the message of this topic, and its payload. */
const inspected = (topic) =>
  found(() => {
    const payload = document.querySelector("#payload");
    const names = [...document.querySelectorAll("dt")];
    return payload?.textContent !== "" && names.some((dt) => dt.nextElementSibling?.textContent === topic) && payload;
  });

const treeItems = () => [...document.querySelectorAll("[role=tree] [role=treeitem]")].filter((each) => each.checkVisibility());

const preparations = {
  /** Opens the topmost closed branch of the tree until leaves fill what is visible. */
  async tree() {
    const isLeaf = (item) => !item.hasAttribute("aria-expanded");
    for (let tries = 0; tries < 30 && treeItems().filter(isLeaf).length < 10; tries += 1) {
      const closed = treeItems().find((item) => item.getAttribute("aria-expanded") === "false");
      closed?.querySelector(".arrow")?.click();
      await new Promise((done) => setTimeout(done, 150));
    }
    if (treeItems().filter(isLeaf).length < 10) throw new Error("the tree did not open");
  },

  /** The tree open, a topic in the inspector, and a series that publishes ten times a second. */
  async everything() {
    await this.tree();
    treeItems().find((item) => !item.hasAttribute("aria-expanded")).click();
    await found(() => document.querySelector("#payload"));
    const form = document.querySelector(".publisher form");
    fill(form.querySelector(".target input.field"), "out/series");
    fill(form.querySelector("textarea"), '{"value":{{random 0..99}}}');
    fill(form.querySelector(".every input"), "0.1");
    [...form.querySelectorAll("button")].find((button) => button.textContent.trim() === "Start").click();
  },
};

/** Brings the page into the state that a case wants, while messages come. */
const prepare = (what) => preparations[what]();

/** Says to the worker what the page's publisher would say: the turns are made by the same code, in the sender. */
async function publisher({ messages, publish_qos: qos, in_a_turn: inATurn, outstanding }, ask) {
  const all = await (await ask("turns")).arrayBuffer();
  const view = new DataView(all);
  const turns = [];
  for (let at = 0; at < all.byteLength; ) {
    const length = view.getUint32(at, true);
    turns.push(all.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return async () => {
    let said = 0;
    for (const turn of turns) {
      globalThis.midgeWorker.postMessage(turn, [turn]);
      said += inATurn;
      // Posting all of it at once would be a long task of this script, not of the page.
      if (said % 5000 === 0) await new Promise((done) => setTimeout(done));
      // As many more as have left the queue.
      if (qos > 0 && said >= outstanding && said < messages) await ask("taken", String(said - outstanding + inATurn));
    }
  };
}

function fill(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Fills in the publisher, presses its button, and waits for the row. */
async function roundTrip(words, painted) {
  const form = document.querySelector(".publisher form");
  const topic = form.querySelector(".target input.field");
  if (topic.value !== "bench/echo") fill(topic, "bench/echo");
  fill(form.querySelector("textarea"), words);
  const rows = document.querySelector(".messages .rows");
  // What was sent has a row of its own, which does not count.
  const isThere = () =>
    [...rows.children].some((row) => row.checkVisibility() && row.textContent.includes(words) && row.textContent.includes("↓"));
  const shown = new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      done();
    });
    observer.observe(rows, { subtree: true, childList: true, characterData: true });
  });
  const begin = performance.now();
  form.querySelector("button.primary").click();
  await shown;
  return (await painted()) - begin;
}
