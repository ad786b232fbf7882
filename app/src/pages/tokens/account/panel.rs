//! Where tokens are made: the form, the tokens just made, and the list they join. One island, so that a secret goes from
//! the answer straight into the memory of this page and nowhere else: not into page data, storage or an address.

use leptos::{
    ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local, wasm_bindgen::JsCast,
    web_sys,
};

use crate::pages::platform::sign_out::SIGN_OUT_CHANNEL;
use crate::{
    model::tokens::user_token::TokenRow,
    pages::tokens::account::actions::{GenerateToken, generate_token},
    ui::{
        empty::Empty,
        guard::guard,
        moment::Day,
        secret::{Held, SecretBox},
        token_row::{TokenTable, end_of},
    },
};

/// A token this page made and can show. Copies share one state.
#[derive(Clone)]
pub struct Fresh {
    /// The token.
    pub row: TokenRow,
    /// Its secret; dropped from memory when the page drops the token.
    pub held: Held,
    /// Ready ways to use it, with its mask.
    pub snippets: String,
}

/// The token panel of Account Settings, below its heading.
#[island]
pub(crate) fn TokenDesk(
    /// The user's tokens, newest first.
    rows: Vec<TokenRow>,
    /// A rejected name, to be corrected.
    kept: String,
    /// Why it was rejected.
    refusal: Option<String>,
) -> impl IntoView {
    let rows = RwSignal::new(rows);
    let fresh = RwSignal::new(Vec::<Fresh>::new());
    let each = move |act: fn(&Fresh)| fresh.with_untracked(|fresh| fresh.iter().for_each(act));
    guard(
        SIGN_OUT_CHANNEL,
        move || each(|token| token.held.shown.set(false)),
        move || fresh.set(Vec::new()),
        move || fresh.with_untracked(|fresh| fresh.iter().any(Fresh::is_lost)),
    );
    view! {
        <GenerateForm rows fresh kept refusal />
        <div class="new-secret-list">
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
                    if let Some((row, secret, snippets)) = generated.into_parts() {
                        rows.update(|rows| rows.insert(0, row.clone()));
                        fresh.update(|fresh| {
                            fresh.insert(
                                0,
                                Fresh {
                                    row,
                                    held: Held::new(secret),
                                    snippets,
                                },
                            )
                        });
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
                    maxlength=domain::platform::limits::NAME_CHARACTERS.to_string()
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
    /// Whether it would be lost with the page: it was never copied.
    fn is_lost(&self) -> bool {
        !self.held.copied.get_untracked()
    }
}

fn name_in(form: &web_sys::HtmlFormElement) -> Option<String> {
    web_sys::FormData::new_with_form(form)
        .ok()?
        .get("name")
        .as_string()
}

/// A token just made, with its secret.
#[component]
fn FreshToken(token: Fresh) -> impl IntoView {
    let Fresh {
        row,
        held,
        snippets,
    } = token;
    let title = row.title();
    let mask = row.mask();
    let (end_words, end) = end_of(&row.token, row.state);
    let heading_id = format!("fresh-{}", row.token.id);
    view! {
        <section class="new-secret" aria-labelledby=heading_id.clone()>
            <h3 class="new-secret-title" id=heading_id.clone()>{title}</h3>
            <p class="new-secret-expiry">"Ends " {end_words} " " <Day at=end /></p>
            <SecretBox held mask label="User API access token" show="Show User API Access Token" snippets />
        </section>
    }
}
