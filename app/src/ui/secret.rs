//! A secret on a page: masked at first, then shown, copied and hidden as its reader likes. Where the page has it, or
//! where it is fetched on demand.

use std::pin::Pin;

use domain::tokens::token::TokenSecret;
use gloo_timers::callback::{Interval, Timeout};
use leptos::{
    ev::SubmitEvent,
    html::{Button, Div, Input},
    prelude::*,
    task::spawn_local,
    web_sys,
};

use crate::{
    error::UiError,
    ui::{browser, snippet},
};

/// Seconds a secret stays revealed unless its reader keeps it.
const SHOWN_SECONDS: u32 = 120;

/// Seconds before the end at which the countdown is also said aloud.
const WARNING_SECONDS: u32 = 20;

/// Milliseconds for which the page reports that a text was copied.
const REPORT_MS: u32 = 2_000;

/// A secret on this page, and what became of it. Copies share one state.
#[derive(Clone, Copy)]
pub struct Held {
    /// The secret, while the page holds it; dropped from memory with it.
    pub secret: StoredValue<Option<TokenSecret>>,
    /// Whether it is revealed.
    pub shown: RwSignal<bool>,
    /// Whether it has been copied, by the button or by hand.
    pub copied: RwSignal<bool>,
    /// Fetches a secret that the page does not have.
    fetch: StoredValue<Option<Fetch>, LocalStorage>,
}

/// Fetches the text of a secret from the server.
pub type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<String, UiError>>>>>;

impl Held {
    /// A secret that the page has.
    #[must_use]
    pub fn new(secret: TokenSecret) -> Self {
        Self::with(Some(secret), None)
    }

    /// A secret that is fetched to be shown or copied, and forgotten when it is hidden.
    #[must_use]
    pub fn fetched(fetch: Fetch) -> Self {
        Self::with(None, Some(fetch))
    }

    fn with(secret: Option<TokenSecret>, fetch: Option<Fetch>) -> Self {
        Self {
            secret: StoredValue::new(secret),
            shown: RwSignal::new(false),
            copied: RwSignal::new(false),
            fetch: StoredValue::new_local(fetch),
        }
    }

    /// Hides the secret and removes it from memory.
    pub fn forget(self) {
        self.shown.set(false);
        self.secret.set_value(None);
    }

    async fn obtain(self) -> Result<TokenSecret, UiError> {
        if let Some(secret) = self.secret.get_value() {
            return Ok(secret);
        }
        let fetching = self
            .fetch
            .with_value(|fetch| fetch.as_ref().map(|fetch| fetch()));
        let text = fetching.ok_or(UiError::Internal)?.await?;
        let parsed = TokenSecret::parse(&text).map_err(|_| UiError::Internal)?;
        Ok(parsed.1)
    }
}

/// What is said of a secret, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Nothing,
    /// By its Copy.
    Copied,
    /// By hand, or in a snippet.
    CopiedOtherwise,
    PressCtrlC,
    Failed(UiError),
}

/// A secret with its buttons: Show or Hide, and Copy; below, the snippets to use it by, each with a Copy of its own.
#[component]
pub(crate) fn SecretBox(
    /// The secret.
    held: Held,
    /// What it looks like while it is hidden.
    mask: String,
    /// What it is called where it is shown.
    label: &'static str,
    /// The words of the button that shows it.
    show: &'static str,
    /// The page that shows the secret when scripts do not run.
    #[prop(optional, into)]
    plain_page: Option<String>,
    /// The snippets as [`snippet::Snippets`] writes them, with the mask where the secret belongs.
    #[prop(optional)]
    snippets: String,
) -> impl IntoView {
    let said = RwSignal::new(Said::Nothing);
    let clear = StoredValue::new_local(None::<Timeout>);
    let mask = StoredValue::new(mask);
    let field = NodeRef::<Input>::new();
    let toggle = NodeRef::<Button>::new();
    let Held { shown, copied, .. } = held;
    let on_toggle = move |event: SubmitEvent| {
        event.prevent_default();
        if shown.get_untracked() {
            shown.set(false);
            return;
        }
        spawn_local(async move {
            match held.obtain().await {
                Ok(secret) => {
                    held.secret.set_value(Some(secret));
                    said.set(Said::Nothing);
                    shown.set(true);
                }
                Err(error) => said.set(Said::Failed(error)),
            }
        });
    };
    let copy = move |area: Option<web_sys::HtmlTextAreaElement>| {
        spawn_local(async move {
            let secret = match held.obtain().await {
                Ok(secret) => secret,
                Err(error) => return said.set(Said::Failed(error)),
            };
            let (text, done) = match &area {
                Some(area) => (
                    snippet::filled(area, &mask.get_value(), secret.reveal()),
                    Said::CopiedOtherwise,
                ),
                None => (secret.reveal().to_owned(), Said::Copied),
            };
            if browser::copy(&text).await {
                copied.set(true);
                report(said, clear, done);
            } else {
                held.secret.set_value(Some(secret));
                shown.set(true);
                said.set(Said::PressCtrlC);
                select_when_drawn(area, field);
            }
        });
    };
    let part = NodeRef::<Div>::new();
    let on_copied_by_hand = move |_| {
        if shown.get_untracked() {
            copied.set(true);
            report(said, clear, Said::CopiedOtherwise);
        }
    };
    let on_press = move |event| {
        if let Some(area) = snippet::pressed(&event) {
            copy(Some(area));
        }
    };
    // What can be fetched again is not kept longer than it is seen.
    Effect::new(move |_| {
        let shown = shown.get();
        if !shown && held.fetch.with_value(Option::is_some) {
            held.secret.set_value(None);
        }
        let revealed = held.secret.get_value().filter(|_| shown);
        let mask = mask.get_value();
        let text = revealed.as_ref().map_or(&*mask, TokenSecret::reveal);
        snippet::show(part, &mask, text);
    });
    view! {
        <div node_ref=part on:click=on_press on:copy=on_copied_by_hand>
            {move || {
                let revealed = shown.get().then(|| held.secret.get_value()).flatten();
                match revealed {
                    Some(secret) => {
                        let secret = secret.reveal().to_owned();
                        view! { <Revealed secret label field toggle shown /> }.into_any()
                    }
                    None => view! { <code class="new-secret-mask">{mask.get_value()}</code> }.into_any(),
                }
            }}
            <div class="new-secret-actions">
                // One button, so that the keyboard stays where it is.
                <form method="get" action=plain_page on:submit=on_toggle>
                    <button node_ref=toggle type="submit" class="button">
                        {move || if shown.get() { "Hide" } else { show }}
                    </button>
                </form>
                <button type="button" class="button needs-scripts" on:click=move |_| copy(None)>
                    {move || if said.get() == Said::Copied { "Copied" } else { "Copy" }}
                </button>
                <span class="new-secret-status" role="status">
                    {move || match said.get() {
                        Said::Copied | Said::CopiedOtherwise => "Copied to the clipboard".to_owned(),
                        Said::PressCtrlC if shown.get() => "This browser does not let a page copy. Press Ctrl+C.".to_owned(),
                        Said::Failed(error) => error.to_string(),
                        Said::Nothing | Said::PressCtrlC => String::new(),
                    }}
                </span>
            </div>
            <div inner_html=snippets></div>
        </div>
    }
}

/// The secret, for as long as it is shown. Nothing of it is left in the document afterwards.
#[component]
fn Revealed(
    secret: String,
    label: &'static str,
    field: NodeRef<Input>,
    toggle: NodeRef<Button>,
    shown: RwSignal<bool>,
) -> impl IntoView {
    let left = RwSignal::new(SHOWN_SECONDS);
    let tick = move || {
        left.update(|left| *left = left.saturating_sub(1));
        if left.get_untracked() == 0 {
            shown.set(false);
        }
    };
    // The timer stops when the component is removed and drops it.
    StoredValue::new_local(Interval::new(1_000, tick));
    let part = NodeRef::<Div>::new();
    on_cleanup(move || {
        if let Some(toggle) = toggle.get_untracked().filter(|_| has_focus(part)) {
            // What has the focus goes away; if the button cannot take it, it is on the page.
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

/// "Hides in 1:59".
fn countdown(seconds: u32) -> String {
    format!("Hides in {}:{:02}", seconds / 60, seconds % 60)
}

/// Reports this for two seconds.
fn report(said: RwSignal<Said>, clear: StoredValue<Option<Timeout>, LocalStorage>, done: Said) {
    said.set(done);
    // Replacing a timeout cancels it. It is also cancelled when the component is removed.
    clear.set_value(Some(Timeout::new(REPORT_MS, move || {
        said.set(Said::Nothing)
    })));
}

fn select_when_drawn(area: Option<web_sys::HtmlTextAreaElement>, field: NodeRef<Input>) {
    request_animation_frame(move || {
        if let Some(area) = area {
            let _ = area.focus();
            area.select();
        } else if let Some(field) = field.get_untracked() {
            // Without the focus the text is still selected.
            let _ = field.focus();
            field.select();
        }
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
