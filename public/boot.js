// Starts the worker and the page at the same time, and says so when one of them does not start, or stops. It is a file of
// its own because the Content-Security-Policy allows no script inside the page.
const script = document.querySelector("script[data-wasm]");
let pageRuns = false;
let engineRuns = false;

function element(name, text, more = {}) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(more)) made.setAttribute(key, value);
  return made;
}

/** In the two languages, as no words are loaded yet, or any more. */
function both(english, chinese) {
  const line = element("p", english);
  line.append(document.createElement("br"), element("span", chinese, { lang: "zh-Hant" }));
  return line;
}

/** What the user typed, but for the password: `[label, text]`. */
function typed() {
  const fields = document.querySelectorAll(".app textarea, .app input:is([type=text], [type=search], :not([type]))");
  return [...fields]
    .filter((field) => field.value && !field.readOnly && field.id !== "password")
    .map((field) => [field.labels?.[0]?.textContent || field.getAttribute("aria-label") || "", field.value]);
}

/** What was typed, to be copied: with the page it would be gone. */
function keeping(fields) {
  const kept = element("details", "", { class: "kept" });
  kept.append(element("summary", "What you typed · 你輸入的內容"));
  for (const [name, value] of fields) {
    const label = element("label", name);
    const text = element("textarea", "", { readonly: "", rows: Math.min(6, value.split("\n").length) });
    text.value = value;
    label.append(text);
    kept.append(label);
  }
  return kept;
}

/** Puts what happened in the place of the page. */
function failed(what, error) {
  // What failed first is the cause; what follows from it would only hide it.
  if (document.querySelector("#starting[role=alert]")) return;
  const fields = typed();
  // An open dialog would keep everything else from being used.
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.remove());
  document.querySelector(".app")?.remove();
  // Nobody hears of what it would still do.
  globalThis.midgeWorker?.terminate?.();
  document.documentElement.dataset.failed = "";
  document.getElementById("starting")?.remove();
  const panel = document.body.appendChild(element("div", "", { id: "starting", role: "alert", tabindex: "-1" }));
  const again = element("button", "Load again · 重新載入", { type: "button", class: "button primary" });
  again.addEventListener("click", () => location.reload());
  panel.append(
    pageRuns && engineRuns
      ? both("Midge stopped working, and is not connected any more.", "Midge 停止運作，連線也已中斷。")
      : both("Midge could not start.", "Midge 無法啟動。"),
    element("p", `${what}: ${error?.message || (typeof error === "string" && error) || "a file of it is missing or was blocked"}`),
    again,
  );
  if (fields.length) panel.append(keeping(fields));
  // The panel and not the button: somebody may be typing.
  panel.focus();
}

globalThis.midgeFailed = failed;
// A program that has stopped at once says nothing of itself.
const stopped = (error) => {
  if (error instanceof WebAssembly.RuntimeError) failed("The page stopped", error);
};
addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));
try {
  // The page does not wait for it: what it says before the worker listens is kept by engine_loader.js.
  const worker = new Worker("engine_loader.js");
  worker.addEventListener("message", () => { engineRuns = true; }, { once: true });
  worker.addEventListener("error", (event) => failed(engineRuns ? "The engine stopped" : "The engine did not load", event));
  globalThis.midgeWorker = worker;
  // The broker of this browser: for those who ask for it.
  globalThis.midgeBroker = () => import("./broker_lines.js");
  worker.addEventListener("message", async ({ ports: [line] }) => {
    if (!line) return;
    try {
      const broker = await midgeBroker();
      broker.onOver(worker);
      await broker.join(line);
    } catch (error) {
      line.postMessage(`1011 ${error.message}`);
    }
  });
  const { default: init } = await import(new URL(script.dataset.js, document.baseURI).href);
  await init({ module_or_path: new URL(script.dataset.wasm, document.baseURI).href });
  pageRuns = true;
  document.querySelector("#starting[role=status]")?.remove();
} catch (error) {
  failed("The page did not load", error);
}
