//! Rows of user properties: names and values in their order (MQTT 5 section 3.1.2.11.8).

use leptos::prelude::*;

use crate::ui::store::Store;

/// What was typed: rows in their order. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct TypedPairs(RwSignal<Vec<TypedPair>>);

#[derive(Clone)]
struct TypedPair {
    number: u32,
    name: ArcRwSignal<String>,
    value: ArcRwSignal<String>,
}

impl TypedPairs {
    /// No rows.
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// The rows, but for those with neither name nor value.
    pub fn pairs(self) -> Vec<(String, String)> {
        self.0.with(|rows| {
            rows.iter()
                .map(|row| (row.name.get(), row.value.get()))
                .filter(|(name, value)| !name.is_empty() || !value.is_empty())
                .collect()
        })
    }

    /// Puts these rows in place of what was typed.
    pub fn set(self, store: Store, pairs: &[(String, String)]) {
        let rows = pairs.iter().map(|(name, value)| TypedPair {
            number: store.next_number(),
            name: ArcRwSignal::new(name.clone()),
            value: ArcRwSignal::new(value.clone()),
        });
        self.0.set(rows.collect());
    }

    fn add(self, store: Store) {
        self.0.update(|rows| {
            rows.push(TypedPair {
                number: store.next_number(),
                name: ArcRwSignal::default(),
                value: ArcRwSignal::default(),
            });
        });
    }

    fn remove(self, number: u32) {
        self.0
            .update(|rows| rows.retain(|row| row.number != number));
    }
}

/// The rows, and a button for another.
#[component]
pub fn UserPropertyRows(
    /// What was typed.
    typed: TypedPairs,
) -> impl IntoView {
    let store = expect_context::<Store>();
    let field = move |text: ArcRwSignal<String>,
                      name: fn(&crate::ui::words::Words) -> &'static str| {
        let shown = text.clone();
        view! {
            <input
                class="field mono"
                aria-label=store.text(name)
                placeholder=store.text(name)
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                prop:value=move || shown.get()
                on:input:target=move |event| text.set(event.target().value())
            />
        }
    };
    view! {
        <div class="user-properties" role="group" aria-label=store.text(|w| w.work.user_properties.heading)>
            <For each=move || typed.0.get() key=|row| row.number let(row)>
                <div class="line">
                    {field(row.name, |w| w.work.user_properties.name)}
                    {field(row.value, |w| w.work.user_properties.value)}
                    <button
                        type="button"
                        class="button ghost icon"
                        aria-label=store.text(|w| w.work.user_properties.remove)
                        on:click=move |_| typed.remove(row.number)
                    >
                        "×"
                    </button>
                </div>
            </For>
            <button type="button" class="button ghost" on:click=move |_| typed.add(store)>
                "+ "{store.text(|w| w.work.user_properties.add)}
            </button>
        </div>
    }
}
