//! The page: Leptos components and their signals. Shows what `desk` decides; never uses the engine's rooms. Whatever comes
//! from a broker enters the page as a text node.
//!
//! Its order: `words` <- `state` <- `controls` <- `panes` <- the files here, which join the panes. A pane names no other
//! pane; `tests/arrows` holds that. See docs/decisions/0022-order-in-ui.md.

mod arrival;
pub mod controls;
mod focus_keeper;
mod frame;
mod going_back;
mod header;
mod keyboard;
mod notices;
mod panes;
mod state;
mod telling;
mod toasts;
mod words;
mod workbench;

use midge_piece as piece;

/// Starts the page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| state::failure::fail(&panic.to_string())));
    piece::mount(frame::Page);
}
