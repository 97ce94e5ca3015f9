//! What an oracle says of a packet, and whether Midge agrees.

use std::collections::BTreeMap;

use midge::protocol::Direction;

use super::midge_codec;
use super::packet::{Case, Packet, differences, hex};

/// What an oracle makes of one whole packet.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What it reads, or why it refuses.
    pub decoded: Result<Packet, String>,
    /// The bytes that it writes for what it has read.
    pub again: Result<Vec<u8>, String>,
}

/// Where an oracle and Midge disagree over a valid packet.
#[derive(Clone, Debug)]
pub struct Disagreement {
    pub case: Case,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    /// The oracle refuses the packet, and says this.
    Refused(String),
    /// It reads this instead.
    ReadsAnother(Box<Packet>),
    /// It has read the packet and cannot write it, and says this.
    CannotWrite(String),
    /// What it has written is another packet to Midge: the parts that differ, or why Midge refuses it.
    WritesAnother(Vec<String>),
}

impl Disagreement {
    pub fn sentence(&self) -> String {
        let Case {
            name,
            version,
            direction,
            bytes,
            ..
        } = &self.case;
        let start = hex(&bytes[..bytes.len().min(80)]);
        format!("{version} {direction:?} {name} [{start}]: {}", self.words())
    }
}

impl Disagreement {
    fn words(&self) -> String {
        match &self.what {
            What::Refused(reason) => format!("refused: {reason}"),
            What::ReadsAnother(other) => {
                format!(
                    "read as another: {:?}",
                    differences(&self.case.packet, other)
                )
            }
            What::CannotWrite(reason) => format!("read and not written: {reason}"),
            What::WritesAnother(parts) => format!("written as another: {parts:?}"),
        }
    }

    /// What it has in common with others of the same cause, as far as one can tell.
    fn likeness(&self) -> String {
        let what: String = self.words().chars().take(48).collect();
        let Case {
            version,
            direction,
            bytes,
            ..
        } = &self.case;
        format!("{version} {direction:?} {} {what}", bytes[0] >> 4)
    }
}

/// Holds an oracle's answer for a case against the case, and what the oracle wrote against Midge.
pub fn judge(case: &Case, answer: &Answer, found: &mut Vec<Disagreement>) {
    let mut disagree = |what| {
        found.push(Disagreement {
            case: case.clone(),
            what,
        });
    };
    match &answer.decoded {
        Err(reason) => return disagree(What::Refused(reason.clone())),
        Ok(packet) if *packet != case.packet => {
            return disagree(What::ReadsAnother(Box::new(packet.clone())));
        }
        Ok(_) => {}
    }
    let again = match &answer.again {
        Err(reason) => return disagree(What::CannotWrite(reason.clone())),
        Ok(again) => again,
    };
    let same = match case.direction {
        Direction::Incoming => match midge_codec::read(again, case.version) {
            Ok(packet) if packet == case.packet => return,
            Ok(packet) => differences(&case.packet, &packet),
            Err(fault) => vec![format!("{fault} in {}", hex(again))],
        },
        // Midge reads these only to show them: field by field, they are those of the case's bytes.
        Direction::Outgoing => match midge_codec::shown(again, case) {
            Ok(fields) if Ok(&fields) == midge_codec::shown(&case.bytes, case).as_ref() => return,
            Ok(_) => vec![format!("other fields in {}", hex(again))],
            Err(fault) => vec![format!("{fault} in {}", hex(again))],
        },
    };
    disagree(What::WritesAnother(same));
}

/// A disagreement that is understood. The text of each, with who is right, is in `docs/differential.md` under its name.
pub struct Known {
    pub name: &'static str,
    pub is: fn(&Disagreement) -> bool,
}

/// Fails unless every disagreement is a known one, every known one has happened, and each is described.
pub fn settle(oracle: &str, cases: usize, found: &[Disagreement], known: &[Known]) {
    let mut counts: BTreeMap<&str, usize> = known.iter().map(|known| (known.name, 0)).collect();
    // By what they look like, so that one cause does not hide the others.
    let mut unknown: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for disagreement in found {
        match known.iter().find(|known| (known.is)(disagreement)) {
            Some(known) => *counts.entry(known.name).or_default() += 1,
            None => {
                let (count, _) = unknown
                    .entry(disagreement.likeness())
                    .or_insert_with(|| (0, disagreement.sentence()));
                *count += 1;
            }
        }
    }
    println!("{oracle}: {cases} packets, {} disagreements", found.len());
    for (name, count) in &counts {
        println!("  {name}: {count}");
    }
    let unknown: Vec<String> = unknown
        .into_values()
        .map(|(count, first)| format!("{count} like {first}"))
        .collect();
    assert!(
        unknown.is_empty(),
        "{oracle}: disagreements that are not listed:\n{}",
        unknown[..unknown.len().min(60)].join("\n")
    );
    let gone: Vec<&&str> = counts
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| name)
        .collect();
    assert!(
        gone.is_empty(),
        "{oracle}: listed and no longer so: {gone:?}"
    );
    let described = include_str!("../../docs/differential.md");
    for known in known {
        let heading = format!("### `{}`", known.name);
        assert!(
            described.lines().any(|line| line == heading),
            "docs/differential.md lacks {heading}"
        );
    }
}
