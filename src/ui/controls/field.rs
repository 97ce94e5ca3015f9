//! Small controls that are used in several places.

use leptos::prelude::*;

use crate::ui::{
    piece::{Inside, Piece, Pieces, view},
    state::store::Store,
    words::Words,
};

/// A row of radio buttons that looks like one control.
#[component(transparent)]
pub fn Segments<T>(
    /// Name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Name of the radio group, unique on the page.
    group: &'static str,
    /// The choices and their names.
    choices: Vec<(T, Signal<String>)>,
    /// The choice.
    #[prop(into)]
    value: Signal<T>,
    /// Makes the choice.
    choose: impl Fn(T) + Copy + Send + 'static,
) -> Piece
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    view! {
        <div class="segments" role="radiogroup" aria-label=move || label.get()>
            {choices
                .into_iter()
                .map(|(choice, name)| {
                    view! {
                        <label>
                            <input
                                type="radio"
                                name=group
                                prop:checked=move || value.get() == choice
                                on:change=move |_| choose(choice)
                            />
                            {move || name.get()}
                        </label>
                    }
                })
                .pieces()}
        </div>
    }
}

/// A fixed text, as a signal.
pub fn plain(text: &'static str) -> Signal<String> {
    Signal::stored(text.to_owned())
}

/// A text in the chosen language, as a signal.
pub fn said(store: Store, choose: fn(&Words) -> &'static str) -> Signal<String> {
    Signal::derive(move || choose(store.words()).to_owned())
}

/// The kind of a text field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Words.
    #[default]
    Words,
    /// Topics and identifiers, in a monospaced font.
    Code,
    /// A whole number.
    Number,
    /// A few lines.
    Lines,
}

/// A text field with a label, a hint, and a message about what is wrong with it.
#[component(transparent)]
pub fn TextField(
    /// Identifier on the page.
    #[prop(into)]
    id: String,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// Its value.
    value: RwSignal<String>,
    /// Its kind.
    #[prop(optional)]
    holds: Holds,
    /// What to know of it.
    #[prop(optional)]
    hint: Option<fn(&Words) -> &'static str>,
    /// What is wrong with it.
    #[prop(optional, into)]
    fault: Option<Signal<Option<String>>>,
    /// Its `autocomplete` attribute.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// The input's type, where it changes.
    #[prop(optional, into)]
    kind: Option<Signal<&'static str>>,
    /// Called with what is typed. By default it sets `value`.
    #[prop(optional, into)]
    typed: Option<Callback<String>>,
    /// Controls beside it.
    #[prop(optional)]
    children: Option<Inside>,
) -> Piece {
    let store = expect_context::<Store>();
    let class = match holds {
        Holds::Words => "field grow",
        Holds::Code | Holds::Lines => "field mono grow",
        Holds::Number => "field num grow",
    };
    let take = move |text: String| match typed {
        Some(typed) => typed.run(text),
        None => value.set(text),
    };
    let fault = move || fault.and_then(|fault| fault.get());
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let described = format!("{hint_id} {error_id}");
    let label_id = format!("{id}-label");
    let input = if holds == Holds::Lines {
        view! {
            <textarea
                id=id.clone()
                class=class
                rows="2"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=move || fault().is_some().to_string()
                prop:value=move || value.get()
                on:input:target=move |event| take(event.target().value())
            ></textarea>
        }
    } else {
        view! {
            <input
                id=id.clone()
                class=class
                type=move || kind.map_or("text", |kind| kind.get())
                inputmode=(holds == Holds::Number).then_some("numeric")
                autocomplete=autocomplete
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=move || fault().is_some().to_string()
                prop:value=move || value.get()
                on:input:target=move |event| take(event.target().value())
            />
        }
    };
    view! {
        <div class="labelled">
            <label for=id id=label_id>{move || label.get()}</label>
            <div class="line">{input}{children.map(|children| children())}</div>
            <p id=error_id class="fault" aria-live="polite" hidden=move || fault().is_none()>{fault}</p>
            <p id=hint_id class="hint" hidden=hint.is_none()>{hint.map(|hint| store.text(hint))}</p>
        </div>
    }
}

/// A check box with a label and a hint.
#[component(transparent)]
pub fn CheckField(
    /// Identifier on the page.
    id: &'static str,
    /// Its label.
    label: fn(&Words) -> &'static str,
    /// Whether it is checked.
    value: RwSignal<bool>,
    /// What to know of it.
    #[prop(optional, into)]
    hint: Option<Signal<String>>,
) -> Piece {
    let store = expect_context::<Store>();
    let hint_id = format!("{id}-hint");
    view! {
        <div class="labelled">
            <label class="check">
                <input
                    id=id
                    type="checkbox"
                    aria-describedby=hint_id.clone()
                    prop:checked=move || value.get()
                    on:change:target=move |event| value.set(event.target().checked())
                />
                {store.text(label)}
            </label>
            <p id=hint_id class="hint" hidden=hint.is_none()>{move || hint.map(|hint| hint.get())}</p>
        </div>
    }
}

/// The icon for removing something.
#[component(transparent)]
pub fn Cross() -> Piece {
    view! {
        <svg width="14" height="14" viewBox="0 0 14 14" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
            <path d="M3 3l8 8M11 3l-8 8" />
        </svg>
    }
}
