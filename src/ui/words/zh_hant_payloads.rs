//! Traditional Chinese: what payloads are in, and how they are laid out.

use super::payloads::{DifferenceWords, PayloadWords, SparkplugWords};
use crate::{
    desk::{
        format,
        shape::{Reason, Shape},
    },
    payload::{MOST_INSIDE, MsgpackFault, MsgpackProblem, ProtobufFault, ProtobufProblem, WhyNot},
};

fn msgpack_fault(fault: &MsgpackFault) -> String {
    let what = match fault.problem {
        MsgpackProblem::Cut => "內容在一個值中間就結束了",
        MsgpackProblem::NoItem => "沒有任何值以這個位元組開始",
    };
    format!(
        "從位元組 {}（從 0 算起）開始不是 MessagePack：{what}。",
        fault.at
    )
}

fn protobuf_fault(fault: &ProtobufFault) -> String {
    let what = match fault.problem {
        ProtobufProblem::Cut => "內容在一個欄位中間就結束了",
        ProtobufProblem::NoField => "沒有這種編號的欄位",
        ProtobufProblem::NoType => "沒有這種編碼型別",
        ProtobufProblem::TooLong => "數字超過 64 位元",
        ProtobufProblem::StrayEnd => "有群組結束，但它沒有開始",
    };
    format!(
        "從位元組 {}（從 0 算起）開始不是 protobuf：{what}。",
        fault.at
    )
}

fn reason(shape: Shape, reason: Reason) -> String {
    let name = match shape {
        Shape::Json => "JSON",
        Shape::Cbor => "CBOR",
        Shape::Msgpack => "MessagePack",
        Shape::Protobuf => "protobuf",
        Shape::Sparkplug => "Sparkplug B",
        Shape::Text => "文字",
        Shape::Latin1 => "Latin-1",
        Shape::Hex => "位元組",
    };
    match reason {
        Reason::Chosen => "這是你為此主題選的。".to_owned(),
        Reason::Said => format!("傳送者說這是 {name}。"),
        Reason::Whole if shape == Shape::Protobuf => {
            "從頭到尾都能以 protobuf 讀取。沒有結構描述，所以不知道名稱。".to_owned()
        }
        Reason::Whole => format!("從頭到尾都是 {name}。"),
        Reason::Topic => "主題屬於 Sparkplug B。".to_owned(),
        Reason::Nearly => "這幾乎是 JSON。".to_owned(),
        Reason::Readable => "這是可以閱讀的文字。".to_owned(),
        Reason::Unreadable => "這不是可以閱讀的文字。".to_owned(),
    }
}

fn why_not(why: WhyNot) -> String {
    match why {
        WhyNot::Cut => "太早結束，這裡是已有的部分。".to_owned(),
        WhyNot::Damaged => "已損壞，或檢查碼不符，這裡是讀得到的部分。".to_owned(),
        WhyNot::Dictionary => "需要字典才能打開，而字典不在其中。".to_owned(),
        WhyNot::Window => "打開它需要的記憶體超過上限。".to_owned(),
        WhyNot::TooMuch => format!(
            "裡面還有更多，只打開到 {}。",
            format::size(MOST_INSIDE as u64)
        ),
        WhyNot::After(at) => format!(
            "從位元組 {}（從 0 算起）開始是其他內容。",
            format::whole(at as u64)
        ),
        WhyNot::Halves(count) => format!("有 {} 個字元只有一半。", format::whole(count as u64)),
    }
}

pub const PAYLOADS: PayloadWords = PayloadWords {
    msgpack_fault,
    protobuf_fault,
    reason,
    nearly: |more| match more {
        0 => "仍照原意顯示；複製與儲存都是原樣。".to_owned(),
        more => format!(
            "後面還有 {} 處不合規定。仍照原意顯示；複製與儲存都是原樣。",
            format::whole(more as u64)
        ),
    },
    up_to_there: "到那裡為止已排好，其餘照原樣顯示在下面。",
    fold: "收合",
    fold_all: "全部收合",
    unfold_all: "全部展開",
    by_itself: "讓 Midge 選擇",
    opened: |what, packed, inside| format!("已從 {what} 打開：{packed} → {inside}。"),
    why_not,
    sparkplug: SparkplugWords {
        table: "量測值",
        metric: "名稱",
        kind: "型別",
        value: "值",
        time: "時間",
        seq: |seq| format!("序號 {seq}。"),
        gap: |missing| format!("在它之前少了此節點的 {missing} 則訊息。"),
        unknown: |count| format!("{count} 個量測值只有別名。"),
        no_birth: "沒有收到說明名稱的 birth；請在節點啟動前訂閱，或要求它重新 birth。",
        historical: "歷史資料",
        resolved: |alias| format!("別名 {alias}，名稱來自 birth"),
        fault: |at| format!("從位元組 {at}（從 0 算起）開始不是 Sparkplug B。"),
        more: |count| format!("還有 {count} 個量測值。"),
        empty: "沒有量測值。",
    },
    difference: DifferenceWords {
        title: "變動",
        with_before: "與此主題的前一則訊息比較。",
        with_picked: |time| format!("與 {time} 的訊息比較。"),
        is_picked: "其他訊息會與這一則比較。",
        same: "沒有變動。",
        pick: "讓其他訊息與這一則比較",
        drop: "改與前一則訊息比較",
        line: |line| format!("第 {line} 行"),
        bytes: |first, last| {
            if first == last {
                format!("位元組 {first}")
            } else {
                format!("位元組 {first} 到 {last}")
            }
        },
        more: |count| format!("還有 {count} 處。"),
    },
    as_it_came: "照原樣顯示",
    open: "打開壓縮內容",
    save_inside: "儲存裡面的內容",
    as_base64: "以 base64 讀取",
};
