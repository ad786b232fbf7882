//! A secret in plain text, with the countdown to hiding it.

use gloo_timers::callback::Interval;
use leptos::{
    html::{Button, Div, Input},
    prelude::*,
};

/// Seconds for which a secret stays shown unless the user extends it.
const SHOWN_SECONDS: u32 = 120;

/// Seconds before hiding at which screen readers announce it.
const WARNING_SECONDS: u32 = 20;

/// The secret while it is shown. Removed from the document when it is hidden.
#[component]
pub(crate) fn Revealed(
    /// The text of the secret.
    secret: String,
    /// Accessible name of the field.
    label: &'static str,
    /// The field with the text.
    field: NodeRef<Input>,
    /// The button that gets the focus when the focused field is removed.
    toggle: NodeRef<Button>,
    /// Whether the secret is shown.
    shown: RwSignal<bool>,
) -> impl IntoView {
    let left = count_down(shown);
    let part = NodeRef::<Div>::new();
    on_cleanup(move || {
        if let Some(toggle) = toggle.get_untracked().filter(|_| has_focus(part)) {
            // The focus is about to be lost; when the button cannot take it, the page has it.
            let _ = toggle.focus();
        }
    });
    view! {
        <div node_ref=part class="new-secret-revealed">
            <input
                node_ref=field
                class="new-secret-field"
                type="text"
                readonly
                autocomplete="off"
                spellcheck="false"
                aria-label=label
                prop:value=secret
                on:focus=move |_| select(field)
            />
            <p class="new-secret-countdown">
                <span aria-hidden="true">{move || countdown(left.get())}</span>
                <span class="visually-hidden" role="status">
                    {move || (left.get() <= WARNING_SECONDS).then_some("The token hides in 20 seconds.")}
                </span>
                <button type="button" class="link" on:click=move |_| left.set(SHOWN_SECONDS)>"Keep showing"</button>
            </p>
        </div>
    }
}

/// Counts the seconds down and hides the secret at the end. Removing the component drops the timer, which stops it.
fn count_down(shown: RwSignal<bool>) -> RwSignal<u32> {
    let left = RwSignal::new(SHOWN_SECONDS);
    let tick = move || {
        left.update(|left| *left = left.saturating_sub(1));
        if left.get_untracked() == 0 {
            shown.set(false);
        }
    };
    StoredValue::new_local(Interval::new(1_000, tick));
    left
}

/// "Hides in 1:59".
fn countdown(seconds: u32) -> String {
    format!("Hides in {}:{:02}", seconds / 60, seconds % 60)
}

fn has_focus(part: NodeRef<Div>) -> bool {
    let focused = document().active_element();
    part.get_untracked()
        .is_some_and(|part| focused.is_some_and(|focused| part.contains(Some(&focused))))
}

fn select(field: NodeRef<Input>) {
    if let Some(field) = field.get_untracked() {
        field.select();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countdown_reads_like_a_clock() {
        assert_eq!(countdown(SHOWN_SECONDS), "Hides in 2:00");
        assert_eq!(countdown(9), "Hides in 0:09");
    }
}
