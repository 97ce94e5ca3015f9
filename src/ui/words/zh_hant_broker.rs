//! Traditional Chinese: the connect screen, the doctor, settings and sharing.

mod codes;
mod details;
mod session;

pub use codes::CODES;
pub use details::DETAILS;
use session::SESSION;

use crate::link::{TAB_CLOSED, TAB_STOPPED};

use super::broker::{
    AddressWords, AttemptWords, BrokerWords, DoctorWords, FieldFaults, KeepingWords, LinkWords,
    SettingsWords, SharingWords,
};

pub const BROKER: BrokerWords = BrokerWords {
    section: "Broker",
    heading: "連線到 Broker",
    address: "位址",
    client_id: "Client ID",
    new_id: "換一個",
    user_name: "使用者名稱",
    password: "密碼",
    show: "顯示",
    hide: "隱藏",
    session: "工作階段、遺囑與限制",
    session_about: "Broker 記住你多久，以及你突然消失時它說什麼",
    five_about: "較新的 Broker 才有的上限、期限與屬性",
    keep_alive: "Keep alive（秒）",
    keep_alive_hint: "這麼久沒有往來時，就向 Broker 確認它還在。0 表示關閉。",
    clean_session: "全新工作階段（clean session）",
    clean_session_hint: "關閉時，Broker 會在離線期間為這個 Client ID 留存訂閱和 QoS 1、2 的訊息。",
    will: "遺囑",
    will_hint: "這個頁面未道別就斷線時，由 Broker 代為發布。主題留空表示不設遺囑。",
    will_topic: "遺囑主題",
    will_payload: "遺囑內容",
    will_qos: "遺囑 QoS",
    will_retain: "保留遺囑",
    save_profile: "儲存設定檔",
    practise: "不用 Broker 先練習",
    in_this_browser: "這個瀏覽器裡的 Broker",
    profile_name: "設定檔名稱",
    save: "儲存",
    saved: |name| format!("已儲存為「{name}」，不含密碼。"),
    not_saved: "瀏覽器不允許儲存。",
    engine_coming: "Midge 負責連線的部分還在載入，載入後就會連線。",
    terminal: "在終端機做同樣的事（Broker 也須開放一般的 MQTT over TCP）",
    profiles: "設定檔",
    no_profiles: "「儲存設定檔」會把目前的設定留到下次使用，不含密碼。",
    this_machine: "這台機器",
    remove: |name| format!("移除 {name}"),
    beyond: SESSION,
    field_faults: FieldFaults {
        keep_alive: "Keep alive 是 0 到 65,535 之間的整數秒數。",
        client_id_needed: "不使用全新工作階段時，Broker 需要 Client ID 才能認得這個用戶端。",
        user_name_needed: "MQTT 5 之前不能只有密碼而沒有使用者名稱，請一併輸入使用者名稱。",
        too_long: "MQTT 的欄位最多 65,535 個位元組。",
    },
    address_words: AddressWords {
        empty: "請輸入 Broker 的位址，例如 ws://localhost:9001。",
        no_scheme: "位址要以 ws:// 開頭，加密時以 wss:// 開頭。",
        other_scheme: |scheme| {
            format!(
                "瀏覽器只能透過 WebSocket 使用 MQTT：位址要以 ws:// 或 wss:// 開頭，而不是 {scheme}://。"
            )
        },
        no_host: "缺少主機：ws:// 之後要有名稱或 IP 位址。",
        bad_host: "主機名稱中有不能使用的字元，請檢查位址。",
        bad_port: "連接埠是 1 到 65535 之間的數字。",
        space: "位址中有空格。",
        fragment: "WebSocket 位址不能有 # 之後的部分。",
        credentials: "使用者名稱和密碼由 MQTT 自己傳送，寫在位址裡沒有作用。",
        credentials_or_not: "@ 前面可能是使用者名稱和密碼。它們由 MQTT 自己傳送，寫在位址裡沒有作用。原本的意思是？",
        move_credentials: "移到各自的欄位",
        move_credentials_to: |address| format!("移到各自的欄位，並改用 {address}"),
        no_brackets: "IPv6 位址在這裡要加上方括號，冒號才不會被當成連接埠的冒號。",
        mixed_content: "這個頁面是以 https 開啟的，瀏覽器不會讓它連到外部未加密的 ws:// 位址。\
            Broker 需要 wss://，或改以 http 開啟 Midge。",
        instead: |address| format!("改用 {address}"),
        plain_port: "連接埠 1883 通常是一般的 MQTT over TCP，瀏覽器無法開啟。Mosquitto 需要設定「protocol websockets」的 \
            listener，常用 9001。",
        tls_port: "連接埠 8883 通常是不含 WebSocket 的 MQTT over TLS，瀏覽器無法開啟。加密的 WebSocket 常用 8084、8081 或 443。",
        two_lines: "在 mosquitto.conf 加上這兩行即可：",
        way_in: "或由 Midge 隨附程式代為連線，啟動方式：",
        mixed_content_on_lan: "這個頁面是以 https 開啟的。對區域網路中的 ws:// 位址，有些瀏覽器會先詢問，有些會拒絕；以 http \
            開啟的頁面沒有這個問題。",
        private_from_public: "這個位址在私人網路中，而頁面不在：瀏覽器可能會詢問是否允許存取區域網路。",
        local_name: "不是每個裝置都認得 .local 結尾的名稱。若連不上，請改用 IP 位址。",
    },
    link: LinkWords {
        password: "已忽略連結中的密碼：連結不是放密碼的安全地方，請在這裡輸入。",
        too_long: "連結太長，無法讀取。",
        too_many_filters: |count| format!("只採用了連結中的前 {count} 個主題篩選器。"),
        too_many_addresses: |count| format!("只採用了連結中的前 {count} 個位址。"),
        unreadable: |part| format!("連結中的「{part}」已損壞，未採用。"),
        bad_filter: |filter| format!("連結中的主題篩選器 {filter} 無效，未採用。"),
        bad_value: |part| format!("連結中「{part}」的值無法辨識，未採用。"),
        has_password: "連結要求立即連線，而密碼欄已填入內容。如果密碼是給這個 Broker 的，請按「連線」。",
    },
};

pub const ATTEMPT: AttemptWords = AttemptWords {
    heading: "上次嘗試",
    may_talk: |page, address| format!("頁面與 Broker 可以互通（{page} 頁面，{address} 位址）"),
    may_not_talk: |page, address| {
        format!("瀏覽器不讓頁面與 Broker 互通（{page} 頁面，{address} 位址）")
    },
    here: "位址在這台機器上",
    nearby: "位址在區域網路中",
    opening: "正在開啟 socket",
    opened: "socket 已開啟",
    not_opened: "socket 沒有開啟",
    connect_sent: "已送出 CONNECT",
    connect_not_sent: "未送出 CONNECT",
    connack_awaited: "尚未收到 CONNACK",
    connack_accepted: "CONNACK 接受了連線",
    connack_not_accepted: "CONNACK 沒有接受連線",
    done: "完成",
    failed: "失敗",
    open: "未進行",
};

pub const DOCTOR: DoctorWords = DoctorWords {
    settings: "這些設定無法寫進 CONNECT 封包",
    forbidden: "瀏覽器不允許這個連線",
    forbidden_checks: |detail| {
        format!("瀏覽器的說明：{detail} 通常是位址無效，或頁面以 https 開啟而位址是 ws://。")
    },
    not_opened: |span| format!("socket 在開啟之前就關閉了，歷時 {span}"),
    open_timeout: |span| format!("socket 在 {span} 內沒有開啟"),
    guesses: "瀏覽器只告訴頁面這麼多。可能的原因，由最可能的開始：",
    plain_port: |port| {
        format!(
            "連接埠 {port} 通常是不含 WebSocket 的 MQTT，瀏覽器無法開啟。WebSocket 常用 9001，加密時常用 8084。"
        )
    },
    mixed_content: "這個頁面是以 https 開啟的，瀏覽器通常不讓它連到 ws://。請改用 wss://，或以 http 開啟 Midge。",
    certificate: "若 Broker 使用自簽憑證，瀏覽器會直接拒絕而不詢問。請先開啟下面的位址、接受憑證，再連線一次：",
    permission: "Broker 在私人網路中，而頁面不在：瀏覽器可能詢問過是否允許存取區域網路。請看看網址列左側。",
    fast: "立刻就失敗了：這個連接埠上沒有服務，或那裡的服務不支援 WebSocket。Broker 在執行嗎？連接埠正確嗎？",
    slow: "過了很久才失敗：機器可能沒開、IP 位址有誤，或中間有防火牆。",
    local_name: "不是每個裝置都認得 .local 結尾的名稱，請改用 IP 位址試試。",
    path: "有些 Broker 的位址結尾需要路徑，例如 /mqtt。",
    listener: "mosquitto.conf 有這兩行，Mosquitto 就接受 WebSocket：",
    subprotocol: |chosen| format!("伺服器選了 WebSocket 子協定「{chosen}」，而不是所提出的那個"),
    no_subprotocol: "伺服器沒有同意 MQTT 的 WebSocket 子協定",
    subprotocol_check: "那裡有 WebSocket 伺服器，但不是 MQTT Broker，或路徑通往別的服務。Broker 常用的路徑是 /mqtt。",
    text_frame: "伺服器送來 WebSocket 文字框（text frame）；MQTT 使用二進位框（binary frame）",
    text_frame_check: "那裡有 WebSocket 伺服器，但說的不是 MQTT。請檢查連接埠和路徑。",
    no_connack: |span| format!("Broker 在 {span} 內沒有以 CONNACK 回應 CONNECT"),
    no_connack_check: "socket 已開啟，但沒有人在上面說 MQTT：連接埠或路徑可能屬於別的服務，或 Broker 過於忙碌。",
    closed_before_connack: |span, code| {
        format!("Broker 在 CONNECT 之後 {span} 關閉了 socket，沒有送 CONNACK（代碼 {code}）")
    },
    closed_before_connack_check: "有些 Broker 不接受 Client ID、MQTT 版本或帳號密碼時會這樣做。Broker 的記錄檔會有更多說明。",
    refused: |code| match code {
        1 => "Broker 拒絕連線：不接受的協定版本（CONNACK 代碼 1，unacceptable protocol version）"
            .to_owned(),
        2 => "Broker 拒絕連線：不接受這個 Client ID（CONNACK 代碼 2，identifier rejected）"
            .to_owned(),
        3 => "Broker 拒絕連線：服務暫時無法使用（CONNACK 代碼 3，server unavailable）".to_owned(),
        4 => "Broker 拒絕連線：使用者名稱或密碼不正確（CONNACK 代碼 4，bad user name or password）"
            .to_owned(),
        5 => "Broker 拒絕連線：未獲授權（CONNACK 代碼 5，not authorized）".to_owned(),
        other => format!("Broker 以預留代碼拒絕連線（CONNACK 代碼 {other}）"),
    },
    refused_check: |code| match code {
        1 => "請選「Broker 接受的最新版本」：Midge 支援 MQTT 5、3.1.1 和 3.1。",
        2 => "Broker 不接受這個 Client ID：可能太長、含有不允許的字元，或已被預留。請換一個試試。",
        3 => "Broker 還在，但目前不接受連線。Midge 會再試。",
        4 => "請檢查使用者名稱和密碼，注意大小寫。",
        5 => {
            "請檢查使用者名稱和密碼；Mosquitto 2 對錯誤的密碼也回應這個代碼。若都正確，就是 Broker 的規則不允許這個使用者或 \
            Client ID。"
        }
        _ => "MQTT 沒有定義這個代碼。Broker 的記錄檔可能有更多說明。",
    },
    no_user_name: "沒有送出使用者名稱，而這個 Broker 似乎需要。",
    password_lines: "在 Mosquitto 上，請看看 mosquitto.conf。若 per_listener_settings 為 true，這些設定只對所屬的 listener \
        有效：",
    password_reload: "重新設定密碼，並讓 Mosquitto 重新讀取：",
    malformed: |detail, version, clause| {
        format!("Broker 違反了協定：{detail}（{version} 第 {clause} 節）")
    },
    malformed_check: "該封包在訊息清單中，並標出了位置。原因可能是中間的代理伺服器，或那裡的服務不是 MQTT Broker。",
    ping_unanswered: |span| format!("Broker 在 {span} 內沒有以 PINGRESP 回應 PINGREQ"),
    ping_unanswered_check: "網路可能無聲無息地斷了、機器睡著了，或 Broker 卡住了。",
    lost: |code| format!("連線中斷：{code}"),
    lost_reason: "Broker 說明的原因：",
    lost_idle: |silence, keep_alive| {
        format!(
            "中斷前有 {silence} 沒有任何收發。代理伺服器或負載平衡器常會結束閒置這麼久的連線：將 keep alive 設為 \
             {keep_alive} 秒可以避免。"
        )
    },
    new_tab_broker: "下一個 Broker 從空白開始。",
    no_tab_broker: "這個瀏覽器裡的 Broker 沒有啟動：檔案沒有載入，或瀏覽器不允許。請在有網路時重新載入頁面。",
    lost_check: "這段期間的訊息可能遺漏；已收到的訊息都還在。",
    close_code: |code| {
        match code {
        1000 => "Broker 正常關閉（代碼 1000）".to_owned(),
        1001 => "Broker 即將離線（代碼 1001）".to_owned(),
        1002 => "Broker 發現協定錯誤（代碼 1002）".to_owned(),
        1003 => "Broker 不接受這種資料（代碼 1003）".to_owned(),
        1006 => "socket 未道別就結束（代碼 1006，沒有更多資訊）".to_owned(),
        1008 => "違反 Broker 的政策（代碼 1008）".to_owned(),
        1009 => "訊息對 Broker 來說太大（代碼 1009）".to_owned(),
        1011 => "Broker 內部錯誤（代碼 1011）".to_owned(),
        1012 => "Broker 正在重新啟動（代碼 1012）".to_owned(),
        1013 => "Broker 請稍後再試（代碼 1013）".to_owned(),
        4150 => "Broker 所在的機器拒絕 Midge 隨附程式的連線：該連接埠沒有程式在接聽（代碼 4150）".to_owned(),
        4151 => "從 Midge 隨附程式沒有路由可到 Broker 的位址（代碼 4151）".to_owned(),
        4152 => "Midge 隨附程式找不到 Broker：主機名稱無法解析（代碼 4152）".to_owned(),
        4153 => "Broker 沒有回應 Midge 隨附程式；可能是防火牆丟棄了封包（代碼 4153）".to_owned(),
        4154 => "Midge 隨附程式不信任 Broker 的憑證；請以 --broker-ca 加上該 CA 的檔案啟動（代碼 4154）".to_owned(),
        4155 => "Broker 的憑證屬於其他主機名稱，與 --broker 所寫的不同（代碼 4155）".to_owned(),
        4156 => "Broker 的憑證今天不在有效期內（代碼 4156）".to_owned(),
        4157 => "Broker 在該連接埠不使用 TLS，或版本早於 1.2（代碼 4157）".to_owned(),
        4158 => "Broker 要求用戶端憑證；請以 --broker-cert 與 --broker-key 啟動 Midge 隨附程式（代碼 4158）".to_owned(),
        4159 => "Broker 在該路徑不提供 MQTT over WebSocket（代碼 4159）".to_owned(),
        4160 => "Midge 隨附程式與 Broker 之間的連線中斷（代碼 4160）".to_owned(),
        TAB_CLOSED => "提供 Broker 的分頁關閉了".to_owned(),
        TAB_STOPPED => "這個瀏覽器裡的 Broker 停止了".to_owned(),
        other => format!("代碼 {other}"),
    }
    },
    replaced: |id| format!("另一個用戶端以 Client ID {id} 連線，因此 Broker 結束了這個連線"),
    perhaps_replaced: |id| {
        format!("每次連線後，Broker 幾秒內就結束連線；很可能另一個用戶端也使用 Client ID {id}")
    },
    replaced_check: "每個 Client ID 在 Broker 上只有一個連線。是否在另一個分頁開著 Midge，或有程式使用相同的 ID？Midge \
        先停下來，免得兩邊不斷互相擠下線。",
    with_new_id: "以新的 Client ID 連線",
    again: "再次連線",
};

pub const SHARING: SharingWords = SharingWords {
    heading: "分享這個連線",
    link: "連結",
    copy: "複製連結",
    connect_at_once: "開啟連結時立即連線",
    inside: "連結的內容",
    inside_page: "這個頁面和 Broker 的位址",
    inside_user: |user| format!("使用者名稱 {user}"),
    inside_filters: |count, qos| format!("{count} 個主題篩選器，QoS {qos}"),
    inside_version: |version| format!("版本：{version}"),
    left_out: |names| format!("看起來像祕密，因此未放進連結：{names}。"),
    inside_never: "絕不包含密碼。每個人都有自己的 Client ID。",
    no_address: "Broker 的位址不完整，因此不在連結中。",
    too_long: "內容太長，無法製成 QR code；連結仍可使用。",
    join: "用手機加入",
    join_hint: "同一個頁面、同一個 Broker、新的 Client ID。連結絕不包含密碼。",
    start_with_lan: "目前只有這台機器能開啟這個頁面。以 --lan 啟動 Midge，同一網路中的手機就能加入。",
    page_is_local: "只有這台機器能開啟這個頁面：它的位址是機器對自己的稱呼。",
    broker_is_local: "Broker 的位址是這台機器對自己的稱呼（localhost），手機連不到。請改用這台機器在網路中的 IP 位址。",
    broker_in_tab: "Broker 就在這個瀏覽器裡。連結只能在這個瀏覽器的其他分頁使用。",
    qr: "連結的 QR code",
};

pub const SETTINGS: SettingsWords = SettingsWords {
    language: "語言",
    theme: "色彩",
    system: "跟隨系統",
    light: "淺色",
    dark: "深色",
    budget: "訊息使用的記憶體",
    budget_hint: "用滿時，最舊的訊息會先移除，並計入捨棄數。",
};

pub const KEEPING: KeepingWords = KeepingWords {
    saved_without: |name, names| format!("已儲存為「{name}」，不含密碼，也不含 {names}。"),
    too_many: "已儲存 200 個設定檔，沒有空間了。請先移除一個。",
    kept_by_later: "這裡的資料由較新的 Midge 儲存。這個版本不會更動它，也不會儲存任何東西。",
    put_aside: |name| {
        format!(
            "無法讀取先前儲存的資料。它以 {name} 的名稱留在瀏覽器的儲存空間，設定檔則重新開始。"
        )
    },
    not_stored: |names| {
        format!(
            "位址中有看起來像祕密的部分：{names}。連線時會使用，但不會存為上次的位址，也不會存入設定檔。"
        )
    },
    stored_too: |names| {
        format!("位址中有看起來像祕密的部分：{names}。它會存在這個瀏覽器，其他使用者可能讀得到。")
    },
    store_too: "也儲存這個部分",
    was_left_out: |names| {
        format!("這個位址儲存時未包含看起來像祕密的部分：{names}。如果 Broker 需要，請再填入。")
    },
    ran_out: |span| {
        format!("這個位址中的簽章或權杖已在 {span}前過期，Broker 多半不會接受。請取得新的位址。")
    },
};
