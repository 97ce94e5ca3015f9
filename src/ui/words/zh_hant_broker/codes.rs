//! Traditional Chinese: the reason codes of MQTT 5.

use crate::ui::words::broker::{CodeWords, Meaning};

pub const CODES: CodeWords = CodeWords {
    refused: |meaning, code| format!("Broker 拒絕連線：{meaning}（原因碼 0x{code:02X}）"),
    ended: |meaning, code| format!("Broker 結束了連線：{meaning}（原因碼 0x{code:02X}）"),
    unknown: (
        "MQTT 5 沒有在這裡定義這個代碼",
        "Broker 的記錄檔可能有更多說明。",
    ),
    connack,
    disconnect,
    no_version: "Broker 不接受試過的任何 MQTT 版本",
    no_version_check: "那裡有 MQTT 服務，但不是 5、3.1.1 或 3.1，或只試了選定的版本。請選「Broker 接受的最新版本」，並檢查路徑，常用的是 \
        /mqtt。",
    authentication: "Broker 無法證明它知道密碼，因此 Midge 結束了連線",
    authentication_check: "這可能不是你以為的伺服器，或它存的是別的密碼。沒有送出任何祕密。詳細內容：",
    broker_says: "Broker 的說明：",
    server_reference: "它指名了另一個伺服器。那可能是任何人的，Midge 不會自行前往：",
};

fn connack(code: u8) -> Option<Meaning> {
    Some(match code {
        0x80 => (
            "沒有說明原因（unspecified error）",
            "Broker 的記錄檔應有更多說明。",
        ),
        0x81 => (
            "無法讀取 CONNECT（malformed packet）",
            "請改試其他 MQTT 版本。中間的代理伺服器也可能損壞封包。",
        ),
        0x82 => (
            "CONNECT 不合規定（protocol error）",
            "請把 MQTT 5 的設定留空，或改試 MQTT 3.1.1。",
        ),
        0x83 => (
            "無法做到 CONNECT 的要求（implementation specific error）",
            "請把 MQTT 5 的設定留空。Broker 的記錄檔應有更多說明。",
        ),
        0x84 => (
            "不接受這個 MQTT 版本（unsupported protocol version）",
            "請選「Broker 接受的最新版本」。",
        ),
        0x85 => (
            "Client ID 無效（client identifier not valid）",
            "可能對這個 Broker 來說太長、含有不允許的字元，或已被預留。請換一個試試。",
        ),
        0x86 => (
            "使用者名稱或密碼不正確（bad user name or password）",
            "請檢查使用者名稱和密碼，注意大小寫。",
        ),
        0x87 => (
            "未獲授權（not authorized）",
            "請檢查使用者名稱和密碼。若都正確，就是 Broker 的規則不允許這個使用者或 Client ID。",
        ),
        0x88 => (
            "服務暫時無法使用（server unavailable）",
            "Broker 還在，但目前不接受連線。請稍後再試。",
        ),
        0x89 => ("伺服器忙碌（server busy）", "請稍後再試。"),
        0x8A => (
            "已被封鎖（banned）",
            "這個用戶端被擋在門外，只有 Broker 的管理者能解除。",
        ),
        0x8C => (
            "不支援這種驗證方式（bad authentication method）",
            "請在 MQTT 5 的設定中改選另一種驗證方式。",
        ),
        0x90 => (
            "主題名稱無效（topic name invalid）",
            "它不接受遺囑的主題。請換一個，或不設遺囑。",
        ),
        0x95 => (
            "封包太大（packet too large）",
            "CONNECT 超過 Broker 能接受的大小。請縮短遺囑或使用者屬性。",
        ),
        0x97 => (
            "超過配額（quota exceeded）",
            "已達到 Broker 的某個上限，例如連線數。請詢問管理者。",
        ),
        0x99 => (
            "內容格式無效（payload format invalid）",
            "遺囑標示為文字，但 Broker 認為不是。請取消「內容是文字」。",
        ),
        0x9A => (
            "不支援保留訊息（retain not supported）",
            "請取消「保留遺囑」：這個 Broker 不儲存訊息。",
        ),
        0x9B => (
            "不支援這個 QoS（QoS not supported）",
            "請為遺囑選較低的 QoS。",
        ),
        0x9C => (
            "請暫時使用另一個伺服器（use another server）",
            "請向 Broker 的管理者詢問該用的位址。",
        ),
        0x9D => (
            "伺服器已搬移（server moved）",
            "請向 Broker 的管理者詢問新的位址。",
        ),
        0x9F => (
            "短時間內連線太多次（connection rate exceeded）",
            "請稍候再連線。",
        ),
        _ => return None,
    })
}

fn disconnect(code: u8) -> Option<Meaning> {
    Some(match code {
        0x00 => (
            "正常結束（normal disconnection）",
            "它可能正在重新啟動。請再次連線。",
        ),
        0x04 => (
            "使用了只有用戶端會送的代碼（disconnect with will message）",
            "Broker 的記錄檔可能有更多說明。",
        ),
        0x80 => (
            "沒有說明原因（unspecified error）",
            "Broker 的記錄檔應有更多說明。",
        ),
        0x81 => (
            "無法讀取某個封包（malformed packet）",
            "最後送出的封包在訊息清單中。中間的代理伺服器可能損壞封包。",
        ),
        0x82 => (
            "某個封包不合規定（protocol error）",
            "最後送出的封包在訊息清單中。若它沒有問題，就是 Broker 或 Midge 有錯。",
        ),
        0x83 => (
            "無法做到所要求的事（implementation specific error）",
            "最後送出的封包在訊息清單中。Broker 的記錄檔應有更多說明。",
        ),
        0x87 => (
            "未獲授權（not authorized）",
            "Broker 的規則不允許最後送出的內容，例如某個主題或篩選器。",
        ),
        0x89 => ("伺服器忙碌（server busy）", "請稍後再試。"),
        0x8B => (
            "伺服器正在關閉（server shutting down）",
            "等它恢復後再連線。",
        ),
        0x8C => (
            "不支援這種驗證方式（bad authentication method）",
            "請在 MQTT 5 的設定中改選另一種驗證方式。",
        ),
        0x8D => (
            "太久沒有收到任何封包（keep alive timeout）",
            "網路可能中斷過，或瀏覽器讓這個頁面睡著了。較長的 keep alive 可能有幫助。",
        ),
        0x8E => (
            "另一個用戶端接手了 Client ID（session taken over）",
            "每個 Client ID 在 Broker 上只有一個連線。是否在另一個分頁開著 Midge，或有程式使用相同的 ID？",
        ),
        0x8F => (
            "主題篩選器無效（topic filter invalid）",
            "它不接受最後訂閱或取消訂閱的篩選器。",
        ),
        0x90 => (
            "主題名稱無效（topic name invalid）",
            "它不接受最後發布的主題。",
        ),
        0x93 => (
            "未確認的訊息太多（receive maximum exceeded）",
            "這不應該發生。請把清單中的封包告訴 Midge 的開發者。",
        ),
        0x94 => (
            "主題別名無效（topic alias invalid）",
            "這不應該發生。請把清單中的封包告訴 Midge 的開發者。",
        ),
        0x95 => (
            "封包太大（packet too large）",
            "請發布較小的內容，或提高 Broker 的上限。",
        ),
        0x96 => (
            "訊息送得太快（message rate too high）",
            "請放慢發布速度，或提高 Broker 的上限。",
        ),
        0x97 => (
            "超過配額（quota exceeded）",
            "已達到 Broker 的某個上限。請詢問管理者。",
        ),
        0x98 => (
            "管理操作（administrative action）",
            "有人或 Broker 的規則結束了這個連線。",
        ),
        0x99 => (
            "內容格式無效（payload format invalid）",
            "有訊息標示為文字，但 Broker 認為不是。",
        ),
        0x9A => (
            "不支援保留訊息（retain not supported）",
            "請不要勾選保留：這個 Broker 不儲存訊息。",
        ),
        0x9B => (
            "不支援這個 QoS（QoS not supported）",
            "請以較低的 QoS 發布。",
        ),
        0x9C => (
            "請暫時使用另一個伺服器（use another server）",
            "請向 Broker 的管理者詢問該用的位址。",
        ),
        0x9D => (
            "伺服器已搬移（server moved）",
            "請向 Broker 的管理者詢問新的位址。",
        ),
        0x9E => (
            "不支援共享訂閱（shared subscriptions not supported）",
            "請不要用 $share 訂閱。",
        ),
        0x9F => (
            "短時間內連線太多次（connection rate exceeded）",
            "請稍候再連線。",
        ),
        0xA0 => (
            "單次連線的時間已到（maximum connect time）",
            "這個 Broker 會結束太久的連線。請再次連線。",
        ),
        0xA1 => (
            "不支援訂閱識別碼（subscription identifiers not supported）",
            "請不要附帶識別碼訂閱。",
        ),
        0xA2 => (
            "不支援萬用字元（wildcard subscriptions not supported）",
            "請訂閱完整的主題，不要用 + 和 #。",
        ),
        _ => return None,
    })
}
