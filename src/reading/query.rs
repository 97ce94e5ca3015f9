//! The query of the list of messages, as it is typed into its field: terms with spaces between them, all of which a message
//! has to fit. `-` before a term negates it.
//!
//! | term | fits |
//! |---|---|
//! | `lamp`, `"two words"` | text in topic or payload, whatever the case; a control packet by its name |
//! | `sensors/+/temp` | topics that a topic filter with a wildcard matches |
//! | `topic:a/b` | one exact topic |
//! | `sub:sensors/#` | what came, and this subscription's filter matches |
//! | `qos:2`, `retained`, `dup`, `sent`, `received` | what the packet says, and which way it went |
//! | `size>1k`, `size<=10`, `size=0` | the payload's bytes; of a control packet, the packet's |
//! | `since:10s` | the latest seconds (`ms`, `s`, `m`, `h`), going on with time |
//! | `at:10:00:00..10:01:00`, `at:10:05`, `at:10:00..` | what came in this span of local time, see [`super::span`] |
//! | `type:puback` | control packets of one type |
//! | `id:17` | the packet identifier |
//! | `code:0x87`, `code:5` | control packets with this reason code, or return code of MQTT 3.1.1 |
//! | `code:refused` | control packets that refuse: a code from 0x80 on, or a CONNACK of MQTT 3.1.1 that does not accept |
//! | `filter:sensors/+` | SUBSCRIBE and UNSUBSCRIBE that name this topic filter |
//! | `prop:name`, `prop:name=value` | a user property of MQTT 5 |
//! | `$.temp > 23`, `$.items[*].id = 4`, `$.device ~ "lab"`, `$ < 100` | a value in a JSON payload, see [`super::json_path`] |

mod quoted;
mod scan;

pub use quoted::exact_topic;
pub use scan::{read_query, with_span};

use crate::{
    protocol::{PacketType, Qos},
    reading::{
        json_path::{JsonPath, Value},
        span::Span,
    },
};

/// A query in its terms. None: everything fits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// All of them have to be fitted.
    pub terms: Vec<Term>,
}

impl Query {
    /// The same query with the text to search for in lower case, which [`super::contains`] requires. [`read_query`] does not
    /// do this: the page only checks whether it can be read, and should not load the Unicode tables for it.
    pub fn in_lower_case(mut self) -> Self {
        for term in &mut self.terms {
            match &mut term.wanted {
                Wanted::Text(text)
                | Wanted::Json {
                    test: Some((Compare::Contains, Value::Text(text))),
                    ..
                } => *text = text.to_lowercase(),
                _ => {}
            }
        }
        self
    }
}

/// One term.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What does not fit it is wanted.
    pub negated: bool,
    /// What fits.
    pub wanted: Wanted,
}

/// What fits a term.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// Text in topic or payload, as typed.
    Text(String),
    /// Exactly this topic; it may be empty.
    Topic(String),
    /// Topics that this filter matches. It is valid, and has a wildcard.
    Filter(String),
    /// What came through a subscription to this filter. It is valid.
    Through(String),
    /// This quality of service.
    Qos(Qos),
    /// The retain flag is set.
    Retained,
    /// The DUP flag is set.
    Dup,
    /// This client sent it.
    Sent,
    /// The broker sent it.
    Received,
    /// So many bytes.
    Size(Compare, u64),
    /// Not longer ago than so many microseconds.
    Since(u64),
    /// In this span of time.
    At(Span),
    /// Control packets of this type.
    Type(PacketType),
    /// This packet identifier.
    Id(u16),
    /// Control packets with this reason code or return code.
    Code(u8),
    /// Control packets with a code that refuses.
    Refused,
    /// SUBSCRIBE and UNSUBSCRIBE that name exactly this topic filter. It is valid.
    Names(String),
    /// A user property of this name, and of this value if there is one here.
    Property {
        /// Exactly this name.
        name: String,
        /// Exactly this value.
        value: Option<String>,
    },
    /// A value in a JSON payload.
    Json {
        /// Where it is.
        path: JsonPath,
        /// What it has to be; `None`: it is enough that it is there.
        test: Option<(Compare, Value)>,
    },
}

/// How something is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `~`: the text is in it, whatever the case.
    Contains,
}

impl Compare {
    /// Whether it holds for what stands in this order; false where there is no order.
    pub fn holds(self, order: Option<std::cmp::Ordering>) -> bool {
        let Some(order) = order else {
            return self == Self::NotEqual;
        };
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Contains => false,
        }
    }
}

/// Where a query cannot be read, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryFault {
    /// The character it is about, counted from 0; as many as there are characters for the end.
    pub at: usize,
    /// Why.
    pub why: WhyNot,
}

/// Why a query cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// `qos:` wants 0, 1 or 2.
    Qos,
    /// `size` wants a comparison and a number of bytes, with `k` or `m`.
    Size,
    /// `since:` wants a number with `ms`, `s`, `m` or `h`.
    Since,
    /// Whatever is older than now would come in again and again.
    SinceNegated,
    /// `at:` wants a time or two with `..` between them.
    At,
    /// There is no such control packet.
    Type,
    /// `id:` wants a number from 1 to 65,535.
    Id,
    /// `code:` wants a number from 0 to 255, or from 0x00 to 0xff, or `refused`.
    Code,
    /// `sub:` and `filter:` want a valid topic filter.
    Filter,
    /// `prop:` wants a name.
    Property,
    /// A step of a path is a name after a point, or an index, a name in quotes or `*` in brackets.
    Step,
    /// The path has more steps than are read.
    TooManySteps,
    /// Nothing stands after the comparison.
    Value,
    /// There are more terms than are read.
    TooManyTerms,
}

/// Whether somebody typed this query by hand, as far as can be told: it is more than a press on a button writes.
pub fn is_typed(query: &str) -> bool {
    let pressed = |read: Query| match read.terms.as_slice() {
        [] => true,
        [
            Term {
                negated: false,
                wanted: Wanted::Topic(topic),
            },
        ] => exact_topic(topic) == query,
        _ => false,
    };
    !read_query(query).is_ok_and(pressed)
}
