//! A token just made: masked at first, then shown, copied and hidden as its owner likes.

use std::time::Duration;

use leptos::{
    html::{Button, Div, Input},
    prelude::*,
    task::spawn_local,
};

use super::{browser, desk::Fresh};
use crate::ui::{moment::Day, token_row::end_of};

/// Seconds a token stays revealed unless its owner keeps it.
const SHOWN_SECONDS: u32 = 120;

/// Seconds before the end at which the countdown is also said aloud.
const WARNING_SECONDS: u32 = 20;

/// What is said of a token, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Nothing,
    Copied,
    PressCtrlC,
}

/// One token that this page made.
#[component]
pub(crate) fn FreshToken(token: Fresh) -> impl IntoView {
    let said = RwSignal::new(Said::Nothing);
    let field = NodeRef::<Input>::new();
    let toggle = NodeRef::<Button>::new();
    let Fresh {
        row,
        secret,
        shown,
        copied,
    } = token;
    let title = row.title();
    let mask = format!("{}{}{}", row.token.prefix, "•".repeat(12), row.token.last4);
    let (end_words, end) = end_of(&row.token, row.state);
    let on_copy = move |_| {
        let secret = secret.get_value();
        spawn_local(async move {
            if browser::copy(&secret).await {
                copied.set(true);
                say_for_a_moment(said);
            } else {
                shown.set(true);
                said.set(Said::PressCtrlC);
                select_when_drawn(field);
            }
        });
    };
    let heading_id = format!("fresh-{}", row.token.id);
    view! {
        <section class="fresh" aria-labelledby=heading_id.clone()>
            <h3 class="fresh-title" id=heading_id.clone()>{title}</h3>
            <p class="fresh-facts">"Ends " {end_words} " " <Day at=end /></p>
            {move || if shown.get() {
                view! { <Revealed secret=secret.with_value(|secret| secret.reveal().to_owned()) field toggle copied said shown /> }.into_any()
            } else {
                view! { <code class="fresh-mask">{mask.clone()}</code> }.into_any()
            }}
            <div class="fresh-acts">
                // One button, so that the keyboard stays where it is.
                <button node_ref=toggle type="button" class="button" on:click=move |_| shown.update(|shown| *shown = !*shown)>
                    {move || if shown.get() { "Hide" } else { "Show User API Access Token" }}
                </button>
                <button type="button" class="button" on:click=on_copy>
                    {move || if said.get() == Said::Copied { "Copied" } else { "Copy" }}
                </button>
                <span class="fresh-said" role="status">
                    {move || match said.get() {
                        Said::Copied => "Copied to the clipboard",
                        Said::PressCtrlC if shown.get() => "This browser does not let a page copy. Press Ctrl+C.",
                        Said::Nothing | Said::PressCtrlC => "",
                    }}
                </span>
            </div>
        </section>
    }
}

/// The secret, for as long as it is shown. Nothing of it is left in the document afterwards.
#[component]
fn Revealed(
    secret: String,
    field: NodeRef<Input>,
    toggle: NodeRef<Button>,
    copied: RwSignal<bool>,
    said: RwSignal<Said>,
    shown: RwSignal<bool>,
) -> impl IntoView {
    let left = RwSignal::new(SHOWN_SECONDS);
    let tick = move || {
        left.update(|left| *left = left.saturating_sub(1));
        if left.get_untracked() == 0 {
            shown.set(false);
        }
    };
    if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || interval.clear());
    }
    let on_copy = move |_| {
        copied.set(true);
        say_for_a_moment(said);
    };
    let part = NodeRef::<Div>::new();
    on_cleanup(move || {
        if let Some(toggle) = toggle.get_untracked().filter(|_| has_focus(part)) {
            // What has the focus goes away; if the button cannot take it, it is on the page.
            let _ = toggle.focus();
        }
    });
    view! {
        <div node_ref=part class="fresh-revealed">
            <input
                node_ref=field
                class="fresh-secret"
                type="text"
                readonly
                autocomplete="off"
                spellcheck="false"
                aria-label="User API access token"
                prop:value=secret
                on:copy=on_copy
                on:focus=move |_| select(field)
            />
            <p class="fresh-countdown">
                <span aria-hidden="true">{move || countdown(left.get())}</span>
                <span class="unseen" role="status">
                    {move || (left.get() <= WARNING_SECONDS).then_some("The token hides in 20 seconds.")}
                </span>
                <button type="button" class="link" on:click=move |_| left.set(SHOWN_SECONDS)>"Keep showing"</button>
            </p>
        </div>
    }
}

/// "Hides in 1:59".
fn countdown(seconds: u32) -> String {
    format!("Hides in {}:{:02}", seconds / 60, seconds % 60)
}

fn say_for_a_moment(said: RwSignal<Said>) {
    said.set(Said::Copied);
    set_timeout(
        move || {
            // The page may have forgotten the token meanwhile.
            said.try_set(Said::Nothing);
        },
        Duration::from_secs(2),
    );
}

fn select_when_drawn(field: NodeRef<Input>) {
    request_animation_frame(move || {
        if let Some(field) = field.get_untracked() {
            // Without the focus the text is still selected.
            let _ = field.focus();
        }
        select(field);
    });
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
