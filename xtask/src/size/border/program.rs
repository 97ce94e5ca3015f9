//! A compiled program as a graph: its functions and data, and which of them refers to which. The linker keeps the
//! relocations (`build.rs`).

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    ExternalKind, KnownCustom, Linking, Name, Parser, Payload, RelocSectionReader, RelocationType,
    SymbolInfo, TypeRef,
};

/// Functions with fewer bytes are ignored: if several do the same, the compiler keeps one, under the name of any of them.
const SMALL: usize = 250;

/// A function, by its number; or data, by the number of its symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    Function(u32),
    Data(u32),
}

/// The graph.
#[derive(Debug, Default)]
pub struct Program {
    /// Mangled names.
    pub names: BTreeMap<Node, String>,
    pub refers: BTreeMap<Node, Vec<Node>>,
    /// Functions that are ignored.
    pub small: BTreeSet<Node>,
    /// The names of the parts that are loaded later. The functions that load them are in the first program.
    pub parts: BTreeSet<String>,
    /// The start function, and what the browser may call.
    pub roots: Vec<Node>,
}

/// A range of bytes in the file, and the node that it belongs to.
#[derive(Clone, Copy, Debug)]
struct Place {
    begin: usize,
    end: usize,
    node: Node,
}

/// The node that contains a byte. The places are in order.
fn holder(places: &[Place], at: usize) -> Option<Node> {
    let after = places.partition_point(|place| place.begin <= at);
    let place = places.get(after.checked_sub(1)?)?;
    (at < place.end).then_some(place.node)
}

/// Reads a program with names and relocations.
pub fn read(wasm: &[u8]) -> Result<Program, String> {
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
                    // The start of a part that is loaded later.
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

/// A call, or the address of something.
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
