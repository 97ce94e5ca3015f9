//! Traditional Chinese: what is remembered and can be had again.

use super::remembered::RememberedWords;

pub const REMEMBERED: RememberedWords = RememberedWords {
    by_itself: "開啟 Midge 時自動連線",
    by_itself_hint: "連到上次使用的 Broker，並恢復其訂閱。需要輸入密碼時不會自動連線。",
    connect_to: |name| format!("連線到「{name}」"),
    undo_clear: "復原清除",
    payloads_before: "先前送出的內容",
    leave_title: "要離開 Midge 嗎？",
    leave_text: "目前仍在連線。離開會中斷連線，擷取到的訊息也會消失。",
    stay: "留下",
    leave: "離開",
    undo_clear_hint: |count| format!("取回 {count} 則訊息。半分鐘內有效。"),
    brings: |_, filters| format!("連線後接續上次的訂閱：{filters}"),
};
