//! The field for the memory that messages may use. It is in the settings and in the session panel.

use leptos::prelude::*;

use crate::ui::{
    piece::{Piece, Pieces, view},
    state::{
        preferences::{BUDGETS, Budget},
        store::Store,
    },
};

/// The choice of the budget.
#[component(transparent)]
pub fn BudgetField(
    /// Identifier on the page.
    id: &'static str,
) -> Piece {
    let store = expect_context::<Store>();
    let budget = expect_context::<Budget>();
    view! {
        <div class="labelled">
            <label for=id>{store.text(|w| w.later().settings.budget)}</label>
            <select id=id class="field" on:change:target=move |event| budget.choose(&event.target().value(), store)>
                {BUDGETS.map(|mib| view! {
                    <option value=mib.to_string() prop:selected=move || budget.mib() == mib>{format!("{mib} MiB")}</option>
                }).pieces()}
            </select>
            <p class="hint">{store.text(|w| w.later().settings.budget_hint)}</p>
        </div>
    }
}
