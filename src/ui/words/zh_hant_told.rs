//! Traditional Chinese: what is found and told without looking.

use super::told::ToldWords;

pub const TOLD: ToldWords = ToldWords {
    commands: "指令",
    keys: "按鍵",
    skip: "跳到主要內容",
    clear_messages: "清除訊息",
    start_series: "開始連續發布",
    stop_series: "停止連續發布",
    workbench: "工作區",
    projector: "投影",
    history: "歷史",
    timeline: "時間軸",
    latest_value: "最新內容",
    colour: |filter, number| format!("{filter} 的顏色：8 種中的第 {number} 種，換下一種"),
    left_width: "訂閱與主題欄的寬度",
    right_width: "檢視欄的寬度",
    connected_to: |broker| format!("已連線到 {broker}"),
    lost: "連線中斷了",
    lost_at: |time, what| format!("{time}：{what}"),
    latest_try: |what| format!("最近一次重試：{what}"),
    new_message: "1 則新訊息",
    new_messages: |count| format!("{count} 則新訊息"),
    more_toasts: |more| format!("還有 {more} 則"),
    wildcards: "+ 代表一層，# 代表底下的全部。",
};
