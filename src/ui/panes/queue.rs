//! Publications that wait, and those that are held back.

pub mod held;
pub mod waiting;
