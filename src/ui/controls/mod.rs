//! Controls that panes consist of: fields, dialogs, rows, texts of unknown origin. They use state and words, and no pane.

pub mod budget_field;
pub mod command_line;
pub mod copying;
pub mod dialog;
pub mod field;
pub mod going;
pub mod long_text;
pub mod name;
pub mod offers;
pub mod pool;
pub mod rest;
pub mod splitter;
pub mod suspects;
pub mod told;
pub mod user_properties;
pub mod whole;
