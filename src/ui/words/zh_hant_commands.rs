//! Traditional Chinese: the commands and the keys. No text is the same as another Chinese one: the two are in programs of
//! their own, and what both have would be a third.

use super::commands::{CommandWords, KeyWords};

pub static COMMANDS: CommandWords = CommandWords {
    field: "尋找指令、主題或連線",
    placeholder: "想做什麼？",
    list: "指令、連線與主題",
    none: "沒有符合的項目，請少輸入幾個字。",
    count: |count| format!("{count} 個項目"),
    kinds: ["動作", "連線", "主題"],
    go_to_connection: "前往連線",
    go_to_subscriptions: "訂閱主題篩選器",
    go_to_topics: "前往主題",
    go_to_messages: "前往訊息",
    go_to_filter: "篩選訊息清單",
    go_to_publisher: "撰寫訊息",
    go_to_inspector: "前往檢視區",
    close_inspector: "關閉檢視區",
    colours: ["色彩：依系統設定", "色彩：淺色", "色彩：深色"],
    subscribe_to: |filter| format!("訂閱 {filter}"),
    characters: "? 與 / 是指令",
    characters_hint: "使用語音輸入或容易誤按時，可以關閉。其他按鍵不受影響。",
    keys: &[
        (
            "任何地方",
            &[
                KeyWords {
                    keys: &["Ctrl", "K"],
                    what: "尋找指令、主題或連線",
                },
                KeyWords {
                    keys: &["?"],
                    what: "顯示這些按鍵",
                },
                KeyWords {
                    keys: &["/"],
                    what: "篩選訊息清單",
                },
                KeyWords {
                    keys: &["P"],
                    what: "放大顯示數值，供投影使用；再按一次返回",
                },
                KeyWords {
                    keys: &["F6"],
                    what: "前往頁面的下一個部分；加按 Shift 回到上一個",
                },
                KeyWords {
                    keys: &["Esc"],
                    what: "關閉開啟的項目",
                },
            ],
        ),
        (
            "在訊息與主題中",
            &[
                KeyWords {
                    keys: &["↑", "↓"],
                    what: "前往上一列或下一列",
                },
                KeyWords {
                    keys: &["Page Up", "Page Down"],
                    what: "往上或往下一頁",
                },
                KeyWords {
                    keys: &["Home", "End"],
                    what: "前往第一列或最後一列",
                },
                KeyWords {
                    keys: &["Enter"],
                    what: "在檢視區閱讀訊息",
                },
            ],
        ),
        (
            "在各部分之間",
            &[
                KeyWords {
                    keys: &["→"],
                    what: "從訊息到檢視區；從主題到訊息",
                },
                KeyWords {
                    keys: &["←"],
                    what: "從檢視區到訊息，再到主題",
                },
                KeyWords {
                    keys: &["→", "←"],
                    what: "在主題中：展開、收合，或回到上一層",
                },
            ],
        ),
        (
            "撰寫訊息時",
            &[KeyWords {
                keys: &["Ctrl", "Enter"],
                what: "發布訊息",
            }],
        ),
    ],
};
