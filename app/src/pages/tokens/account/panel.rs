//! The token panel of Account Settings: the form that generates a token, the tokens just generated, and the list.
//!
//! One island, so that a secret goes from the response straight into the memory of this page and nowhere else: not into
//! page data, storage or a URL.

use leptos::{
    ev::SubmitEvent,
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{FormData, HtmlFormElement},
};

use crate::{
    model::{
        platform::{
            form_tokens::{FORM_TOKEN, IDEMPOTENCY_KEY},
            paths::ACCOUNT,
        },
        tokens::user_token::{GeneratedToken, TokenRow},
    },
    pages::{
        platform::sign_out::SIGN_OUT_CHANNEL,
        tokens::{
            account::actions::{GenerateToken, generate_token},
            revoke::SELECTED,
        },
    },
    ui::{
        list::listing::{NoMatch, Noun, counted},
        page::empty::Empty,
        secret::{SecretBox, guard::guard, state::SecretState},
        time::Day,
        token_row::{TokenTable, end_of},
    },
};

/// Singular and plural of what the list contains.
pub(crate) const TOKENS: Noun = ("token", "tokens");

/// The token panel, below its heading.
#[island]
pub(crate) fn TokenPanel(
    /// A page of the user's tokens.
    rows: Vec<TokenRow>,
    /// Number of tokens on all pages.
    count: i64,
    /// Whether tokens can be selected to revoke several.
    can_select: bool,
    /// Whether the list is searched or filtered.
    is_narrowed: bool,
    /// A rejected name, to be corrected.
    kept: String,
    /// Why it was rejected.
    rejection: Option<String>,
    /// The token of the form that generates a token, for browsers without scripts.
    form_token: String,
    /// The idempotency key of that form.
    form_key: String,
    /// The search form of the list.
    children: Children,
) -> impl IntoView {
    let ticks = if can_select { SELECTED } else { "" };
    let panel = PanelState::new(rows, rejection);
    panel.guard();
    view! {
        <GenerateForm panel kept form_token form_key />
        <div class="new-secret-list">
            <For each=move || panel.generated.get() key=|token| token.row.token.id let:token>
                <Generated token />
            </For>
        </div>
        <h3>"My tokens " <span class="quiet">{move || panel.counted(count)}</span></h3>
        {children()}
        {move || {
            let rows = panel.rows.get();
            if rows.is_empty() && is_narrowed {
                view! { <NoMatch path=ACCOUNT.to_owned() noun=TOKENS /> }.into_any()
            } else if rows.is_empty() {
                view! { <Empty title="No tokens yet">"The first token you generate appears here."</Empty> }.into_any()
            } else {
                view! { <TokenTable rows page=ACCOUNT ticks /> }.into_any()
            }
        }}
    }
}

#[component]
fn GenerateForm(
    panel: PanelState,
    kept: String,
    form_token: String,
    form_key: String,
) -> impl IntoView {
    let PanelState { pending, error, .. } = panel;
    view! {
        <form method="post" action=GenerateToken::url() class="generate" on:submit=move |event| panel.submit(&event)>
            <input type="hidden" name=FORM_TOKEN value=form_token />
            <input type="hidden" name=IDEMPOTENCY_KEY value=form_key />
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

/// A token that was just generated, with its secret.
#[component]
fn Generated(token: PanelToken) -> impl IntoView {
    let PanelToken {
        row,
        secret,
        snippets,
    } = token;
    let title = row.title();
    let mask = row.mask();
    let (end_words, end) = end_of(&row.token, row.state);
    let heading_id = format!("fresh-{}", row.token.id);
    view! {
        <section class="new-secret" aria-labelledby=heading_id.clone()>
            <h3 class="new-secret-title" id=heading_id.clone()>{title}</h3>
            <p class="new-secret-expiry">"Expires " {end_words} " " <Day at=end /></p>
            <SecretBox secret mask label="User API access token" show="Show User API Access Token" snippets />
        </section>
    }
}

/// A token that this page generated and can show. Copies share one secret.
#[derive(Clone)]
struct PanelToken {
    row: TokenRow,
    secret: SecretState,
    /// HTML of the snippets, with the mask in place of the secret.
    snippets: String,
}

impl PanelToken {
    fn was_copied(&self) -> bool {
        self.secret.copied.get_untracked()
    }
}

/// The state of the panel. Copies share it.
#[derive(Clone, Copy)]
struct PanelState {
    rows: RwSignal<Vec<TokenRow>>,
    generated: RwSignal<Vec<PanelToken>>,
    pending: RwSignal<bool>,
    error: RwSignal<Option<String>>,
}

impl PanelState {
    fn new(rows: Vec<TokenRow>, rejection: Option<String>) -> Self {
        Self {
            rows: RwSignal::new(rows),
            generated: RwSignal::new(Vec::new()),
            pending: RwSignal::new(false),
            error: RwSignal::new(rejection),
        }
    }

    /// Hides the secrets in a hidden tab, drops them when the page is left, and warns about one that was not copied.
    fn guard(self) {
        let generated = self.generated;
        guard(
            SIGN_OUT_CHANNEL,
            move || {
                generated.with_untracked(|tokens| {
                    tokens
                        .iter()
                        .for_each(|token| token.secret.shown.set(false))
                })
            },
            move || {
                generated
                    .with_untracked(|tokens| tokens.iter().for_each(|token| token.secret.forget()));
                generated.set(Vec::new());
            },
            move || generated.with_untracked(|tokens| !tokens.iter().all(PanelToken::was_copied)),
        );
    }

    /// The number of tokens, those generated on this page included.
    fn counted(self, listed: i64) -> String {
        let added = self.generated.with(Vec::len);
        counted(
            listed + i64::try_from(added).unwrap_or(0),
            TOKENS.0,
            TOKENS.1,
        )
    }

    fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        let form = event.target().and_then(|target| target.dyn_into().ok());
        // An action would keep its last response, and the secret in it, as long as the page is open.
        spawn_local(async move {
            self.generate(form).await;
            self.pending.set(false);
        });
    }

    async fn generate(self, form: Option<HtmlFormElement>) {
        let name = form.as_ref().and_then(name_in).unwrap_or_default();
        match generate_token(name).await {
            Ok(Some(token)) => {
                self.error.set(None);
                if let Some(form) = form {
                    form.reset();
                }
                self.add(token);
            }
            Ok(None) => {}
            Err(error) => self.error.set(Some(error.to_string())),
        }
    }

    fn add(self, token: GeneratedToken) {
        let GeneratedToken {
            row,
            secret,
            snippets,
        } = token;
        let generated = PanelToken {
            row: row.clone(),
            secret: SecretState::held(secret),
            snippets,
        };
        self.rows.update(|rows| rows.insert(0, row));
        self.generated.update(|tokens| tokens.insert(0, generated));
    }
}

fn name_in(form: &HtmlFormElement) -> Option<String> {
    FormData::new_with_form(form).ok()?.get("name").as_string()
}
