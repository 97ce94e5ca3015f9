//! Words that are loaded when their language is chosen: each further language is a program of its own, so that a visit
//! loads one. English comes with the parts of the page that say it.

use super::{
    Language, LaterWords, RestWords, Words, commands::CommandWords, en, en_commands, en_payloads,
    payloads::PayloadWords, zh_hant, zh_hant_commands, zh_hant_payloads,
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
            Language::Chinese => chinese_here().map_or(&en::REST, |words| words.rest),
        }
    }

    /// What the first message does without, too. It is loaded with the first part that needs it.
    pub fn later(&self) -> &'static LaterWords {
        match self.language {
            Language::English => &en::LATER,
            Language::Chinese => chinese_here().map_or(&en::LATER, |words| words.later),
        }
    }

    /// The words of the commands and the keys, which are loaded with those.
    pub fn commands(&self) -> &'static CommandWords {
        match self.language {
            Language::English => &en_commands::COMMANDS,
            Language::Chinese => &zh_hant_commands::COMMANDS,
        }
    }

    /// The words of what payloads are in, which are loaded with the message.
    pub fn payloads(&self) -> &'static PayloadWords {
        match self.language {
            Language::English => &en_payloads::PAYLOADS,
            Language::Chinese => &zh_hant_payloads::PAYLOADS,
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

/// The words of a language that is loaded when it is chosen.
#[derive(Clone, Copy)]
pub struct Loaded {
    rest: &'static RestWords,
    later: &'static LaterWords,
}

#[cfg(feature = "split")]
static CHINESE: std::sync::OnceLock<Loaded> = std::sync::OnceLock::new();

/// The Chinese words, once they have been loaded.
#[cfg(feature = "split")]
fn chinese_here() -> Option<Loaded> {
    CHINESE.get().copied()
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
    use super::{super::zh_hant, Loaded, NotLoaded};

    // See `ui/controls/rest.rs`.
    #[allow(unsafe_code, improper_ctypes, improper_ctypes_definitions)]
    #[wasm_split_helpers::wasm_split(chinese, fallible)]
    pub fn chinese() -> Result<Loaded, NotLoaded> {
        Ok(Loaded {
            rest: &zh_hant::REST,
            later: &zh_hant::LATER,
        })
    }
}

/// The quick build has one program.
#[cfg(not(feature = "split"))]
fn chinese_here() -> Option<Loaded> {
    Some(Loaded {
        rest: &zh_hant::REST,
        later: &zh_hant::LATER,
    })
}

#[cfg(not(feature = "split"))]
async fn load_chinese() -> Result<(), NotLoaded> {
    Ok(())
}
