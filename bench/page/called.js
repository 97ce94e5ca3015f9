// Calls a client's own publish function again and again, with so many calls unanswered at the most.

/** `send(done)` publishes one message and calls `done` when the client says that it is through. */
export function publishAll(messages, most, send) {
  return new Promise((finished, failed) => {
    let begun = 0;
    let ended = 0;
    let inside = false;
    const more = () => {
      if (inside) return;
      inside = true;
      while (begun < messages && begun - ended < most) {
        begun += 1;
        send((error) => {
          if (error) failed(error);
          ended += 1;
          if (ended === messages) finished();
          else more();
        });
      }
      inside = false;
    };
    more();
  });
}
