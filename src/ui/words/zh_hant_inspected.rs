//! Traditional Chinese: what is said of a message and can be done with it.

use super::inspected::InspectedWords;

pub const INSPECTED: InspectedWords = InspectedWords {
    twice: "同一則訊息又來了一次",
    overlap: |filters, after, clause| {
        format!(
            "這一則在相同的訊息之後 {after} 抵達，很可能是因為好幾個篩選器都符合：{filters}。這種訊息要送一次，還是每個篩選器各送一次，\
             MQTT 交給 Broker 決定（{clause}）。"
        )
    },
    retained_again: "每次有新的訂閱，Broker 都會送出保留訊息，所以又來了一次。",
    clear_retained: "清除保留訊息",
    clear_title: |topic| format!("要清除 {topic} 的保留訊息嗎？"),
    clear_about: "Broker 會刪除那裡的保留訊息，對所有人都有效。Midge 會為此發布一則空的保留訊息，所有訂閱者都會收到。這個動作無法復原。",
    clear_now: "清除",
    keep: "不要清除",
    clearing: "已送出，等待 Broker 確認…",
    cleared: |topic| format!("Broker 已接受：{topic} 不再有保留訊息。"),
    sent_to_clear: |topic| {
        format!("已送出：{topic} 不再有保留訊息。這個 Broker 不做確認（QoS 0）。")
    },
    queued: "正在等待連線，連線後就會送出。",
    not_connected: "連線後才能使用。",
};
