//! Traditional Chinese: the time strip. As with the commands, no text is the same as another Chinese one.

use super::timeline::TimelineWords;

pub const TIMELINE: TimelineWords = TimelineWords {
    hint: "拖曳可選取一段時間，點一下可跳到該時刻。用鍵盤時：方向鍵移動，加 Shift 選取一段時間，Enter 前往，Delete 顯示全部時間。",
    all_times: "全部時間",
    now: "現在",
    away: |time| format!("中斷 {time}"),
    said: |from, to, [received, sent, retained]| {
        let mut said = format!("{from} 到 {to}：收到 {received} 則");
        if retained != "0" {
            said.push_str(&format!("，其中 {retained} 則為保留訊息"));
        }
        if sent != "0" {
            said.push_str(&format!("，送出 {sent} 則"));
        }
        said
    },
};
