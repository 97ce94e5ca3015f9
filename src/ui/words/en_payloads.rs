//! English: what payloads are in, and how they are laid out.

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
        MsgpackProblem::Cut => "the payload ends inside a value",
        MsgpackProblem::NoItem => "no value begins with this byte",
    };
    format!(
        "Not MessagePack from byte {} on (counted from 0): {what}.",
        fault.at
    )
}

fn protobuf_fault(fault: &ProtobufFault) -> String {
    let what = match fault.problem {
        ProtobufProblem::Cut => "the payload ends inside a field",
        ProtobufProblem::NoField => "no field has such a number",
        ProtobufProblem::NoType => "there is no such wire type",
        ProtobufProblem::TooLong => "a number is longer than 64 bits",
        ProtobufProblem::StrayEnd => "a group ends that is not open",
    };
    format!(
        "Not protobuf from byte {} on (counted from 0): {what}.",
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
        Shape::Text => "text",
        Shape::Latin1 => "Latin-1",
        Shape::Hex => "bytes",
    };
    match reason {
        Reason::Chosen => "You chose this for the topic.".to_owned(),
        Reason::Said => format!("The sender says it is {name}."),
        Reason::Whole if shape == Shape::Protobuf => {
            "It can be read as protobuf from start to end. Without a schema, names are not known."
                .to_owned()
        }
        Reason::Whole => format!("It is {name} from start to end."),
        Reason::Topic => "The topic is one of Sparkplug B.".to_owned(),
        Reason::Nearly => "It is nearly JSON.".to_owned(),
        Reason::Readable => "It is readable text.".to_owned(),
        Reason::Unreadable => "It is not readable text.".to_owned(),
    }
}

fn why_not(why: WhyNot) -> String {
    match why {
        WhyNot::Cut => "It ends too early; this is what was there.".to_owned(),
        WhyNot::Damaged => {
            "It is damaged, or its checksum is wrong; this is what could be read.".to_owned()
        }
        WhyNot::Dictionary => "It needs a dictionary, which is not in it.".to_owned(),
        WhyNot::Window => "It would take more memory to open than is given.".to_owned(),
        WhyNot::TooMuch => format!(
            "There is more inside: opening stops at {}.",
            format::size(MOST_INSIDE as u64)
        ),
        WhyNot::After(at) => format!(
            "Other bytes follow from byte {} on (counted from 0).",
            format::whole(at as u64)
        ),
        WhyNot::Halves(1) => "Half a character stands alone.".to_owned(),
        WhyNot::Halves(count) => format!(
            "{} halves of characters stand alone.",
            format::whole(count as u64)
        ),
    }
}

pub const PAYLOADS: PayloadWords = PayloadWords {
    msgpack_fault,
    protobuf_fault,
    reason,
    nearly: |more| match more {
        0 => "What is meant is shown. Copy and Save have it as it came.".to_owned(),
        1 => "One more fault follows. What is meant is shown; Copy and Save have it as it came."
            .to_owned(),
        more => format!(
            "{} more faults follow. What is meant is shown; Copy and Save have it as it came.",
            format::whole(more as u64)
        ),
    },
    up_to_there: "Up to there it is laid out; the rest stands below as it came.",
    fold: "Fold",
    fold_all: "Fold all",
    unfold_all: "Unfold all",
    by_itself: "Let Midge choose",
    opened: |what, packed, inside| format!("Opened from {what}: {packed} → {inside}."),
    why_not,
    sparkplug: SparkplugWords {
        table: "Metrics",
        metric: "Metric",
        kind: "Type",
        value: "Value",
        time: "Time",
        seq: |seq| format!("Sequence number {seq}."),
        gap: |missing| match missing {
            1 => "One message of this node is missing before it.".to_owned(),
            missing => format!("{missing} messages of this node are missing before it."),
        },
        unknown: |count| match count {
            1 => "One metric has only an alias.".to_owned(),
            count => format!("{count} metrics have only an alias."),
        },
        no_birth: "The birth that names them was not seen; subscribe before the node starts, or ask it for a rebirth.",
        historical: "historical",
        resolved: |alias| format!("alias {alias}, named by the birth"),
        fault: |at| format!("Not Sparkplug B from byte {at} on (counted from 0)."),
        more: |count| format!("{count} more metrics."),
        empty: "It has no metrics.",
    },
    difference: DifferenceWords {
        title: "What changed",
        with_before: "Compared with the message before on this topic.",
        with_picked: |time| format!("Compared with the message of {time}."),
        is_picked: "Other messages are compared with this one.",
        same: "Nothing changed.",
        pick: "Compare others with this",
        drop: "Compare with the message before",
        line: |line| format!("Line {line}"),
        bytes: |first, last| {
            if first == last {
                format!("Byte {first}")
            } else {
                format!("Bytes {first} to {last}")
            }
        },
        more: |count| format!("{count} more places."),
    },
    as_it_came: "Show as it came",
    open: "Open what is packed",
    save_inside: "Save what is inside",
    as_base64: "Read as base64",
};
