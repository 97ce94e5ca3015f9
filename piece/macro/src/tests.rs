//! What the macro makes of markup, and what it refuses.

use proc_macro2::TokenTree;
use quote::quote;
use syn::LitStr;

use super::{TokenStream, expanded};

/// The template of markup: `\u{1}` as `|`, so that it can be read.
fn template(tokens: TokenStream) -> String {
    let made = expanded(tokens).expect("known markup");
    let text = first_text(made).expect("a template");
    text.replace('\u{1}', "|")
}

fn first_text(tokens: TokenStream) -> Option<String> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => first_text(group.stream()),
        TokenTree::Literal(literal) => {
            let text: LitStr = syn::parse_str(&literal.to_string()).ok()?;
            Some(text.value())
        }
        _ => None,
    })
}

fn refusal(tokens: TokenStream) -> String {
    match expanded(tokens) {
        Ok(made) => panic!("not refused: {made}"),
        Err(why) => why.to_string(),
    }
}

#[test]
fn elements_attributes_and_texts_become_a_line() {
    assert_eq!(
        template(quote!(<p id="a" class="b c" hidden>"Hello "<b>"you"</b></p>)),
        r#"<p|=id|a|=class|b c|=hidden||"Hello |<b|"you|>>"#
    );
}

#[test]
fn what_is_not_known_yet_becomes_a_gap() {
    assert_eq!(
        template(
            quote!(<input class=class prop:value=value class:on=on on:input=call node_ref=place />)
        ),
        "<input|@class|.value|:on|!input|!|>"
    );
    assert_eq!(template(quote!(<p>{text}<Part /></p>)), "<p|##>");
}

#[test]
fn an_element_of_a_drawing_is_one_wherever_it_stands() {
    assert_eq!(
        template(quote! {
            <svg>
                <title></title>
                <defs><linearGradient><stop /></linearGradient><clipPath><rect /></clipPath></defs>
                <text><tspan></tspan></text>
                <use href="#a" />
                <a></a>
            </svg>
        }),
        "{svg|{title|>{defs|{linearGradient|{stop|>>{clipPath|{rect|>>>{text|{tspan|>>{use|=href|#a|>{a|>>"
    );
    // A row of a chart is made apart from it.
    assert_eq!(template(quote!(<g><circle /></g>)), "{g|{circle|>>");
    assert_eq!(
        template(quote!(<p><svg><g></g></svg><b></b></p>)),
        "<p|{svg|{g|>><b|>>"
    );
}

#[test]
fn what_both_have_is_the_page_s_outside_of_a_drawing() {
    assert_eq!(template(quote!(<a></a>)), "<a|>");
    assert_eq!(template(quote!(<title></title>)), "<title|>");
    assert_eq!(
        template(quote!(<svg><foreignObject><p><a></a></p></foreignObject></svg>)),
        "{svg|{foreignObject|<p|<a|>>>>"
    );
}

#[test]
fn an_element_that_no_browser_knows_is_refused() {
    assert_eq!(
        refusal(quote!(<blink></blink>)),
        "there is no element `blink`, neither of HTML nor of SVG"
    );
    assert_eq!(
        refusal(quote!(<div><buton></buton></div>)),
        "there is no element `buton`, neither of HTML nor of SVG"
    );
    assert_eq!(
        refusal(quote!(<svg><lineargradient></lineargradient></svg>)),
        "there is no element `lineargradient`, but there is `linearGradient`"
    );
    assert_eq!(
        refusal(quote!(<my-part></my-part>)),
        "there is no element `my-part`, neither of HTML nor of SVG"
    );
}

#[test]
fn an_element_that_would_not_be_drawn_where_it_stands_is_refused() {
    assert_eq!(
        refusal(quote!(<svg><div></div></svg>)),
        "`div` is no element of a drawing: inside of `svg` it stands in `foreignObject`"
    );
    assert_eq!(
        refusal(quote!(<div><path d="" /></div>)),
        "`path` is an element of a drawing: it stands in `svg`"
    );
}

#[test]
fn an_attribute_of_no_known_kind_is_refused() {
    for tokens in [
        quote!(<p style:color="red"></p>),
        quote!(<p bind:value=value></p>),
        quote!(<p {..rest}></p>),
        quote!(<p on:click></p>),
    ] {
        refusal(tokens);
    }
}

#[test]
fn the_target_of_an_event_has_the_class_of_its_element() {
    let class = |tokens| {
        let made = expanded(tokens).expect("known markup").to_string();
        let at = made.find("web_sys :: ").expect("a class") + "web_sys :: ".len();
        made[at..]
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(
        class(quote!(<input on:input:target=call />)),
        "HtmlInputElement"
    );
    assert_eq!(
        class(quote!(<button on:click:target=call></button>)),
        "HtmlElement"
    );
    assert_eq!(
        class(quote!(<svg><path on:click:target=call /></svg>)),
        "Element"
    );
}
