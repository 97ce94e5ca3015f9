//! Words that are loaded when their language is chosen: each further language is a program of its own, so that a visit
//! loads one. English comes with the rest of the page.

use super::{
    Language, RestWords, Words, commands::CommandWords, en, en_commands, zh_hant, zh_hant_commands,
};

/// Something of the page was asked for that did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

impl Words {
    /// What the connect screen does without. A way to it and no reference: it is loaded with the rest of the page, and
    /// by [`Language::load`].
    pub fn rest(&self) -> &'static RestWords {
        match self.language {
            Language::English => &en::REST,
            Language::Chinese => chinese_here(),
        }
    }

    /// The words of the commands and the keys, which are loaded with those.
    pub fn commands(&self) -> &'static CommandWords {
        match self.language {
            Language::English => &en_commands::COMMANDS,
            Language::Chinese => &zh_hant_commands::COMMANDS,
        }
    }
}

impl Language {
    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::English => &en::WORDS,
            Self::Chinese => &zh_hant::WORDS,
        }
    }

    /// Loads its words, if they are not here. Before that, nothing may be shown in it but the connect screen.
    pub async fn load(self) -> Result<(), NotLoaded> {
        match self {
            Self::English => Ok(()),
            Self::Chinese => load_chinese().await,
        }
    }
}

#[cfg(feature = "split")]
static CHINESE: std::sync::OnceLock<&RestWords> = std::sync::OnceLock::new();

/// The Chinese words, which have been loaded.
#[cfg(feature = "split")]
fn chinese_here() -> &'static RestWords {
    CHINESE.get().copied().unwrap_or(&en::REST)
}

#[cfg(feature = "split")]
async fn load_chinese() -> Result<(), NotLoaded> {
    if CHINESE.get().is_none() {
        let words = split::chinese().await?;
        // A second load that was begun meanwhile has set the same.
        let _ = CHINESE.set(words);
    }
    Ok(())
}

#[cfg(feature = "split")]
mod split {
    use super::{
        super::{RestWords, zh_hant},
        NotLoaded,
    };

    // See `ui/controls/rest.rs`.
    #[allow(unsafe_code, improper_ctypes, improper_ctypes_definitions)]
    #[wasm_split_helpers::wasm_split(chinese, fallible)]
    pub fn chinese() -> Result<&'static RestWords, NotLoaded> {
        Ok(&zh_hant::REST)
    }
}

/// The quick build has one program.
#[cfg(not(feature = "split"))]
fn chinese_here() -> &'static RestWords {
    &zh_hant::REST
}

#[cfg(not(feature = "split"))]
async fn load_chinese() -> Result<(), NotLoaded> {
    Ok(())
}
