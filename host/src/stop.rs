//! A clean stop: asked for once, heard by every part, waited for within a limit.

use std::time::Duration;

use tokio::sync::watch;

/// How long parts may take to say goodbye to those they are connected with.
const PATIENCE: Duration = Duration::from_secs(3);

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

/// Resolves when the person or the system asks the program to end: Ctrl-C, or SIGTERM.
pub async fn asked() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}
