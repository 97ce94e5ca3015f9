//! Traditional Chinese: the work with messages.

use super::work::{
    HappenedWords, LimitWords, OptionWords, PairWords, PropertyWords, QueueWords, RefusalWords,
    WorkWords,
};
use super::zh_hant_remarks::REMARKS;

fn meaning(code: u8) -> &'static str {
    match code {
        0x80 => "沒有說明原因",
        0x81 => "認為封包格式錯誤",
        0x82 => "認為違反協定",
        0x83 => "Broker 自己的規則",
        0x87 => "沒有權限",
        0x8f => "不接受這個主題篩選器",
        0x90 => "不接受這個主題",
        0x91 => "封包識別碼仍在使用中",
        0x93 => "同時送出的超過它能接受的數量",
        0x95 => "封包太大",
        0x97 => "已超過配額",
        0x99 => "內容不是屬性所說的文字",
        0x9a => "不支援保留訊息",
        0x9b => "不支援這個 QoS",
        0x9e => "不支援共享訂閱",
        0xa1 => "不支援訂閱識別碼",
        0xa2 => "不支援萬用字元",
        _ => "MQTT 5 沒有定義的原因",
    }
}

pub const WORK: WorkWords = WorkWords {
    limits: LimitWords {
        qos: |maximum| format!("這個 Broker 最高接受 QoS {maximum}，請選較低的等級。"),
        retain: "這個 Broker 不支援保留訊息。取消勾選「保留」即可送出。",
        wildcards: "這個 Broker 不支援萬用字元，請訂閱確切的主題。",
        shared: "這個 Broker 不支援共享訂閱。",
        identifiers: "這個 Broker 不支援訂閱識別碼，請留空。",
        packet_size: |limit| format!("這個 Broker 接受的封包最大 {limit}，這一則超過了。"),
        version: "只有 MQTT 5 才有；目前連線使用較舊的版本。",
        no_local_shared: "規範不允許共享訂閱使用「不收自己發布的訊息」。",
        queue_full: "等待中的訊息已達上限。請取消下方的訊息，或等待連線恢復。",
        expired: "等待期間已過期，因此沒有送出。",
        cut: "訊息還沒送完，連線就中斷了。",
    },
    refusals: RefusalWords {
        meaning,
        message: |topic, meaning, code| {
            format!("Broker 拒絕了送往 {topic} 的訊息：{meaning} (0x{code:02x})。")
        },
        earlier_message: |meaning, code| {
            format!("Broker 拒絕了先前留下的一則訊息：{meaning} (0x{code:02x})。")
        },
        filter: |meaning, code| format!("Broker 拒絕：{meaning} (0x{code:02x})。"),
        unsubscribe: |filter, meaning, code| {
            format!("Broker 沒有取消訂閱 {filter}：{meaning} (0x{code:02x})。")
        },
        says: |words| format!("Broker 的說明：「{words}」"),
    },
    options: OptionWords {
        heading: "選項 (MQTT 5)",
        needs_5: |version| format!("目前連線使用 {version}，沒有這些選項。"),
        no_local: "不收自己發布的訊息",
        no_local_hint: "不把本頁發布的訊息送回來。",
        as_published: "照發布時保留",
        as_published_hint: "維持發送者設定的保留旗標。",
        handling: "送出保留訊息",
        handlings: ["每次訂閱", "只在新訂閱時", "不送"],
        identifier: "訂閱識別碼",
        identifier_hint: "這個篩選器帶來的每則訊息都會附上它。",
        bad_identifier: "訂閱識別碼是 1 到 268,435,455 的整數，或留空。",
        share: "$share/群組/篩選器 會分攤訊息：每則只送給群組的一個成員。",
        forbidden: "不允許",
        tag_no_local: "不收自己的",
        tag_as_published: "照發布時的旗標",
        tag_handling: ["保留訊息", "新訂閱才送保留", "不送保留"],
        tag_identifier: |identifier| format!("識別碼 {identifier}"),
    },
    queue: QueueWords {
        heading: "等待送出",
        waiting: |count, limit, bytes| {
            format!("{count} 則訊息等待送出（{bytes}；最多 {limit} 則）")
        },
        first: |count| format!("顯示前 {count} 則。"),
        cancel: "取消",
        cancel_one: |topic| format!("取消送往 {topic} 的訊息"),
        later: "尚未連線：連線後就會送出。",
        queued: "等待中，可以送出時就會送出。",
        leaving: |bytes| format!("傳送中：還有 {bytes} 尚未送出。"),
        held: |bytes| format!("等待線路：還有 {bytes} 尚未送出"),
        cancelled: |topic| format!("已取消：{topic}"),
    },
    left_out: super::zh_hant_left_out::LEFT_OUT,
    pairs: PairWords {
        request: "請求",
        to_response: "這是請求。顯示它的回應。",
        to_request: "這是回應。顯示它的請求。",
        request_fact: "請求",
        response_fact: "回應",
        unanswered: "這是請求，還沒有回應。",
        show_response: "顯示回應",
        show_request: "顯示請求",
        after: |span| format!("請求後 {span}"),
    },
    remarks: REMARKS,
    clause: |version, clause| format!("{version} 第 {clause} 節"),
};

pub const PROPERTIES: PropertyWords = PropertyWords {
    heading: "屬性 (MQTT 5)",
    in_use: |count| format!("使用 {count} 項"),
    needs_5: |version| format!("目前連線使用 {version}，沒有屬性。填寫的內容會留著，但不會送出。"),
    response_topic: "回應主題",
    response_topic_hint: "希望對方回覆到哪個主題。",
    correlation_data: "關聯資料",
    correlation_as: "關聯資料的格式",
    make_up: "自動產生",
    make_up_hint: "填入沒有其他人使用的回應主題與關聯資料。",
    subscribe_to_it: "訂閱回應主題",
    content_type: "內容類型",
    expiry: "訊息有效時間",
    expiry_field: "訊息有效時間（秒）",
    expiry_hint: "超過時間 Broker 就會丟棄。留空：永遠有效。",
    payload_is_text: "內容是文字",
    format: "內容格式",
    format_text: "UTF-8 文字",
    format_bytes: "位元組",
    bad_expiry: "訊息有效時間是整數秒，最大 4,294,967,295，或留空。",
    bad_response_topic: |fault| format!("回應主題：{fault}"),
    bad_correlation: |fault| format!("關聯資料：{fault}"),
    too_long: |what| format!("{what}：MQTT 欄位最多 65,535 位元組。"),
    not_text: "內容不是 UTF-8 文字。請取消勾選「內容是文字」，或修改內容。",
    version: "版本",
    topic_alias: "主題別名",
    identifiers: "訂閱識別碼",
    user_properties: "使用者屬性",
    reply: "回覆",
};

pub const HAPPENED: HappenedWords = HappenedWords {
    restored: |count| format!("繼續處理先前留下的 {count} 則訊息。"),
    damaged: |count| format!("有 {count} 則無法從儲存空間讀出。"),
    session_unknown: "Broker 留存了本頁不認識的工作階段。已改用新的工作階段，舊的裡面等待的訊息不會送達。",
    reauthenticated: "Broker 接受了新的驗證。",
};
