//! Joins the style sheets of the built page into one file: a browser asks for each by itself, and a phone waits for each.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::place::Place;

/// Joins those in `dist/`.
pub fn join(place: &Place) -> Result<(), String> {
    let dist = place.dist();
    let document = dist.join("index.html");
    let said = |error: std::io::Error| format!("{}: {error}", dist.display());
    let html = fs::read_to_string(&document).map_err(said)?;
    let (names, rest) = taken(&html);
    if names.is_empty() {
        return Err(format!("{}: no style sheet is named", document.display()));
    }
    let mut all = String::new();
    for name in &names {
        all += &fs::read_to_string(dist.join(name)).map_err(said)?;
        all.push('\n');
    }
    let mut hasher = DefaultHasher::new();
    all.hash(&mut hasher);
    let joined = format!("styles-{:016x}.css", hasher.finish());
    fs::write(dist.join(&joined), all).map_err(said)?;
    let link = format!("<link rel=\"stylesheet\" href=\"./{joined}\">\n</head>");
    fs::write(&document, rest.replacen("</head>", &link, 1)).map_err(said)?;
    for name in names {
        fs::remove_file(dist.join(name)).map_err(said)?;
    }
    Ok(())
}

/// The names of the style sheets in their order, and the document without them.
fn taken(html: &str) -> (Vec<String>, String) {
    const BEGIN: &str = "<link rel=\"stylesheet\" href=\"./";
    let mut names = Vec::new();
    let mut rest = String::new();
    for line in html.lines() {
        match line
            .trim()
            .strip_prefix(BEGIN)
            .and_then(|line| line.split_once('"'))
        {
            Some((name, _)) => names.push(name.to_owned()),
            None => {
                rest += line;
                rest.push('\n');
            }
        }
    }
    (names, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_are_taken_in_their_order_and_nothing_else_is() {
        let html = "<head>\n  <link rel=\"icon\" href=\"./i.svg\"/>\n  <link rel=\"stylesheet\" href=\"./b.css\" \
                    integrity=\"sha384-x\"/>\n  <link rel=\"stylesheet\" href=\"./a.css\"/>\n</head>";
        let (names, rest) = taken(html);
        assert_eq!(names, ["b.css", "a.css"]);
        assert_eq!(
            rest,
            "<head>\n  <link rel=\"icon\" href=\"./i.svg\"/>\n</head>\n"
        );
    }
}
