// The worker's first script. Trunk can write one, but in the way that wasm-bindgen warns of in the console.
//
// What the page says before the program listens would be lost, so it is kept, and said again when it does.
const early = [];
onmessage = ({ data }) => early.push(data);
importScripts("engine.js");
wasm_bindgen({ module_or_path: "engine_bg.wasm" }).then(
  () => early.forEach((data) => dispatchEvent(new MessageEvent("message", { data }))),
  // As an uncaught error, so that the page hears of it.
  (error) => setTimeout(() => { throw error; }),
);
