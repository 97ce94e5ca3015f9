//! Traditional Chinese: why a subscription brought nothing.

use super::silence::SilenceWords;

pub const SILENCE: SilenceWords = SilenceWords {
    comma: "沒有收到訊息。對 MQTT 來說，逗號是主題的一部分：這是一個篩選器，不是好幾個。",
    space: "沒有收到訊息。空格也算一個字元，而這裡有一層的開頭或結尾是空格。",
    slash: |topic| format!("沒有收到訊息。開頭的斜線會多出一層；看過的主題是 {topic}。"),
    capitals: |topic| format!("沒有收到訊息。大小寫有分別；看過的主題是 {topic}。"),
    levels: |own, levels, topic| {
        format!(
            "沒有收到訊息。這個篩選器有 {own} 層，而這裡看過的主題有 {levels} 層，例如 {topic}。+ 代表一層。"
        )
    },
    levels_differ: |own, least, most, topic| {
        format!(
            "沒有收到訊息。這個篩選器有 {own} 層，而這裡看過的主題有 {least} 到 {most} 層，例如 {topic}。+ 代表一層。"
        )
    },
    quiet: "Broker 已核准，但 2 分鐘內沒有收到訊息：這段時間沒有人發布到這裡。",
    quiet_retained: "Broker 已核准，但 2 分鐘內沒有收到訊息：這段時間沒有人發布到這裡，也沒有保留訊息（有的話會立刻送來）。",
    subscribe_instead: |filters| format!("改為訂閱 {filters}"),
};
