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
        "Protocol Version" => "協定版本",
        "Will Payload length" => "遺囑內容長度",
        "Will Payload" => "遺囑內容",
        "Connect Reason Code" => "連線原因碼",
        "Subscription Options" => "訂閱選項",
        "Reason Code" => "原因碼",
        "Property Length" => "屬性長度",
        "Property Identifier" => "屬性識別碼",
        "Payload Format Indicator" => "內容格式指示",
        "Message Expiry Interval" => "訊息有效時間",
        "Content Type length" => "內容類型長度",
        "Content Type" => "內容類型",
        "Response Topic length" => "回應主題長度",
        "Response Topic" => "回應主題",
        "Correlation Data length" => "關聯資料長度",
        "Correlation Data" => "關聯資料",
        "Subscription Identifier" => "訂閱識別碼",
        "Session Expiry Interval" => "工作階段有效時間",
        "Assigned Client Identifier length" => "指派的用戶端識別碼長度",
        "Assigned Client Identifier" => "指派的用戶端識別碼",
        "Server Keep Alive" => "伺服器保持連線",
        "Authentication Method length" => "驗證方法長度",
        "Authentication Method" => "驗證方法",
        "Authentication Data length" => "驗證資料長度",
        "Authentication Data" => "驗證資料",
        "Request Problem Information" => "要求問題資訊",
        "Will Delay Interval" => "遺囑延遲時間",
        "Request Response Information" => "要求回應資訊",
        "Response Information length" => "回應資訊長度",
        "Response Information" => "回應資訊",
        "Server Reference length" => "伺服器參照長度",
        "Server Reference" => "伺服器參照",
        "Reason String length" => "原因說明長度",
        "Reason String" => "原因說明",
        "Receive Maximum" => "接收上限",
        "Topic Alias Maximum" => "主題別名上限",
        "Topic Alias" => "主題別名",
        "Maximum QoS" => "最高 QoS",
        "Retain Available" => "可否保留訊息",
        "User Property name length" => "使用者屬性名稱長度",
        "User Property name" => "使用者屬性名稱",
        "User Property value length" => "使用者屬性值長度",
        "User Property value" => "使用者屬性值",
        "Maximum Packet Size" => "封包大小上限",
        "Wildcard Subscription Available" => "可否使用萬用字元",
        "Subscription Identifiers Available" => "可否使用訂閱識別碼",
        "Shared Subscription Available" => "可否共享訂閱",
        "Further fields" => "其餘欄位",
        "Not read" => "未讀取",
        "Bytes left over" => "多出的位元組",
        _ => name,
    }
}

/// Fields of which the value only says how many bytes they have.
const COUNTED: [&str; 7] = [
    "Payload",
    "Will Message",
    "Will Payload",
    "Password",
    "Correlation Data",
    "Authentication Data",
    "Bytes left over",
];

/// A field's value: the number of its bytes in Chinese, all else as it is.
pub fn chinese_value(name: &str, value: &str) -> String {
    let counted = value
        .strip_suffix(" bytes")
        .or_else(|| value.strip_suffix(" byte"))
        .filter(|_| COUNTED.contains(&name));
    counted.map_or_else(|| value.to_owned(), |count| format!("{count} 位元組"))
}
