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
    back_to_draft: |about, count| {
        let more = if count > 1 {
            format!("（共 {count} 份）")
        } else {
            String::new()
        };
        format!("回到草稿：{about}{more}")
    },
    draft_kept: "草稿已保留。",
    file_again: |name| format!("請重新選擇 {name}：重新載入後不會保留檔案。"),
    not_kept: "瀏覽器的空間不足，重新載入後無法保留這裡輸入的全部內容。",
};
