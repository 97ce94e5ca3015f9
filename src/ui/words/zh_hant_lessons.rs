//! 繁體中文：課程周圍的文字。

use super::lessons::LessonWords;
use crate::lessons::Why;

pub static LESSONS: LessonWords = LessonWords {
    learn: "學習",
    about: "每一步都用真實的封包來做，也由封包來確認。可以從任何一課開始。",
    not_loaded: "課程沒有載入。",
    missing: |name| format!("課程 {name} 沒有載入。"),
    fault: |name, fault| format!("{name} 第 {} 行：{}", fault.line, why(&fault.why)),
    unknown: |name| format!("這裡沒有名為 {name} 的課程。"),
    all_lessons: "所有課程",
    done_of: |done, all| format!("{done}／{all}"),
    needs: "你需要：",
    show_where: "在哪裡？",
    again: "重新開始這一步",
    anew: "從頭開始這一課",
    look: "看看這個封包",
    send: |count| format!("送出這 {count} 則訊息"),
    sent: "已送出。",
    connect_first: "請先連線到伺服器。",
    predict: "哪些會收到？送出前先勾選。",
    predicted: |right, all| format!("{all} 個裡你說對了 {right} 個。"),
    finished: "這一課完成了。",
    next_lesson: |title| format!("下一課：{title}"),
    fold: "收合課程",
    unfold: "展開課程",
    copy: "複製",
    terminal: "在終端機裡",
};

fn why(why: &Why) -> String {
    match why {
        Why::NoKey => "每一行是「鍵: 值」。".to_owned(),
        Why::UnknownKey(key) => format!("沒有 {key} 這個鍵。"),
        Why::NoValue => "冒號後面沒有內容。".to_owned(),
        Why::Misplaced(key) => format!("{key} 不該出現在這裡。"),
        Why::Twice(key) => format!("{key} 已經寫過了。"),
        Why::Name => "課程名稱只能有小寫字母、數字與連字號。".to_owned(),
        Why::SameName(name) => format!("已經有名為 {name} 的課程。"),
        Why::Check => "這一項無法檢查。".to_owned(),
        Why::Query(at) => format!("查詢從第 {} 個字元起無法讀取。", at + 1),
        Why::Topic(topic) => format!("這不是有效的主題：{topic}"),
        Why::Prediction => "預測的格式是主題，後面接 yes 或 no。".to_owned(),
        Why::Place => "沒有這個可以指示的位置。".to_owned(),
        Why::Missing(key) => format!("缺少 {key}。"),
        Why::TooMany(key) => format!("{key} 太多行了。"),
    }
}
