//! The border of what loads later: from here on the rest of the page is reached, and from nowhere else.

use crate::ui::controls::rest::Loading;
#[cfg(not(feature = "split"))]
use crate::ui::{controls::rest::Parts, words::NotLoaded, workbench};

/// Loads the rest of the page.
pub fn load() -> Loading {
    Box::pin(parts())
}

#[cfg(feature = "split")]
mod split {
    use crate::ui::{controls::rest::Parts, words::NotLoaded, workbench};

    // What is reached from here alone goes into a second program. The macro declares it as a foreign function, which
    // needs `unsafe`; both sides are of one build.
    #[allow(unsafe_code, improper_ctypes, improper_ctypes_definitions)]
    #[wasm_split_helpers::wasm_split(rest, fallible)]
    pub fn parts() -> Result<&'static Parts, NotLoaded> {
        Ok(&workbench::PARTS)
    }
}

#[cfg(feature = "split")]
use split::parts;

/// The quick build has one program.
#[cfg(not(feature = "split"))]
async fn parts() -> Result<&'static Parts, NotLoaded> {
    Ok(&workbench::PARTS)
}
