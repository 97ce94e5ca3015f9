//! The elements of the page and of its drawings, by name. What is in neither list is not compiled: a browser would make
//! an element of it that does nothing, and say nothing.

/// Elements that never have an end tag (HTML standard, "void elements").
pub const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// The elements of the HTML standard, without the obsolete ones.
const HTML: &[&str] = &[
    "a",
    "abbr",
    "address",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "menu",
    "meta",
    "meter",
    "nav",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "picture",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// The elements of SVG 2 and of its filters and animations, `svg` itself among them.
const DRAWN: &[&str] = &[
    "a",
    "animate",
    "animateMotion",
    "animateTransform",
    "circle",
    "clipPath",
    "defs",
    "desc",
    "discard",
    "ellipse",
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feDistantLight",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feImage",
    "feMerge",
    "feMergeNode",
    "feMorphology",
    "feOffset",
    "fePointLight",
    "feSpecularLighting",
    "feSpotLight",
    "feTile",
    "feTurbulence",
    "filter",
    "foreignObject",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "mpath",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "script",
    "set",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    "view",
];

/// What an element stands in, as far as one `view!` can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Nothing: it is the outermost.
    Nothing,
    /// An element of the page.
    Html,
    /// An element of a drawing.
    Drawing,
}

/// Where an element of this name belongs, or what is wrong with it.
pub fn place(name: &str, within: Within) -> Result<Within, String> {
    let (html, drawn) = (HTML.contains(&name), DRAWN.contains(&name));
    match within {
        Within::Drawing if drawn => Ok(Within::Drawing),
        Within::Drawing if html => Err(format!(
            "`{name}` is no element of a drawing: inside of `svg` it stands in `foreignObject`"
        )),
        // What both have is the page's, unless it is seen to stand in a drawing.
        Within::Nothing | Within::Html if html => Ok(Within::Html),
        // A part of a drawing that is made apart from it, a row for example.
        Within::Nothing if drawn => Ok(Within::Drawing),
        Within::Html if name == "svg" => Ok(Within::Drawing),
        Within::Html if drawn => Err(format!(
            "`{name}` is an element of a drawing: it stands in `svg`"
        )),
        _ => Err(unknown(name)),
    }
}

/// What an element's children stand in.
pub fn inside(name: &str, place: Within) -> Within {
    if name == "foreignObject" {
        Within::Html
    } else {
        place
    }
}

fn unknown(name: &str) -> String {
    let meant = HTML
        .iter()
        .chain(DRAWN)
        .find(|known| known.eq_ignore_ascii_case(name));
    match meant {
        Some(known) => format!("there is no element `{name}`, but there is `{known}`"),
        None => format!("there is no element `{name}`, neither of HTML nor of SVG"),
    }
}
