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
  const pause = await until("the button", () => [...document.querySelectorAll(".messages .head button")].find((each) => each.textContent.trim() === "Pause"));
  return {
    received: () => Number(counters.dataset.received),
    button: () => pause,
    more: () => ({ kept: Number(counters.dataset.kept), dropped: Number(counters.dataset.dropped), sent_by_page: Number(counters.dataset.sent) }),
    counters,
    until,
  };
}
