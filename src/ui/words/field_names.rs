//! The names of packet fields in Traditional Chinese. The English names are the specification's, and the keys
//! (`protocol::fields::NAMES`).

/// A field's name; one that is not listed keeps the specification's.
pub fn chinese(name: &str) -> &str {
    match name {
        "Control Packet type and flags" => "控制封包類型與旗標",
        "Remaining Length" => "剩餘長度",
        "Protocol Name length" => "協定名稱長度",
        "Protocol Name" => "協定名稱",
        "Protocol Level" => "協定等級",
        "Connect Flags" => "連線旗標",
        "Keep Alive" => "保持連線",
        "Client Identifier length" => "用戶端識別碼長度",
        "Client Identifier" => "用戶端識別碼",
        "Will Topic length" => "遺囑主題長度",
        "Will Topic" => "遺囑主題",
        "Will Message length" => "遺囑訊息長度",
        "Will Message" => "遺囑訊息",
        "User Name length" => "使用者名稱長度",
        "User Name" => "使用者名稱",
        "Password length" => "密碼長度",
        "Password" => "密碼",
        "Connect Acknowledge Flags" => "連線確認旗標",
        "Connect Return code" => "連線回覆碼",
        "Topic Name length" => "主題名稱長度",
        "Topic Name" => "主題名稱",
        "Packet Identifier" => "封包識別碼",
        "Payload" => "內容",
        "Topic Filter length" => "主題篩選器長度",
        "Topic Filter" => "主題篩選器",
        "Requested QoS" => "要求的 QoS",
        "Return code" => "回覆碼",
        "Further fields" => "其餘欄位",
        "Not read" => "未讀取",
        "Bytes left over" => "多出的位元組",
        _ => name,
    }
}
