//! A clean stop: asked for once, heard by every part, waited for within a limit.

use std::io;
use std::time::Duration;

use tokio::sync::watch;

/// How long parts may take to say goodbye to those they are connected with.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// The side that orders the stop.
pub struct Stop(watch::Sender<bool>);

/// The side that hears of it. As long as one is held, a part is still running.
#[derive(Clone)]
pub struct Stopping(watch::Receiver<bool>);

/// A stop that was not ordered yet, and the first of those who listen for it.
pub fn channel() -> (Stop, Stopping) {
    let (sender, receiver) = watch::channel(false);
    (Stop(sender), Stopping(receiver))
}

impl Stop {
    /// Orders the stop and waits until every [`Stopping`] is dropped, at most three seconds.
    pub async fn order(self) {
        self.0.send_replace(true);
        // Who is not done by now is cut off with the process.
        let _ = tokio::time::timeout(PATIENCE, self.0.closed()).await;
    }
}

impl Stopping {
    /// Resolves when the stop was ordered, or when nobody is left to order it.
    pub async fn ordered(&mut self) {
        let _ = self.0.wait_for(|ordered| *ordered).await;
    }
}

/// Asks the system to tell this process of Ctrl-C and SIGTERM. From the call on neither ends the
/// process by itself; the future resolves at the first of them.
///
/// # Errors
/// When the system refuses, which none is known to do.
#[cfg(unix)]
pub fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Asks the system to tell this process of Ctrl-C. From the call on it does not end the process by
/// itself; the future resolves at the first.
///
/// # Errors
/// When the system refuses, which none is known to do.
#[cfg(windows)]
pub fn signals() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
