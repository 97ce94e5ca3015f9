//! Traditional Chinese: what is found and told without looking.

use super::told::ToldWords;

pub const TOLD: ToldWords = ToldWords {
    commands: "指令",
    keys: "按鍵",
    skip: "跳到主要內容",
};
