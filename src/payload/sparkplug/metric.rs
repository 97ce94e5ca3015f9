//! One metric, and its value for reading.

use std::time::{Duration, UNIX_EPOCH};

use crate::payload::{
    diagnostic::{self, MOST_SHOWN, float},
    protobuf::{Wire, field},
};

/// The last millisecond that is written as a date: the year 9999 ends with it.
const LAST_DATE: u64 = 253_402_300_799_999;

/// What a metric holds, as it came.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Up to 32 bits.
    Int(u32),
    /// Up to 64 bits.
    Long(u64),
    /// A single.
    Float(f32),
    /// A double.
    Double(f64),
    /// A truth value.
    Bool(bool),
    /// A text, for reading.
    Text(String),
    /// Bytes, for reading.
    Bytes(String),
    /// A data set, of so many bytes.
    DataSet(usize),
    /// A template, of so many bytes.
    Template(usize),
}

/// A metric.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metric {
    /// Its name, here or in the birth.
    pub name: Option<String>,
    /// The name is the birth's.
    pub is_resolved: bool,
    /// What stands for the name.
    pub alias: Option<u64>,
    /// Milliseconds since the Unix epoch.
    pub timestamp: Option<u64>,
    /// Its type, here or in the birth.
    pub datatype: Option<u64>,
    /// It is of earlier.
    pub is_historical: bool,
    /// It is not to be kept.
    pub is_transient: bool,
    /// It has no value.
    pub is_null: bool,
    /// The value.
    pub value: Option<Value>,
}

/// The names of the types, by their numbers from 1 on (6.4.16 of the specification).
const TYPES: [&str; 34] = [
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "Float",
    "Double",
    "Boolean",
    "String",
    "DateTime",
    "Text",
    "UUID",
    "DataSet",
    "Bytes",
    "File",
    "Template",
    "PropertySet",
    "PropertySetList",
    "Int8Array",
    "Int16Array",
    "Int32Array",
    "Int64Array",
    "UInt8Array",
    "UInt16Array",
    "UInt32Array",
    "UInt64Array",
    "FloatArray",
    "DoubleArray",
    "BooleanArray",
    "StringArray",
    "DateTimeArray",
];

impl Metric {
    /// The name of its type; its number where that is none.
    pub fn type_name(&self) -> String {
        let Some(number) = self.datatype else {
            return String::new();
        };
        let index = usize::try_from(number)
            .ok()
            .and_then(|number| number.checked_sub(1));
        let name = index.and_then(|index| TYPES.get(index));
        name.map_or_else(|| number.to_string(), |name| (*name).to_owned())
    }

    /// The value, by its type: a number that can be below zero comes as one that cannot.
    pub fn shown(&self) -> String {
        if self.is_null {
            return "null".to_owned();
        }
        let Some(value) = &self.value else {
            return String::new();
        };
        match (value, self.datatype) {
            (Value::Int(value), Some(1)) => (*value as i8).to_string(),
            (Value::Int(value), Some(2)) => (*value as i16).to_string(),
            (Value::Int(value), Some(3 | 4)) => value.cast_signed().to_string(),
            (Value::Long(value), Some(3)) => (*value as i32).to_string(),
            (Value::Long(value), Some(4)) => value.cast_signed().to_string(),
            (Value::Long(value), Some(13)) => date(*value),
            (Value::Int(value), _) => value.to_string(),
            (Value::Long(value), _) => value.to_string(),
            (Value::Float(value), _) => float::single(*value),
            (Value::Double(value), _) => float::double(*value),
            (Value::Bool(value), _) => value.to_string(),
            (Value::Text(text) | Value::Bytes(text), _) => text.clone(),
            (Value::DataSet(bytes), _) => format!("DataSet ({bytes} B)"),
            (Value::Template(bytes), _) => format!("Template ({bytes} B)"),
        }
    }
}

/// Milliseconds since the Unix epoch as a date, where there is one.
fn date(milliseconds: u64) -> String {
    if milliseconds > LAST_DATE {
        return milliseconds.to_string();
    }
    let time = UNIX_EPOCH + Duration::from_millis(milliseconds);
    humantime::format_rfc3339_millis(time).to_string()
}

/// Reads a metric. `None`: these bytes are none.
pub fn metric(bytes: &[u8]) -> Option<Metric> {
    let mut metric = Metric::default();
    let mut at = 0;
    while at < bytes.len() {
        let (field, end) = field(bytes, at).ok()?;
        match (field.number, field.wire) {
            (1, Wire::Bytes(name)) => {
                let start = name.get(..MOST_SHOWN).unwrap_or(name);
                metric.name = Some(String::from_utf8_lossy(start).into_owned());
            }
            (2, Wire::Varint(alias)) => metric.alias = Some(alias),
            (3, Wire::Varint(time)) => metric.timestamp = Some(time),
            (4, Wire::Varint(datatype)) => metric.datatype = Some(datatype),
            (5, Wire::Varint(is)) => metric.is_historical = is != 0,
            (6, Wire::Varint(is)) => metric.is_transient = is != 0,
            (7, Wire::Varint(is)) => metric.is_null = is != 0,
            (10, Wire::Varint(value)) => metric.value = Some(Value::Int(value as u32)),
            (11, Wire::Varint(value)) => metric.value = Some(Value::Long(value)),
            (12, Wire::Fixed32(value)) => metric.value = Some(Value::Float(f32::from_bits(value))),
            (13, Wire::Fixed64(value)) => metric.value = Some(Value::Double(f64::from_bits(value))),
            (14, Wire::Varint(value)) => metric.value = Some(Value::Bool(value != 0)),
            (15, Wire::Bytes(value)) => {
                let text = match std::str::from_utf8(value) {
                    Ok(text) => diagnostic::text(text, MOST_SHOWN),
                    Err(_) => diagnostic::bytes(value, MOST_SHOWN),
                };
                metric.value = Some(Value::Text(text.text));
            }
            (16, Wire::Bytes(value)) => {
                metric.value = Some(Value::Bytes(diagnostic::bytes(value, MOST_SHOWN).text));
            }
            (17, Wire::Bytes(value)) => metric.value = Some(Value::DataSet(value.len())),
            (18, Wire::Bytes(value)) => metric.value = Some(Value::Template(value.len())),
            (_, Wire::Open | Wire::Close) => return None,
            _ => {}
        }
        at = end;
    }
    Some(metric)
}
