//! Small controls that are used in several places.

use leptos::prelude::*;

/// A row of radio buttons that looks like one control.
#[component]
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
) -> impl IntoView
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
                .collect_view()}
        </div>
    }
}

/// A text that needs no translation.
pub fn plain(text: &'static str) -> Signal<String> {
    Signal::stored(text.to_owned())
}
