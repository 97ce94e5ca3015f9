//! Traditional Chinese: how things are shown and kept.

use super::shown::ShownWords;
use crate::reading::Name;

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "主題或內容中的文字、像 a/+/b 的主題篩選器，或用 topic:a/b 只看這個主題",
    back_to_filter: |filter| format!("回到 {filter}"),
    hidden: |name, code, place, more| {
        let mut words = format!("第 {place} 個字元是{name}（{code}）。");
        if more > 0 {
            words.push_str(&format!("另外還有 {more} 個看不見的字元。"));
        }
        words
    },
    hidden_name: |name| match name {
        Name::Space => "容易忽略的空格",
        Name::OtherSpace => "另一種空格",
        Name::Tab => "定位字元",
        Name::LineBreak => "換行",
        Name::Nul => "空字元",
        Name::Control => "控制字元",
        Name::ZeroWidthSpace => "沒有寬度的空格",
        Name::ByteOrderMark => "看不見的位元組順序記號",
        Name::SoftHyphen => "看不見的連字號",
        Name::Direction => "會改變文字方向的記號",
        Name::Invisible => "看不見的字元",
    },
    date: |date, year| {
        let day = format!("{}月{}日", date.month, date.day);
        if year {
            format!("{}年{day}", date.year)
        } else {
            day
        }
    },
};
