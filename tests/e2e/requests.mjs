// What a scenario does to the requests of a page.

/** Holds back what is asked for at `pattern`, until `come()` lets it through. `asked()`: how often it was asked for. */
export async function holdBack(page, pattern) {
  let come;
  const held = new Promise((done) => { come = done; });
  let count = 0;
  await page.page.route(pattern, async (route) => {
    count += 1;
    await held;
    await route.continue();
  });
  return { asked: () => count, come };
}

/** Takes no offence at what the browser itself and the loader write of a failed request. */
export function forgiveLostRequests(page) {
  page.faults = page.faults.filter((fault) => !/ERR_FAILED|Failed to fetch/.test(fault));
}
