//! The worker: a thin shell around `engine`.
fn main() {}
