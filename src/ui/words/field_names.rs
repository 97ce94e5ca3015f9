//! The names of packet fields in Traditional Chinese. The English names are the specification's, and the keys.

/// A field's name; one that is not listed keeps the specification's.
pub fn chinese(name: &str) -> &str {
    match name {
        "Fixed header" => "固定標頭",
        "Remaining length" => "剩餘長度",
        "Topic name" => "主題名稱",
        "Topic filter" => "主題篩選器",
        "Packet identifier" => "封包識別碼",
        "Payload" => "內容",
        "Protocol name" => "協定名稱",
        "Protocol level" => "協定等級",
        "Connect flags" => "連線旗標",
        "Keep alive" => "保持連線",
        "Client identifier" => "用戶端識別碼",
        "Will topic" => "遺囑主題",
        "Will message" => "遺囑訊息",
        "User name" => "使用者名稱",
        "Password" => "密碼",
        "Connect acknowledge flags" => "連線確認旗標",
        "Return code" => "回覆碼",
        "Requested QoS" => "要求的 QoS",
        "Not read" => "未讀取",
        _ => name,
    }
}
