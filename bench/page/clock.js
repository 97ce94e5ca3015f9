// Says the time about three times a second, from a thread that nothing else keeps busy.
setInterval(() => postMessage(performance.timeOrigin + performance.now()), 300);
