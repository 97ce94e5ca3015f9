//! Traditional Chinese: payloads.

use super::content::{ContentWords, TerminalWords};
use crate::{
    payload::{CborFault, CborProblem, JsonFault, Mark, NumberFault, Open},
    profile::terminal::{NoLine, Note, Part},
};

fn open(what: Open) -> &'static str {
    match what {
        Open::Object => "以 { 開始的物件",
        Open::Array => "以 [ 開始的陣列",
        Open::String => "字串",
        Open::Value => "值",
    }
}

fn json_fault(fault: &JsonFault) -> String {
    match fault {
        JsonFault::Nothing => "只有空白，沒有內容".to_owned(),
        JsonFault::Unfinished(what) => format!("{}還沒寫完就結束了", open(*what)),
        JsonFault::Second => "這裡開始了第二份文件，JSON 只能有一個值".to_owned(),
        JsonFault::After(letter) => format!("文件已經結束，後面還有{}", character(*letter)),
        JsonFault::TrailingComma => "結尾括號前多了一個逗號".to_owned(),
        JsonFault::MissingComma => "這裡少了逗號".to_owned(),
        JsonFault::MissingColon => "鍵後面少了冒號".to_owned(),
        JsonFault::MissingValue => "這裡少了值".to_owned(),
        JsonFault::SingleQuote => "JSON 只用雙引號".to_owned(),
        JsonFault::CurlyQuote(quote) => format!("{quote} 是排版用的引號，JSON 要用直的 \""),
        JsonFault::Comment => "JSON 沒有註解".to_owned(),
        JsonFault::PlainKey(key) => format!("鍵 {key} 要加雙引號"),
        JsonFault::Key(letter) => format!("這裡要有加雙引號的鍵，卻是{}", character(*letter)),
        JsonFault::NoNumber(word) => format!("JSON 沒有 {word}"),
        JsonFault::Word(word, instead) => format!("{word} 在 JSON 中寫成 {instead}"),
        JsonFault::Unknown(word) => format!("{word} 不是值；文字要加雙引號"),
        JsonFault::WrongBracket(what) => format!("結束{}的括號不對", open(*what)),
        JsonFault::Number(fault) => match fault {
            NumberFault::LeadingZero => "數字不能以 0 開頭再接其他數字",
            NumberFault::Plus => "數字不能以 + 開頭",
            NumberFault::PointFirst => "小數點前要有數字",
            NumberFault::NoDigit => "數字中少了一位",
        }
        .to_owned(),
        JsonFault::Control(10) => "字串中的換行要寫成 \\n".to_owned(),
        JsonFault::Control(9) => "字串中的 Tab 要寫成 \\t".to_owned(),
        JsonFault::Control(code) => format!("字串中直接放了控制字元 \\u{code:04x}"),
        JsonFault::Escape(letter) => format!("\\ 後面不能接{}", character(*letter)),
        JsonFault::Unicode => "\\u 後面要有四個十六進位數字".to_owned(),
        JsonFault::Character(letter) => format!("{}不該在這裡", character(*letter)),
    }
}

/// A character, by its code where it would not be seen.
fn character(letter: char) -> String {
    if letter.is_alphanumeric() || letter.is_ascii_punctuation() {
        format!("「{letter}」")
    } else {
        format!(" U+{:04X} ", u32::from(letter))
    }
}

fn note(note: &Note) -> String {
    match note {
        Note::GuessedPort(port) => {
            format!("連接埠 {port} 是慣用的，只是猜測；本頁用的是 WebSocket。")
        }
        Note::Password => "請先把密碼設到 MQTT_PASSWORD。".to_owned(),
        Note::File(name) => format!("請在檔案 {name} 所在的資料夾執行。"),
        Note::Shared => "它會加入共享訂閱的群組，分走一部分訊息。".to_owned(),
        Note::Several => "選項不同，請各在一個終端機執行。".to_owned(),
    }
}

fn none(why: NoLine) -> String {
    let part = |part| match part {
        Part::Topic => "主題",
        Part::Filter => "主題篩選器",
        Part::UserName => "使用者名稱",
        Part::ClientId => "Client ID",
        Part::ResponseTopic => "回應主題",
        Part::ContentType => "內容類型",
        Part::UserProperty => "使用者屬性",
    };
    match why {
        NoLine::Placeholders => "無法用 mosquitto_pub：它不會代換內容。".to_owned(),
        NoLine::TooLong => "指令會太長。請存成檔案，再用 mosquitto_pub -f。".to_owned(),
        NoLine::InBrowser => "這裡沒有：Broker 在這個瀏覽器裡，其他程式連不到。".to_owned(),
        NoLine::NoTcp => {
            "目前不行：本頁的主機沒有開放 MQTT over TCP，啟動時加上 --tcp 就會開放。".to_owned()
        }
        NoLine::WayIn => {
            "無法從這裡產生：本頁是透過主機連到 Broker 的。請使用啟動 midge 時以 --broker 指定的位址。".to_owned()
        }
        NoLine::Scram => "無法用 Mosquitto 的程式：它們不支援 SCRAM。".to_owned(),
        NoLine::PasswordAlone => {
            "無法用 Mosquitto 的程式：沒有使用者名稱，它們就不送密碼。".to_owned()
        }
        NoLine::Refused(what) => {
            format!(
                "無法用 Mosquitto 的程式：它們不接受{}中的控制字元。",
                part(what)
            )
        }
        NoLine::Correlation => "關聯資料中有零位元組，或以換行結尾，無法放進指令。".to_owned(),
        NoLine::NoSubscription => "還沒有訂閱。".to_owned(),
        NoLine::RetainHandling => {
            "無法用 mosquitto_sub：它不能照這裡選的方式要求保留訊息。".to_owned()
        }
    }
}

fn cbor_fault(fault: &CborFault) -> String {
    let what = match fault.problem {
        CborProblem::Cut => "內容在一個項目中間就結束了",
        CborProblem::NoItem => "沒有任何項目以這個位元組開始",
        CborProblem::NotUtf8 => "這段文字不是 UTF-8",
        CborProblem::StrayBreak => "這裡有結束記號，但沒有可以結束的項目",
        CborProblem::NoValue => "映射在鍵之後就結束，缺少對應的值",
        CborProblem::WrongChunk => "分段字串裡只能放同一種字串",
    };
    format!("從位元組 {}（從 0 算起）開始不是 CBOR：{what}。", fault.at)
}

pub const CONTENT: ContentWords = ContentWords {
    reading: "正在以 JSON 讀取…",
    not_json: |what, line, column| format!("不是 JSON，第 {line} 行第 {column} 字：{what}。"),
    json_fault,
    cbor_fault,
    cbor_cut: |size| format!("共 {size}，複製與儲存包含全部。"),
    lone_surrogate: |line, column| {
        format!("第 {line} 行第 {column} 字：有個跳脫序列只代表半個字元，有些程式不接受。")
    },
    deep: |levels| format!("超過 {levels} 層之後不再往右縮排，內容都還在。"),
    mark: |mark| match mark {
        Mark::Utf8 => "前面有位元組順序記號（EF BB BF）。許多讀取 JSON 的程式不接受它。",
        Mark::Utf16 => "以 UTF-16 的位元組順序記號開頭。MQTT 的文字是 UTF-8，許多程式只接受它。",
        Mark::Utf32 => "以 UTF-32 的位元組順序記號開頭。MQTT 的文字是 UTF-8，所以以位元組顯示。",
    },
    new: "新增",
    gone: |count, keys| match (count, keys) {
        (_, "") => format!("最後少了 {count} 個"),
        (1..=3, keys) => format!("已移除：{keys}"),
        (_, keys) => format!("已移除 {count} 個：{keys}…"),
    },
    placeholders: "代換內容",
    as_it_is: |first, more| {
        let more = if more > 0 {
            format!("，還有 {more} 個")
        } else {
            String::new()
        };
        format!("不是代換，照原樣送出：{}{more}", first.join("  "))
    },
    empty: "沒有輸入內容：會送出空的訊息。",
    empty_retained: "沒有內容又勾選「保留」，會刪除此主題的保留訊息。",
};

/// The same in a terminal.
pub const TERMINAL: TerminalWords = TerminalWords {
    copy: "複製指令",
    note,
    none,
};
