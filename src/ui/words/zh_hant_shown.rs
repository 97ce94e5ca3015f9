//! Traditional Chinese: how things are shown and kept.

use super::shown::ShownWords;
use crate::reading::{Name, WhyNot};

pub const SHOWN: ShownWords = ShownWords {
    filter_hint: "主題或內容中的文字、「\"\"」中的整句，或像 a/+/b 的主題篩選器。另有：topic:a/b、sub:a/#、qos:2、retained、dup、sent、received、size>1k、since:10s、type:puback、id:17、code:0x87、filter:a/#、prop:name=value、$.temp > 23。前面加上 - 表示排除。",
    export: "匯出",
    matches: |count| format!("符合 {count} 則"),
    query_fault: |place, why| format!("第 {place} 個字元：{why}清單仍顯示前一個篩選。"),
    query_why: |why| match why {
        WhyNot::Qos => "qos: 之後是 0、1 或 2。",
        WhyNot::Size => "size 要與位元組數比較，例如 size>1k。",
        WhyNot::Since => "since: 之後是時間，例如 10s、5m 或 2h。",
        WhyNot::SinceNegated => "since: 不能排除。",
        WhyNot::At => "at: 之後是時間或時段，例如 10:05 或 10:00:00..10:01:00。",
        WhyNot::Type => "type: 之後是封包名稱，例如 puback。",
        WhyNot::Id => "id: 之後是 1 到 65,535 的數字。",
        WhyNot::Code => "code: 之後是原因碼，0 到 255，0x00 到 0xff，或 refused。",
        WhyNot::Filter => "sub: 和 filter: 之後是主題篩選器，例如 a/#。",
        WhyNot::Property => "prop: 之後是名稱，或 名稱=值。",
        WhyNot::Step => "路徑之後接名稱，或方括號中的數字，例如 $.items[0].id 或 $.items[*].id。",
        WhyNot::TooManySteps => "路徑超過 32 層。",
        WhyNot::Value => "缺少要比較的值。",
        WhyNot::TooManyTerms => "超過 32 個條件。",
    },
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
    draft_kept: "草稿已留存。",
    file_again: |name| format!("請重新選擇 {name}：重新載入後不會留存檔案。"),
    not_kept: "瀏覽器的空間不足，重新載入後無法留存這裡輸入的全部內容。",
};
