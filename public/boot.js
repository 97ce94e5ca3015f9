// Starts the worker and the page at the same time, and says so when one of them does not start. It is a file of its own
// because the Content-Security-Policy allows no script inside the page.
const script = document.querySelector("script[data-wasm]");

function failed(what, error) {
  const panel = document.getElementById("starting") ?? document.body.appendChild(document.createElement("div"));
  panel.id = "starting";
  panel.setAttribute("role", "alert");
  const line = (text) => {
    const p = document.createElement("p");
    p.textContent = text;
    return p;
  };
  const again = document.createElement("button");
  again.textContent = "Load again";
  again.className = "button";
  again.addEventListener("click", () => location.reload());
  panel.replaceChildren(line("Midge could not start."), line(`${what}: ${error?.message ?? error}`), again);
}

globalThis.midgeFailed = failed;
try {
  // The page does not wait for it: what it says before the worker listens is kept by engine_loader.js.
  const worker = new Worker("engine_loader.js");
  worker.addEventListener("error", (event) => failed("The engine did not load", event));
  globalThis.midgeWorker = worker;
  const { default: init } = await import(new URL(script.dataset.js, document.baseURI).href);
  await init({ module_or_path: new URL(script.dataset.wasm, document.baseURI).href });
  document.getElementById("starting")?.remove();
} catch (error) {
  failed("The page did not load", error);
}
