//! A secret on a page: masked until it is shown, copied without being shown, hidden by a button or a timer.
//!
//! Start with [`SecretBox`]. [`state`] holds the secret or fetches it, `revealed` shows it, `status` reports copies.
//! May use the rest of `ui`, and `model`.

pub mod copy;
pub(crate) mod guard;
pub mod plain;
pub mod revealed;
pub mod snippet;
pub mod state;
mod status;

use leptos::{
    ev::{MouseEvent, SubmitEvent},
    html::{Button, Div, Input},
    prelude::*,
    task::spawn_local,
    web_sys::HtmlTextAreaElement,
};
use revealed::{Revealed, RevealedProps};
use state::SecretState;
use status::{Status, StatusLine};

use crate::{error::UiError, ui::browser};

/// A secret with the buttons Show or Hide, and Copy; below, snippets that contain it, each with its own Copy.
#[component]
pub(crate) fn SecretBox(
    /// The secret.
    secret: SecretState,
    /// What it looks like while it is hidden.
    mask: String,
    /// Accessible name of the field that shows it.
    label: &'static str,
    /// Label of the button that shows it.
    show: &'static str,
    /// The page that shows the secret when scripts do not run.
    #[prop(optional, into)]
    plain_page: Option<String>,
    /// HTML of [`snippet::Snippets`], with the mask in place of the secret.
    #[prop(optional)]
    snippets: String,
) -> impl IntoView {
    let parts = Parts::new(secret, mask, label);
    Effect::new(move |_| parts.follow_visibility());
    let SecretState { shown, .. } = secret;
    let status = parts.status;
    view! {
        <div
            node_ref=parts.whole
            on:click=move |event| parts.copy_snippet(&event)
            on:copy=move |_| parts.note_copy_by_hand()
        >
            {move || parts.text()}
            <div class="new-secret-actions">
                // One button for Show and Hide keeps the keyboard focus.
                <form method="get" action=plain_page on:submit=move |event| parts.toggle(&event)>
                    <button node_ref=parts.button type="submit" class="button">
                        {move || if shown.get() { "Hide" } else { show }}
                    </button>
                </form>
                <button type="button" class="button needs-scripts" on:click=move |_| parts.copy(None)>
                    {move || status.copy_label()}
                </button>
                <span class="new-secret-status" role="status">{move || status.text(shown.get())}</span>
            </div>
            <div inner_html=snippets></div>
        </div>
    }
}

/// The elements of the box and their state. Copies share one state.
#[derive(Clone, Copy)]
struct Parts {
    secret: SecretState,
    mask: StoredValue<String>,
    label: &'static str,
    status: StatusLine,
    whole: NodeRef<Div>,
    button: NodeRef<Button>,
    field: NodeRef<Input>,
}

impl Parts {
    fn new(secret: SecretState, mask: String, label: &'static str) -> Self {
        Self {
            secret,
            mask: StoredValue::new(mask),
            label,
            status: StatusLine::new(),
            whole: NodeRef::new(),
            button: NodeRef::new(),
            field: NodeRef::new(),
        }
    }

    /// The secret while it is shown, else the mask.
    fn text(self) -> AnyView {
        let Some(secret) = self.secret.shown_text() else {
            let mask = self.mask.get_value();
            return view! { <code class="new-secret-mask">{mask}</code> }.into_any();
        };
        Revealed(RevealedProps {
            secret: secret.reveal().to_owned(),
            label: self.label,
            field: self.field,
            toggle: self.button,
            shown: self.secret.shown,
        })
        .into_any()
    }

    fn toggle(self, event: &SubmitEvent) {
        event.prevent_default();
        if self.secret.shown.get_untracked() {
            self.secret.shown.set(false);
            return;
        }
        spawn_local(async move {
            match self.secret.obtain().await {
                Ok(text) => {
                    self.status.set(Status::Empty);
                    self.secret.show(text);
                }
                Err(error) => self.fail(error),
            }
        });
    }

    /// Shows the error. Leads to the page that asks for the password, if it is needed, and back.
    fn fail(self, error: UiError) {
        if error == UiError::PasswordNeeded {
            browser::go_confirm();
        }
        self.status.set(Status::Failed(error));
    }

    /// Copies the secret, or this snippet with the secret in it.
    fn copy(self, snippet: Option<HtmlTextAreaElement>) {
        spawn_local(async move {
            let secret = match self.secret.obtain().await {
                Ok(secret) => secret,
                Err(error) => return self.fail(error),
            };
            let (text, done) = match &snippet {
                Some(area) => (
                    snippet::filled(area, &self.mask.get_value(), secret.reveal()),
                    Status::CopiedOtherwise,
                ),
                None => (secret.reveal().to_owned(), Status::Copied),
            };
            if browser::copy(&text).await {
                self.secret.copied.set(true);
                self.status.set_briefly(done);
            } else {
                self.secret.show(secret);
                self.status.set(Status::PressCtrlC);
                self.select_when_drawn(snippet);
            }
        });
    }

    fn copy_snippet(self, event: &MouseEvent) {
        if let Some(snippet) = snippet::pressed(event) {
            self.copy(Some(snippet));
        }
    }

    fn note_copy_by_hand(self) {
        if self.secret.shown.get_untracked() {
            self.secret.copied.set(true);
            self.status.set_briefly(Status::CopiedOtherwise);
        }
    }

    /// Writes the secret into the snippets while it is shown, and the mask after that.
    fn follow_visibility(self) {
        self.secret.drop_if_hidden();
        let shown = self.secret.shown_text();
        let mask = self.mask.get_value();
        let text = shown.as_ref().map_or(&*mask, |secret| secret.reveal());
        snippet::show(self.whole, &mask, text);
    }

    fn select_when_drawn(self, snippet: Option<HtmlTextAreaElement>) {
        request_animation_frame(move || {
            if let Some(snippet) = snippet {
                let _ = snippet.focus();
                snippet.select();
            } else if let Some(field) = self.field.get_untracked() {
                // Without the focus the text is still selected.
                let _ = field.focus();
                field.select();
            }
        });
    }
}
