//! The page: Leptos components and their signals. Uses `link`, `payload`, `profile` and `browser`; never the engine's
//! rooms. Whatever comes from a broker enters the page as a text node.

mod arrival;
pub mod controls;
mod frame;
mod header;
mod later;
mod panes;
mod state;
mod words;
mod workbench;

use midge_piece as piece;

/// Starts the page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| state::failure::fail(&panic.to_string())));
    piece::mount(frame::Page);
}
