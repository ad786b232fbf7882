//! Where tokens are made: the form, the tokens just made, and the list they join. One island, so that a secret goes from
//! the answer straight into the memory of this page and nowhere else: not into page data, storage or an address.

use domain::token::TokenSecret;
use leptos::{
    ev::{self, KeyboardEvent, SubmitEvent},
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys,
};

use super::{
    acts::{GenerateToken, generate_token},
    browser,
    fresh::FreshToken,
};
use crate::{
    pages::sign_in::SIGN_OUT_CHANNEL,
    ui::{
        empty::Empty,
        token_row::{TokenRow, TokenTable},
    },
};

/// How long a revealed token stays on a page nobody looks at.
const HIDDEN_TAB: std::time::Duration = std::time::Duration::from_secs(60);

/// A token this page made and can show. Copies share one state.
#[derive(Clone)]
pub struct Fresh {
    /// The token.
    pub row: TokenRow,
    /// Its secret; gone from memory when the page forgets the token.
    pub secret: StoredValue<TokenSecret>,
    /// Whether it is revealed.
    pub shown: RwSignal<bool>,
    /// Whether it has been copied, by the button or by hand.
    pub copied: RwSignal<bool>,
}

/// The token desk of Account Settings.
#[island]
pub(crate) fn TokenDesk(
    /// The user's tokens, newest first.
    rows: Vec<TokenRow>,
    /// A name that was refused, to be corrected.
    kept: String,
    /// Why it was refused.
    refusal: Option<String>,
) -> impl IntoView {
    let rows = RwSignal::new(rows);
    let fresh = RwSignal::new(Vec::<Fresh>::new());
    guard(fresh);
    view! {
        <section class="panel desk" aria-labelledby="tokens-heading">
            <h2 id="tokens-heading">"Tokens"</h2>
            <p class="desk-words">
                "A token acts as you, with your role. It ends when you sign out, or after 30 days. It is shown here until "
                "you leave this page and never again: keep a copy where secrets belong, or generate another."
            </p>
            <GenerateForm rows fresh kept refusal />
            <div class="fresh-list">
                <For each=move || fresh.get() key=|token| token.row.token.id let:token>
                    <FreshToken token />
                </For>
            </div>
            <h3>"My tokens"</h3>
            {move || {
                let rows = rows.get();
                if rows.is_empty() {
                    view! { <Empty title="No tokens yet">"The first one you generate is listed here."</Empty> }.into_any()
                } else {
                    view! { <TokenTable rows page="/account" /> }.into_any()
                }
            }}
        </section>
    }
}

#[component]
fn GenerateForm(
    rows: RwSignal<Vec<TokenRow>>,
    fresh: RwSignal<Vec<Fresh>>,
    kept: String,
    refusal: Option<String>,
) -> impl IntoView {
    let pending = RwSignal::new(false);
    let error = RwSignal::new(refusal);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if pending.get_untracked() {
            return;
        }
        let form: Option<web_sys::HtmlFormElement> =
            event.target().and_then(|target| target.dyn_into().ok());
        let name = form.as_ref().and_then(name_in).unwrap_or_default();
        pending.set(true);
        // An action would keep its last answer, and with it the secret, for as long as the page lives.
        spawn_local(async move {
            match generate_token(name).await {
                Ok(Some(generated)) => {
                    error.set(None);
                    if let Some(form) = form {
                        form.reset();
                    }
                    if let Some((row, secret)) = generated.take() {
                        rows.update(|rows| rows.insert(0, row.clone()));
                        fresh.update(|fresh| fresh.insert(0, Fresh::new(row, secret)));
                    }
                }
                Ok(None) => {}
                Err(refused) => error.set(Some(refused.to_string())),
            }
            pending.set(false);
        });
    };
    view! {
        <form method="post" action=GenerateToken::url() class="generate" on:submit=on_submit>
            <div class="field">
                <label for="token-name">"Name (optional)"</label>
                <input
                    id="token-name"
                    type="text"
                    name="name"
                    value=kept
                    maxlength=domain::limits::NAME_CHARACTERS.to_string()
                    autocomplete="off"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby="token-name-error"
                />
            </div>
            <button type="submit" class="button button-main" aria-disabled=move || pending.get().then_some("true")>
                "Generate User API Access Token"
            </button>
            <p id="token-name-error" class="field-error" role="alert">{move || error.get()}</p>
        </form>
    }
}

impl Fresh {
    fn new(row: TokenRow, secret: TokenSecret) -> Self {
        Self {
            row,
            secret: StoredValue::new(secret),
            shown: RwSignal::new(false),
            copied: RwSignal::new(false),
        }
    }
}

fn name_in(form: &web_sys::HtmlFormElement) -> Option<String> {
    web_sys::FormData::new_with_form(form)
        .ok()?
        .get("name")
        .as_string()
}

/// Hides what is revealed when nobody can be looking, forgets it when the page is left, and asks once before a token
/// that was never copied is lost.
fn guard(fresh: RwSignal<Vec<Fresh>>) {
    Effect::new(move |_| {
        let hide_all = move || {
            fresh.with_untracked(|fresh| fresh.iter().for_each(|token| token.shown.set(false)))
        };
        let forget_all = move || fresh.set(Vec::new());
        // The page listens for as long as it lives, so nothing of this is taken back.
        window_event_listener(ev::keydown, move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                hide_all();
            }
        });
        window_event_listener_untyped("pagehide", move |_| forget_all());
        window_event_listener_untyped("beforeunload", move |event| {
            let lost = fresh
                .with_untracked(|fresh| fresh.iter().any(|token| !token.copied.get_untracked()));
            if lost {
                event.prevent_default();
            }
        });
        let waiting = StoredValue::new(None::<TimeoutHandle>);
        let on_visibility = move |_| {
            if let Some(timeout) = waiting.get_value() {
                timeout.clear();
            }
            let hidden = document().visibility_state() == web_sys::VisibilityState::Hidden;
            waiting.set_value(
                hidden
                    .then(|| set_timeout_with_handle(hide_all, HIDDEN_TAB).ok())
                    .flatten(),
            );
        };
        // The event is sent to the document and bubbles to the window.
        window_event_listener_untyped("visibilitychange", on_visibility);
        browser::on_sign_out(SIGN_OUT_CHANNEL, move || {
            forget_all();
            // The server decides what this tab may still see.
            let _ = window().location().reload();
        })
    });
}
