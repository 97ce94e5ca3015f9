//! English: what is found and told without looking.

use super::told::ToldWords;

pub const TOLD: ToldWords = ToldWords {
    commands: "Commands",
    keys: "Keys",
    skip: "Skip to the content",
};
