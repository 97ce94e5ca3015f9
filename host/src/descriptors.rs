//! How many files and connections the system lets this process have open.

/// What is assumed where the system has no such limit.
const PLENTY: usize = 1 << 20;

/// Raises the limit as far as it goes without asking, and tells what it is then.
#[cfg(unix)]
pub fn raise() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::Nofile);
    // An error leaves the limit as it was.
    let _ = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: before.maximum,
            maximum: before.maximum,
        },
    );
    getrlimit(Resource::Nofile)
        .current
        .map_or(PLENTY, |current| usize::try_from(current).unwrap_or(PLENTY))
}

/// There is no such limit.
#[cfg(not(unix))]
pub fn raise() -> usize {
    PLENTY
}
