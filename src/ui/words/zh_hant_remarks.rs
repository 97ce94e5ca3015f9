//! Traditional Chinese: broken rules, and limits of Midge's own.

use super::remarks::RemarkWords;

pub const REMARKS: RemarkWords = RemarkWords {
    message: |topic, detail, version, clause| {
        format!(
            "主題「{topic}」上有一則訊息不符合 {version} 的規定：{detail}（第 {clause} 節）。發布者就是這樣送出的；訊息已留存。"
        )
    },
    messages: |count| format!("這樣的訊息共有 {count} 則。"),
    broker: |detail, version, clause| {
        format!("Broker 不符合規定：{detail}（{version}，第 {clause} 節）。Midge 會繼續運作。")
    },
    times: |count| format!("共發生 {count} 次。"),
    too_large: |topic, size, limit| {
        format!(
            "主題「{topic}」上有一則訊息大小為 {size}。Midge 最多接收 {limit}，因此略過了它；MQTT 本身允許這個大小。"
        )
    },
    packet_too_large: |size, limit| {
        format!(
            "有一個封包大小為 {size}。Midge 最多接收 {limit}，因此略過了它；MQTT 本身允許這個大小。"
        )
    },
    too_large_ended: |size, limit| {
        format!("有一個封包大小為 {size}，而 Midge 最多接收 {limit}。在嚴格模式下連線會因此結束")
    },
    alias_names: |limit| {
        format!(
            "Midge 最多留存 {limit} 的主題別名名稱，而 Broker 設定了更多。其餘別名的訊息不會顯示主題；調低主題別名上限即可避免。"
        )
    },
    look: "查看",
    flawed: "不符規定",
    flawed_title: "這則訊息不符合 MQTT 的規定。封包檢視會標出位置。",
    further: |count| format!("另有 {count} 項未在此列出；它們都在封包裡。"),
    suspects: "每次連線都會收到同樣的內容。最可能帶來它的是這些主題篩選器：",
    leave_out: |filter| format!("不訂閱 {filter} 並連線"),
    strict: "任何不符規定都中斷連線",
    strict_hint: "嚴格模式，用來測試 Broker：只要不符合 MQTT 的規定，連線就會結束且不再重試。下次連線起生效。",
};
