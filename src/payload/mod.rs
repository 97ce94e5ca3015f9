//! What payload bytes mean, and how they are made. Knows no other room.

pub mod preview;
pub mod template;

pub use preview::{Preview, preview};
pub use template::{Context, Template, TemplateError};
