//! The page: a thin shell around `ui`.
fn main() {}
