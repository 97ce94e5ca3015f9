// The worker's first script. Trunk can write one, but in the way that wasm-bindgen warns of in the console.
importScripts("engine.js");
wasm_bindgen({ module_or_path: "engine_bg.wasm" });
