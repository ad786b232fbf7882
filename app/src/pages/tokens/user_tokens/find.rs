//! Finds the owner of a leaked token: the browser computes the digest of its text, and the text is never sent.

use leptos::{
    ev::SubmitEvent,
    html::Input,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::js_sys::{ArrayBuffer, Uint8Array},
};
use wasm_bindgen_futures::JsFuture;

use crate::error::UiError;

/// The form that finds a token by its text.
#[island]
pub(crate) fn FindToken() -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let said = RwSignal::new(String::new());
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = field.get_untracked().map(|field| {
            let text = field.value();
            // The secret is not kept in the document.
            field.set_value("");
            text
        });
        spawn_local(async move {
            match find(text.unwrap_or_default().trim()).await {
                Ok(page) => drop(window().location().set_href(&page)),
                Err(words) => said.set(words),
            }
        });
    };
    view! {
        <details class="disclosure find-token needs-scripts">
            <summary>"Find a token's owner"</summary>
            <form class="form-line" on:submit=on_submit>
                <div class="field">
                    <label for="found-token">"Text of a token"</label>
                    <input
                        node_ref=field
                        id="found-token"
                        type="password"
                        autocomplete="off"
                        spellcheck="false"
                        aria-describedby="found-token-hint found-token-said"
                    />
                </div>
                <button type="submit" class="button">"Find"</button>
            </form>
            <p class="hint" id="found-token-hint">"Only its digest leaves this browser."</p>
            <p class="field-error" id="found-token-said" role="alert">{said}</p>
        </details>
    }
}

/// The URL of the token with this text, or an error message.
async fn find(text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err("Paste the text of a token first.".to_owned());
    }
    let digest = digest(text).await.map_err(|_| {
        "This browser computes digests only on HTTPS and on localhost. On the command line, use countersign token revoke.".to_owned()
    })?;
    match find_token_page(digest).await {
        Ok(Some(page)) => Ok(page),
        Ok(None) => Err("No user token has this text.".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The SHA-256 of a text, in hexadecimal.
async fn digest(text: &str) -> Result<String, JsValue> {
    let subtle = window().crypto()?.subtle();
    // The binding always returns a value, which is `undefined` on plain http.
    if subtle.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    let promise = subtle.digest_with_str_and_u8_array("SHA-256", text.as_bytes())?;
    let buffer: ArrayBuffer = JsFuture::from(promise).await?.dyn_into()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The URL of the user token with this digest.
///
/// # Errors
/// [`UiError::Denied`] for a caller who is not an administrator.
#[server(prefix = "/ui", endpoint = "token/by-digest")]
pub async fn find_token_page(
    /// The SHA-256 of its text, in hexadecimal.
    digest: String,
) -> Result<Option<String>, UiError> {
    use crate::{model::platform::paths::USER_TOKENS, pages::tokens::user_tokens::server, request};
    let (service, caller) = request::signed_in()?;
    let Some(digest) = server::digest(&digest) else {
        return Ok(None);
    };
    let found = request::report(service.tokens().find_by_digest(&caller, &digest).await)?;
    Ok(found.map(|view| format!("{USER_TOKENS}/{}", view.token.id)))
}
