//! A value for the last row of a classroom: what of a payload is shown, and how large it can be.

/// Characters that are shown; more could not be read from afar.
const MOST: usize = 600;
/// Bytes that are shown in hexadecimal.
const MOST_BYTES: usize = 48;

/// How large a text can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A number or a word: as large as the page.
    Huge,
    /// A short line.
    Large,
    /// Several lines.
    Text,
}

impl Size {
    /// For the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Huge => "huge",
            Self::Large => "large",
            Self::Text => "text",
        }
    }
}

/// What is shown of a payload, and how large.
pub fn projected(payload: &[u8]) -> (String, Size) {
    let text = match std::str::from_utf8(payload) {
        Ok(text) => cut(text.trim_end(), MOST),
        Err(_) => {
            let start = payload.get(..MOST_BYTES).unwrap_or(payload);
            let digits: Vec<_> = start.iter().map(|byte| format!("{byte:02x}")).collect();
            let more = if start.len() < payload.len() {
                " …"
            } else {
                ""
            };
            format!("{}{more}", digits.join(" "))
        }
    };
    let size = size_of(&text);
    (text, size)
}

/// How large a text can be.
pub fn size_of(text: &str) -> Size {
    let longest = text.lines().map(|line| line.chars().count()).max();
    match (text.lines().count(), longest.unwrap_or(0)) {
        (0 | 1, ..=8) => Size::Huge,
        (0..=3, ..=24) => Size::Large,
        _ => Size::Text,
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
