//! Traditional Chinese: what is left out because the broker closed the connection over it.

use super::left_out::LeftOutWords;

pub const LEFT_OUT: LeftOutWords = LeftOutWords {
    heading: "暫不送出",
    messages: "每次送出這些訊息，Broker 就關閉連線，很可能是沒有權限。其他一切照常運作。",
    taken: "Broker 已經收到的訊息",
    send_again: "再送一次",
    drop: "捨棄",
    badge: "不再要求",
    filter: "要求這個篩選器時，Broker 關閉了連線，很可能是沒有權限。",
    ask_again: "再要求一次",
    leave_out: "不訂閱了",
    notice_filter: |filter| {
        format!("Broker 因篩選器 {filter} 關閉了連線，很可能是沒有權限。不再自動要求。")
    },
    notice_message: |topic| format!("每次送出給 {topic} 的訊息，Broker 就關閉連線。現在暫不送出。"),
    notice_taken: "每次要完成一則 QoS 2 訊息，Broker 就關閉連線。現在暫不送出。",
    suspected_filters: |filters| format!("剛向 Broker 要求了 {filters}，很可能是沒有權限。"),
    suspected_message: |topic| format!("剛送出給 {topic} 的訊息，很可能是沒有權限。"),
};
