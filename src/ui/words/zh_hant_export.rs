//! Traditional Chinese: making a file of what was captured. As with the commands, no text is the same as another Chinese one.

use super::export::ExportWords;

pub const EXPORT: ExportWords = ExportWords {
    about: "把目前存放的內容存成檔案。內容與原始位元組完全相同：文字以文字寫出，其他以 base64 寫出。",
    only_matches: "只包含符合清單篩選的訊息",
    all_packets: "所有控制封包，不只是訊息",
    secrets: "包含密碼與驗證資料",
    secrets_hint: "拿到檔案的人都能看到。不勾選時會遮蓋。",
    kinds: "檔案種類",
    which: "JSON Lines 給程式使用，CSV 給試算表，pcapng 給 Wireshark。",
    progress: |done, of| format!("封包 {done} / {of}"),
    stop: "停止匯出",
    stopped: "已停止，沒有存檔。",
    saved: "檔案已存好。",
    saved_without: |count| {
        format!("檔案已存好，但其間有 {count} 個封包因空間不足被捨棄，不在檔案中。")
    },
    refused: "瀏覽器沒有接受這個檔案，可能是空間不足。",
};
