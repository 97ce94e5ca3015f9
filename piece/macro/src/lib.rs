//! The `view!` macro of `midge-piece`. It takes the markup that Leptos' own macro takes, and turns every element into a
//! line of data, where Leptos' makes a type and its code. It knows nothing of what a page shows.

mod elements;
#[cfg(test)]
mod tests;

use elements::{VOID, Within, inside, place};
use proc_macro2::TokenStream;
use quote::quote;
use rstml::{
    Parser, ParserConfig,
    node::{KeyedAttribute, KeyedAttributeValue, Node, NodeAttribute, NodeBlock, NodeElement},
};
use syn::{Block, Error, Expr, Result, Stmt};

/// Ends every name and text in a template.
const END: char = '\u{1}';

/// Makes a `midge_piece::Piece` of markup.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    expanded(TokenStream::from(tokens))
        .unwrap_or_else(|error| {
            let error = error.into_compile_error();
            quote!({ #error })
        })
        .into()
}

fn expanded(tokens: TokenStream) -> Result<TokenStream> {
    let config = ParserConfig::default().always_self_closed_elements(VOID.into_iter().collect());
    let nodes = Parser::new(config).parse_simple(tokens)?;
    pieces(&nodes)
}

/// One piece of these nodes.
fn pieces(nodes: &[Node]) -> Result<TokenStream> {
    let mut all = Vec::new();
    for node in nodes {
        all.extend(piece(node)?);
    }
    Ok(match all.len() {
        1 => all.remove(0),
        _ => quote!(::midge_piece::Piece::Many(::std::vec![#(#all),*])),
    })
}

/// The piece of a node that is in no element.
fn piece(node: &Node) -> Result<Option<TokenStream>> {
    Ok(Some(match node {
        Node::Element(element) if is_component(element) => component(element)?,
        Node::Element(element) => {
            let mut template = Template::default();
            template.element(element, Within::Nothing)?;
            let Template { text, slots } = template;
            quote!(::midge_piece::Piece::Made(#text, ::std::boxed::Box::new([#(#slots),*])))
        }
        Node::Text(text) => {
            let text = &text.value;
            quote!(::midge_piece::IntoPiece::into_piece(#text))
        }
        Node::Block(NodeBlock::ValidBlock(block)) => {
            let block = bare(block);
            quote!(::midge_piece::IntoPiece::into_piece(#block))
        }
        Node::Comment(_) => return Ok(None),
        other => return Err(Error::new_spanned(other, "not known to this view! macro")),
    }))
}

fn is_component(element: &NodeElement<rstml::Infallible>) -> bool {
    element
        .name()
        .to_string()
        .starts_with(|first: char| first.is_ascii_uppercase())
}

/// What a component is made of: its properties through Leptos' builder, then its body, untracked.
fn component(element: &NodeElement<rstml::Infallible>) -> Result<TokenStream> {
    let name = element.name();
    let mut properties = Vec::new();
    for attribute in element.attributes() {
        let NodeAttribute::Attribute(attribute) = attribute else {
            return Err(Error::new_spanned(attribute, "a component takes no block"));
        };
        let key = &attribute.key;
        let value = match &attribute.possible_value {
            KeyedAttributeValue::None => quote!(#key),
            _ => value(attribute)?,
        };
        properties.push(quote!(.#key(#value)));
    }
    if !element.children.is_empty() {
        let inside = pieces(&element.children)?;
        properties.push(quote!(.children(::std::boxed::Box::new(move || #inside))));
    }
    Ok(quote!({
        let properties = ::midge_piece::leptos::component::component_props_builder(&#name) #(#properties)* .build();
        ::midge_piece::leptos::prelude::untrack(|| ::midge_piece::leptos::component::component_view(&#name, properties))
    }))
}

/// The markup of one element with all in it, and what fills its gaps, in order.
#[derive(Default)]
struct Template {
    text: String,
    slots: Vec<TokenStream>,
}

impl Template {
    fn put(&mut self, mark: char, words: &[&str]) {
        self.text.push(mark);
        for word in words {
            self.text.push_str(word);
            self.text.push(END);
        }
    }

    fn element(&mut self, element: &NodeElement<rstml::Infallible>, within: Within) -> Result<()> {
        let name = element.name().to_string();
        let place = place(&name, within).map_err(|why| Error::new_spanned(element.name(), why))?;
        let drawn = place == Within::Drawing;
        self.put(if drawn { '{' } else { '<' }, &[&name]);
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(attribute) => self.attribute(&name, drawn, attribute)?,
                NodeAttribute::Block(block) => {
                    return Err(Error::new_spanned(block, "an element takes no block"));
                }
            }
        }
        for child in &element.children {
            match child {
                Node::Element(inner) if !is_component(inner) => {
                    self.element(inner, inside(&name, place))?;
                }
                Node::Text(text) => self.put('"', &[&text.value_string()]),
                other => {
                    if let Some(piece) = piece(other)? {
                        self.put('#', &[]);
                        self.slots.push(quote!(::midge_piece::Slot::Piece(#piece)));
                    }
                }
            }
        }
        self.put('>', &[]);
        Ok(())
    }

    fn attribute(&mut self, element: &str, drawn: bool, attribute: &KeyedAttribute) -> Result<()> {
        let key = attribute.key.to_string();
        let mut parts = key.split(':');
        let (kind, name, target) = (
            parts.next().unwrap_or_default(),
            parts.next(),
            parts.next().is_some(),
        );
        let Some(name) = name else {
            return self.plain(&key, attribute);
        };
        let value = value(attribute)?;
        match kind {
            "on" => {
                let event = quote::format_ident!("{name}");
                self.put('!', &[name]);
                self.slots.push(if target {
                    let element = quote::format_ident!("{}", class_of(element, drawn));
                    quote!(::midge_piece::on_target::<_, ::midge_piece::web_sys::#element>(::midge_piece::leptos::ev::#event, #value))
                } else {
                    quote!(::midge_piece::on(::midge_piece::leptos::ev::#event, #value))
                });
            }
            "prop" => self.gap('.', name, &value),
            "class" => self.gap(':', name, &value),
            _ => {
                return Err(Error::new_spanned(
                    &attribute.key,
                    "an attribute is `name`, `on:event`, `on:event:target`, `prop:name`, `class:name` or `node_ref`",
                ));
            }
        }
        Ok(())
    }

    fn plain(&mut self, key: &str, attribute: &KeyedAttribute) -> Result<()> {
        if key == "node_ref" {
            let value = value(attribute)?;
            self.put('!', &[""]);
            self.slots.push(quote!(::midge_piece::held(#value)));
        } else if matches!(attribute.possible_value, KeyedAttributeValue::None) {
            self.put('=', &[key, ""]);
        } else if let Some(text) = attribute.value_literal_string() {
            self.put('=', &[key, &text]);
        } else {
            let value = value(attribute)?;
            self.gap('@', key, &value);
        }
        Ok(())
    }

    fn gap(&mut self, mark: char, name: &str, value: &TokenStream) {
        self.put(mark, &[name]);
        self.slots
            .push(quote!(::midge_piece::IntoSetting::into_setting(#value)));
    }
}

fn value(attribute: &KeyedAttribute) -> Result<TokenStream> {
    match attribute.value() {
        Some(Expr::Block(block)) if block.label.is_none() => Ok(bare(&block.block)),
        Some(value) => Ok(quote!(#value)),
        None => Err(Error::new_spanned(&attribute.key, "a value is missing")),
    }
}

/// A block without its braces, where it is but an expression.
fn bare(block: &Block) -> TokenStream {
    match block.stmts.as_slice() {
        [Stmt::Expr(inside, None)] => quote!(#inside),
        _ => quote!(#block),
    }
}

/// The class of an element whose events are asked for their target, as far as one is needed: what only few elements have.
fn class_of(element: &str, drawn: bool) -> &'static str {
    match element {
        _ if drawn => "Element",
        "input" => "HtmlInputElement",
        "select" => "HtmlSelectElement",
        "textarea" => "HtmlTextAreaElement",
        "details" => "HtmlDetailsElement",
        _ => "HtmlElement",
    }
}
