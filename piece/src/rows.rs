//! Rows that keep their elements, and what was typed into them, as long as their keys are there.

use std::rc::Rc;

use leptos::prelude::*;
use web_sys::{Comment, Node};

use crate::{
    Piece,
    build::{State, build, place, put_in, take_out},
};

/// A row: its key, and how to make it, given its place.
pub type Row = (String, Box<dyn FnOnce(ReadSignal<usize>) -> Piece>);

/// A row for each item. `row` is called once for a key, with the place that the row has at the time.
pub fn rows<T: 'static>(
    each: impl Fn() -> Vec<T> + 'static,
    key: impl Fn(&T) -> String + 'static,
    row: impl Fn(ReadSignal<usize>, T) -> Piece + 'static,
) -> Piece {
    // Not the owner of the effect that follows the items: that one starts anew with every change of them.
    let owner = Owner::current().expect("rows are made in a component");
    let row = Rc::new(row);
    Piece::Live(Box::new(move || {
        let rows = each().into_iter().map(|item| {
            let (key, row) = (key(&item), Rc::clone(&row));
            let make: Box<dyn FnOnce(_) -> _> = Box::new(move |place| row(place, item));
            (key, make)
        });
        Piece::Rows(owner.clone(), rows.collect())
    }))
}

/// The rows that are there; the comment is the end.
pub struct RowStates {
    rows: Vec<RowState>,
    end: Comment,
}

struct RowState {
    key: String,
    place: RwSignal<usize>,
    state: State,
    /// What the row made goes with it.
    _owner: Owner,
}

impl RowState {
    fn build(owner: &Owner, (key, make): Row, at: usize) -> Self {
        let owner = owner.with(Owner::new);
        let (place, state) = untrack(|| {
            owner.with(|| {
                let place = RwSignal::new(at);
                (place, build(make(place.read_only())))
            })
        });
        Self {
            key,
            place,
            state,
            _owner: owner,
        }
    }
}

impl RowStates {
    /// Makes them.
    pub fn build(owner: Owner, rows: Vec<Row>) -> Self {
        let rows = rows.into_iter().enumerate();
        Self {
            rows: rows
                .map(|(at, row)| RowState::build(&owner, row, at))
                .collect(),
            end: place(),
        }
    }

    /// Keeps the rows whose keys are still there, and moves as few as it can.
    pub fn patch(&mut self, owner: Owner, rows: Vec<Row>) {
        let mut before = std::mem::take(&mut self.rows);
        for (at, row) in rows.into_iter().enumerate() {
            // Most often the first of those left.
            let kept = before.iter().position(|kept| kept.key == row.0);
            self.rows.push(match kept {
                Some(kept) => {
                    let kept = before.remove(kept);
                    if kept.place.get_untracked() != at {
                        kept.place.set(at);
                    }
                    kept
                }
                None => RowState::build(&owner, row, at),
            });
        }
        for gone in before {
            gone.state.unmount();
        }
        let Some(parent) = self.end.parent_node() else {
            return;
        };
        let mut next: Node = self.end.clone().into();
        for row in self.rows.iter().rev() {
            if row.state.last().next_sibling().as_ref() != Some(&next) {
                row.state.mount(&parent, Some(&next));
            }
            next = row.state.first();
        }
    }

    /// Puts them before a node, or at the end.
    pub fn mount(&self, parent: &Node, before: Option<&Node>) {
        for row in &self.rows {
            row.state.mount(parent, before);
        }
        put_in(&self.end, parent, before);
    }

    /// Takes them out of the page.
    pub fn unmount(&self) {
        for row in &self.rows {
            row.state.unmount();
        }
        take_out(&self.end);
    }

    /// The first node.
    pub fn first(&self) -> Node {
        let first = self.rows.first();
        first.map_or_else(|| self.last(), |row| row.state.first())
    }

    /// The last node.
    pub fn last(&self) -> Node {
        self.end.clone().into()
    }
}
