//! Builds the program anew when the page was built anew: hashed files come and go in `dist/`.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
}
