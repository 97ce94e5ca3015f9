// The worker's first script. Trunk can write one, but in the way that wasm-bindgen warns of in the console.
//
// What the page says before the program listens would be lost, so it is kept, and said again when it does.
const early = [];
onmessage = ({ data }) => early.push(data);
importScripts("engine.js");
// The connect screen, which can be used without it, goes first.
wasm_bindgen({ module_or_path: fetch("engine_bg.wasm", { priority: "low" }) }).then(
  () => early.forEach((data) => dispatchEvent(new MessageEvent("message", { data }))),
  // As an uncaught error, so that the page hears of it.
  (error) => setTimeout(() => { throw error; }),
);
