//! Checks what is in the first program of the page. The splitter puts everything into it that is reachable from the start
//! without a part that is loaded later, so a single call can bring all words or a whole panel. This follows the same
//! references, and prints the path to whatever should not be there.

mod program;

use std::collections::{BTreeMap, VecDeque};

use program::{Node, Program, read};

/// What the connect screen needs of `midge`: modules, and single items of other modules. Everything else is loaded later, and
/// must not be reachable from the start.
const FIRST: &[&str] = &[
    "browser",
    "desk",
    "link",
    "payload::decimal",
    "profile::address",
    "profile::expiry",
    "profile::kept_filters",
    "profile::names",
    "profile::saved",
    "reading::secrets",
    "profile::share_link",
    "profile::stored",
    "protocol::packet",
    "protocol::topic",
    "reading::hidden",
    "reading::time",
    "ui::arrival::provide_host_info",
    "ui::controls::field::Cross",
    "ui::controls::field::TextField",
    "ui::controls::field::__component_cross",
    "ui::controls::field::__component_text_field",
    "ui::controls::field::said",
    "ui::controls::long_text",
    "ui::controls::name",
    "ui::controls::rest",
    "ui::frame",
    "ui::header::__component_header",
    "ui::header::phase_name",
    "ui::header::phase_words",
    "ui::panes::connection::ConnectScreen",
    "ui::panes::connection::__component_connect_form",
    "ui::panes::connection::__component_credentials",
    "ui::panes::connection::__component_folded",
    "ui::panes::connection::address_field",
    "ui::panes::connection::faults",
    "ui::panes::connection::five_panel::__component_version_field",
    "ui::start",
    "ui::state::announced",
    "ui::state::answers",
    "ui::state::calendar",
    "ui::state::chrome",
    "ui::state::dialogs",
    "ui::state::failure",
    "ui::state::form::Form",
    "ui::state::form::fields",
    "ui::state::form::host",
    "ui::state::form::last::address",
    "ui::state::form::others",
    "ui::state::form::typed",
    "ui::state::preferences",
    "ui::state::properties",
    "ui::state::speech",
    "ui::state::store",
    "ui::state::wire",
    "ui::words::Language",
    "ui::words::Words",
    "ui::words::en::WORDS",
    "ui::words::loading",
    "ui::words::zh_hant::WORDS",
];

/// Something that should not be in the first program, and the path from the start to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Stray {
    /// Its path, without the name of the crate.
    pub path: String,
    /// Each refers to the next.
    pub way: Vec<String>,
}

/// What the first program reaches and the list does not name; one for each module.
pub fn strays(wasm: &[u8]) -> Result<Vec<Stray>, String> {
    let program = read(wasm)?;
    Ok(program.strays(FIRST))
}

impl Program {
    fn strays(&self, allowed: &[&str]) -> Vec<Stray> {
        let mut before: BTreeMap<Node, Option<Node>> = BTreeMap::new();
        let mut due: VecDeque<Node> = VecDeque::new();
        for root in &self.roots {
            if before.insert(*root, None).is_none() {
                due.push_back(*root);
            }
        }
        let mut found: BTreeMap<String, Stray> = BTreeMap::new();
        while let Some(node) = due.pop_front() {
            if let Some(path) = self.names.get(&node).and_then(|name| own_path(name))
                && !self.small.contains(&node)
                && !self.loads_a_part(&path)
                && !allowed.iter().any(|allowed| is_within(&path, allowed))
            {
                let module = path.rsplit_once("::").map_or(&*path, |(module, _)| module);
                found.entry(module.to_owned()).or_insert_with(|| Stray {
                    way: self.way(node, &before),
                    path: path.clone(),
                });
                // What it refers to is there only because of it.
                continue;
            }
            for next in self.refers.get(&node).into_iter().flatten() {
                if !before.contains_key(next) {
                    before.insert(*next, Some(node));
                    due.push_back(*next);
                }
            }
        }
        found.into_values().collect()
    }

    /// It is a function that `later!` generates to load a part, and not the part itself.
    fn loads_a_part(&self, path: &str) -> bool {
        let (_, last) = path.rsplit_once("::").unwrap_or(("", path));
        let part = last.strip_prefix("__wasm_split_preload_").unwrap_or(last);
        self.parts.contains(part)
    }

    /// The path from the start to a node, without what belongs to other crates.
    fn way(&self, to: Node, before: &BTreeMap<Node, Option<Node>>) -> Vec<String> {
        let mut way = Vec::new();
        let mut at = Some(to);
        while let Some(node) = at {
            way.extend(self.names.get(&node).and_then(|name| own_path(name)));
            at = before.get(&node).copied().flatten();
        }
        way.reverse();
        way.dedup();
        way
    }
}

/// The path of an item of `midge`, without the name of the crate; `None` for items of other crates.
fn own_path(mangled: &str) -> Option<String> {
    let name = format!("{:#}", rustc_demangle::demangle(mangled));
    let (_, own) = name.split_once("midge::")?;
    let end = own
        .find(|char: char| !char.is_alphanumeric() && char != '_' && char != ':')
        .unwrap_or(own.len());
    let path = own.get(..end).unwrap_or(own).trim_end_matches(':');
    (!path.is_empty()).then(|| path.to_owned())
}

fn is_within(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program of functions with these names; the first is the root, and each refers to those after it in its line.
    fn program(lines: &[&[&str]]) -> Program {
        let mut program = Program::default();
        let mut numbers = BTreeMap::new();
        for name in lines.iter().copied().flatten() {
            let next = u32::try_from(numbers.len()).expect("few");
            let number = *numbers.entry(*name).or_insert(next);
            program
                .names
                .insert(Node::Function(number), (*name).to_owned());
        }
        for line in lines {
            let (from, to) = line.split_first().expect("a name");
            let to = to.iter().map(|name| Node::Function(numbers[name]));
            let from = Node::Function(numbers[from]);
            program.refers.entry(from).or_default().extend(to);
        }
        program.roots.push(Node::Function(0));
        program
    }

    #[test]
    fn what_is_reached_and_not_named_is_told_with_its_way() {
        let program = program(&[
            &["main", "midge::ui::frame::Page"],
            &[
                "midge::ui::frame::Page",
                "core::call",
                "midge::ui::header::Header",
            ],
            &["core::call", "midge::ui::words::Words::rest"],
            &[
                "midge::ui::words::Words::rest",
                "midge::ui::words::en::REST",
            ],
            &[
                "midge::ui::words::en::REST",
                "midge::ui::words::en_work::meaning",
            ],
            &["midge::ui::messages::Messages", "midge::ui::pool::Pool"],
        ]);
        let allowed = ["ui::frame", "ui::header", "ui::words::Words"];
        assert_eq!(
            program.strays(&allowed),
            [Stray {
                path: "ui::words::en::REST".to_owned(),
                way: [
                    "ui::frame::Page",
                    "ui::words::Words::rest",
                    "ui::words::en::REST"
                ]
                .map(str::to_owned)
                .to_vec(),
            }]
        );
    }

    #[test]
    fn how_a_part_is_loaded_is_not_the_part() {
        let mut program = program(&[&[
            "main",
            "midge::ui::counters::meter",
            "midge::ui::counters::__wasm_split_preload_meter",
            "midge::ui::counters::Meter",
        ]]);
        program.parts.insert("meter".to_owned());
        let strays = program.strays(&[]);
        let paths: Vec<_> = strays.iter().map(|stray| &*stray.path).collect();
        assert_eq!(paths, ["ui::counters::Meter"]);
    }

    #[test]
    fn what_is_too_small_to_be_told_is_walked_through() {
        let mut program = program(&[
            &["main", "midge::ui::a::small"],
            &["midge::ui::a::small", "midge::ui::b::large"],
        ]);
        program.small.insert(Node::Function(1));
        let strays = program.strays(&[]);
        let paths: Vec<_> = strays.iter().map(|stray| &*stray.path).collect();
        assert_eq!(paths, ["ui::b::large"]);
    }

    #[test]
    fn a_module_is_not_meant_by_the_beginning_of_its_name() {
        assert!(is_within("ui::words::en", "ui::words"));
        assert!(is_within("ui::words", "ui::words"));
        assert!(!is_within("ui::words_of_others::en", "ui::words"));
    }

    #[test]
    fn paths_of_the_page_are_told_from_those_of_crates() {
        for (mangled, path) in [
            (
                "_ZN5midge2ui5words2en4REST17h42c2c77e14b51eb0E",
                Some("ui::words::en::REST"),
            ),
            (
                "_ZN61_$LT$midge..link..frame..List$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
                Some("link::frame::List"),
            ),
            (
                "_ZN4core3ops8function6FnOnce9call_once17h0123456789abcdefE",
                None,
            ),
            ("main", None),
        ] {
            assert_eq!(own_path(mangled).as_deref(), path, "{mangled}");
        }
    }

    #[test]
    fn a_program_without_references_is_refused() {
        assert!(strays(b"\0asm\x01\0\0\0").is_err());
    }
}
