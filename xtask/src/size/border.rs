//! What the page's first program holds, and by what way it got there. The splitter puts into it whatever can be reached
//! from the start of the program without going through a part that is declared to be loaded later, so one call too many
//! brings all words, or a whole panel. The same way is gone here, in the compiler's output: the linker keeps who refers to
//! whom (`build.rs`).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use wasmparser::{
    ExternalKind, KnownCustom, Linking, Name, Parser, Payload, RelocSectionReader, RelocationType,
    SymbolInfo, TypeRef,
};

/// What of `midge` the connect screen needs: modules, and single items of modules of which it does not need all. What is
/// not named here is loaded later, and is not to be reached from the start.
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

/// Functions of fewer bytes are not told: the compiler makes one of those that do the same, under either name.
const SMALL: usize = 250;

/// A function, by its number; or data, by the number of its symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Function(u32),
    Data(u32),
}

/// Who refers to whom.
#[derive(Debug, Default)]
struct Program {
    /// As the compiler wrote them.
    names: BTreeMap<Node, String>,
    refers: BTreeMap<Node, Vec<Node>>,
    /// Functions that are too small to be told.
    small: BTreeSet<Node>,
    /// The names of the parts that are loaded later: how they are loaded is in the first program.
    parts: BTreeSet<String>,
    /// Where it starts, and what the browser may call.
    roots: Vec<Node>,
}

/// Something that is not to be in the first program, and the way there: from the start to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Stray {
    /// Its path, without the name of the crate.
    pub path: String,
    /// Each refers to the next.
    pub way: Vec<String>,
}

/// What the first program of a page reaches and is not named in the list. One for each module.
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
                // What it refers to is there because of it.
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

    /// It is what `later!` makes of a part, and not the part.
    fn loads_a_part(&self, path: &str) -> bool {
        let (_, last) = path.rsplit_once("::").unwrap_or(("", path));
        let part = last.strip_prefix("__wasm_split_preload_").unwrap_or(last);
        self.parts.contains(part)
    }

    /// From the start to a node, without what has no name of ours.
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

/// The path of something of the page, without the name of the crate; `None` for what is another crate's.
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

/// Where bytes of the file belong to: the end is not part of it.
#[derive(Clone, Copy, Debug)]
struct Place {
    begin: usize,
    end: usize,
    node: Node,
}

/// The place that holds a byte, among places in their order.
fn holder(places: &[Place], at: usize) -> Option<Node> {
    let after = places.partition_point(|place| place.begin <= at);
    let place = places.get(after.checked_sub(1)?)?;
    (at < place.end).then_some(place.node)
}

fn read(wasm: &[u8]) -> Result<Program, String> {
    let mut program = Program::default();
    let (mut imported, mut code_at, mut data_at) = (0_u32, 0, 0);
    let (mut functions, mut segments) = (Vec::new(), Vec::new());
    let mut symbols = Vec::new();
    let (mut of_code, mut of_data) = (None, None);
    let said = |error: wasmparser::BinaryReaderError| error.to_string();
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(said)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(said)?;
                    imported += u32::from(matches!(import.ty, TypeRef::Func(_)));
                    // `__wasm_split_00rest00_import_0123456789abcdef_meter`
                    let part = import
                        .name
                        .strip_prefix("__wasm_split_00")
                        .and_then(|name| name.split_once("00_import_")?.1.split_once('_'));
                    program.parts.extend(part.map(|(_, part)| part.to_owned()));
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export.map_err(said)?;
                    // A part that is loaded later begins there.
                    let later = export.name.starts_with("__wasm_split_");
                    if export.kind == ExternalKind::Func && !later {
                        program.roots.push(Node::Function(export.index));
                    }
                }
            }
            Payload::StartSection { func, .. } => program.roots.push(Node::Function(func)),
            Payload::CodeSectionStart {
                unchecked_range, ..
            } => {
                code_at = place(unchecked_range.start);
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                let number = imported + u32::try_from(functions.len()).unwrap_or(u32::MAX);
                let (begin, end) = (place(range.start), place(range.end));
                let node = Node::Function(number);
                if end - begin < SMALL {
                    program.small.insert(node);
                }
                functions.push(Place { begin, end, node });
            }
            Payload::DataSection(section) => {
                data_at = place(section.range().start);
                for segment in section {
                    let segment = segment.map_err(said)?;
                    segments.push(place(segment.range.end) - segment.data.len());
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => {
                    for name in names.into_iter().flatten() {
                        let Name::Function(functions) = name else {
                            continue;
                        };
                        for naming in functions.into_iter().flatten() {
                            let node = Node::Function(naming.index);
                            program.names.insert(node, naming.name.to_owned());
                        }
                    }
                }
                KnownCustom::Linking(linking) => {
                    for part in linking.subsections() {
                        if let Linking::SymbolTable(table) = part.map_err(said)? {
                            for symbol in table {
                                symbols.push(symbol.map_err(said)?);
                            }
                        }
                    }
                }
                KnownCustom::Reloc(relocations) if section.name() == "reloc.CODE" => {
                    of_code = Some(relocations);
                }
                KnownCustom::Reloc(relocations) if section.name() == "reloc.DATA" => {
                    of_data = Some(relocations);
                }
                _ => {}
            },
            _ => {}
        }
    }
    let (Some(of_code), Some(of_data)) = (of_code, of_data) else {
        return Err("it does not say who refers to whom".to_owned());
    };
    let mut data = Vec::new();
    for (number, symbol) in (0_u32..).zip(&symbols) {
        if let SymbolInfo::Data {
            name,
            symbol: Some(symbol),
            ..
        } = symbol
        {
            let node = Node::Data(number);
            program.names.insert(node, (*name).to_owned());
            let segment = segments.get(symbol.index as usize).copied();
            let begin = segment
                .unwrap_or(usize::MAX)
                .saturating_add(symbol.offset as usize);
            data.push(Place {
                begin,
                end: begin.saturating_add(symbol.size as usize),
                node,
            });
        }
    }
    data.sort_by_key(|place| (place.begin, place.end));
    let mut refer = |relocations: RelocSectionReader<'_>, at: usize, places: &[Place]| {
        for entry in relocations.entries() {
            let entry = entry.map_err(said)?;
            if !is_reference(entry.ty) {
                continue;
            }
            let to = match symbols.get(entry.index as usize) {
                Some(SymbolInfo::Func { index, .. }) => Node::Function(*index),
                Some(SymbolInfo::Data { .. }) => Node::Data(entry.index),
                _ => continue,
            };
            if let Some(from) = holder(places, at + entry.offset as usize) {
                program.refers.entry(from).or_default().push(to);
            }
        }
        Ok::<_, String>(())
    };
    refer(of_code, code_at, &functions)?;
    refer(of_data, data_at, &data)?;
    Ok(program)
}

/// Something is called, or its address is taken.
fn is_reference(kind: RelocationType) -> bool {
    matches!(
        kind,
        RelocationType::FunctionIndexLeb
            | RelocationType::TableIndexSleb
            | RelocationType::TableIndexI32
            | RelocationType::MemoryAddrLeb
            | RelocationType::MemoryAddrSleb
            | RelocationType::MemoryAddrI32
    )
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
