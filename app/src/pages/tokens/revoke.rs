//! Revoking one token or several: the dialogs that ask for confirmation, and the form that sends the selected tokens.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[cfg(feature = "ssr")]
use crate::{
    error::UiError,
    request::{self, parameters::token_id},
};
use crate::{
    model::tokens::user_token::{TokenRow, masked},
    ui::{
        dialog::ask::Ask,
        form::hidden::hidden_fields,
        isolated::Isolated,
        list::{listing::counted, place::ListPlace},
        token_row::LastUsed,
    },
};

/// The id of the form that is sent the selected tokens.
pub const SELECTED: &str = "many";

/// The dialog that the address opens: revoke one token, or the selected tokens.
#[derive(Debug, Clone, Default)]
pub struct RevokeAsked {
    /// The id of the one token.
    pub one: Option<String>,
    /// Whether to revoke the selected tokens.
    pub is_many: bool,
    selected: Vec<String>,
}

impl RevokeAsked {
    /// Parses the URL of the current page.
    #[must_use]
    pub fn read() -> Self {
        use_query_map().with_untracked(|query| Self {
            one: query.get("revoke"),
            is_many: query.get("ask").is_some(),
            selected: query.get_all("id").unwrap_or_default(),
        })
    }

    /// The selected tokens among these.
    #[must_use]
    pub fn selected_of(&self, rows: &[TokenRow]) -> Vec<TokenRow> {
        let is_selected = |row: &&TokenRow| self.selected.contains(&row.token.id.to_string());
        rows.iter().filter(is_selected).cloned().collect()
    }
}

/// The button that asks to revoke the selected tokens.
#[component]
pub fn RevokeSelected(
    /// The parsed URL of the list.
    place: ListPlace,
) -> impl IntoView {
    let state = hidden_fields(place.fields());
    view! {
        <form id=SELECTED method="get" action=place.path class="form-line space-above">
            {state}
            <input type="hidden" name="ask" value="many" />
            <button type="submit" class="button button-danger" id="revoke-many">"Revoke selected"</button>
        </form>
    }
}

/// Asks for confirmation before a token is revoked, with its name and last use.
#[component]
pub fn AskRevoke(
    /// The token.
    row: TokenRow,
    /// URL of the page without the dialog.
    #[prop(into)]
    here: String,
    /// URL that the form is posted to.
    action: &'static str,
) -> impl IntoView {
    let id = row.token.id.to_string();
    view! {
        <Ask
            heading=format!("Revoke {}?", row.title())
            here
            return_to=format!("revoke-{id}")
            action
            fields=vec![("id", id)]
            button="Revoke"
            cancel="Keep it"
        >
            <p>"Every call that uses it is rejected from then on. This cannot be undone."</p>
            <dl class="definitions">
                <div><dt>"Token"</dt><dd><code>{masked(&row.token.prefix, &row.token.last4)}</code></dd></div>
                <div><dt>"Owner"</dt><dd><Isolated text=row.owner_name.clone() /></dd></div>
                <div><dt>"Last used"</dt><dd><LastUsed token=row.token.clone() now=row.now /></dd></div>
            </dl>
        </Ask>
    }
}

/// Asks for confirmation before the selected tokens are revoked.
#[component]
pub fn AskRevokeSelected(
    /// The selected tokens.
    selected: Vec<TokenRow>,
    /// URL of the page without the dialog.
    here: String,
    /// URL that the form is posted to.
    action: &'static str,
) -> impl IntoView {
    if selected.is_empty() {
        return view! {
            <p class="banner banner-error" role="alert">"No token is selected. Select the tokens to revoke."</p>
        }
        .into_any();
    }
    let count = i64::try_from(selected.len()).unwrap_or(i64::MAX);
    let items = selected
        .iter()
        .map(|row| {
            let text = masked(&row.token.prefix, &row.token.last4);
            view! { <li><Isolated text=row.title() /> " " <code>{text}</code> " of " <Isolated text=row.owner_name.clone() /></li> }
        })
        .collect_view();
    let fields = selected
        .iter()
        .map(|row| ("ids[]", row.token.id.to_string()))
        .collect();
    view! {
        <Ask
            heading=format!("Revoke {}?", counted(count, "token", "tokens"))
            here
            return_to="revoke-many".to_owned()
            action
            fields
            button="Revoke them"
            cancel="Keep them"
        >
            <p>"Every call that uses one of them is rejected from then on. This cannot be undone."</p>
            <ul class="places">{items}</ul>
        </Ask>
    }
    .into_any()
}

/// Revokes the token of a form on a page.
///
/// # Errors
/// [`UiError::NotFound`], also for a token that the user may not read.
#[cfg(feature = "ssr")]
pub(crate) async fn revoke_one(id: &str, page: &'static str) -> Result<(), UiError> {
    let (service, caller) = request::signed_in()?;
    let done = service.tokens().revoke(&caller, token_id(id)?).await;
    request::Form::on("revoke", page)
        .saying("The token is revoked.")
        .ends(request::report(done))
}

/// Revokes the selected tokens of a form on a page, one after the other. Tokens that have ended stay as they are.
///
/// # Errors
/// As [`revoke_one`].
#[cfg(feature = "ssr")]
pub(crate) async fn revoke_selected(ids: &[String], page: &'static str) -> Result<(), UiError> {
    let (service, caller) = request::signed_in()?;
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let revoked = counted(count, "token is", "tokens are");
    let done = async {
        for id in ids {
            let done = service.tokens().revoke(&caller, token_id(id)?).await;
            request::report(done)?;
        }
        Ok(())
    };
    request::Form::on("revoke", page)
        .saying(format!("{revoked} revoked."))
        .ends(done.await)
}
