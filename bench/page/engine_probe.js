// In Midge's worker, before its own script: remembers the memory of the instance, and tells its size to whoever asks.
{
  let memory;
  const remember = (result) => {
    memory = (result.instance ?? result).exports.memory ?? memory;
    return result;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const own = WebAssembly[name];
    WebAssembly[name] = async (...rest) => remember(await own.apply(WebAssembly, rest));
  }
  const channel = new BroadcastChannel("bench-memory");
  channel.onmessage = ({ data }) => {
    if (data === "weigh") channel.postMessage({ bytes: memory?.buffer.byteLength ?? 0 });
  };
}
