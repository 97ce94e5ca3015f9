//! The page: a thin shell around `ui`.

#[cfg(target_arch = "wasm32")]
fn main() {
    midge::ui::start();
}

/// Only the browser has a page; this lets the package build as a whole everywhere.
#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page. Build it with `cargo xtask build`, run it with `cargo xtask run`."
    );
}
