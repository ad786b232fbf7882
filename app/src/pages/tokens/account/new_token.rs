//! `/account/token`: shows a token once that was generated without scripts.

use leptos::prelude::*;

use crate::{
    error::UiError,
    model::tokens::user_token::{GeneratedToken, Snippet},
    pages::platform::frame::Frame,
    ui::{
        page::{
            empty::Empty,
            failure::Failure,
            head::{PageHead, step},
            navigation::Section,
        },
        secret::plain::PlainSecret,
        token_row::Ends,
    },
};

/// The new token, or a note that it cannot be shown again.
#[component]
pub fn FreshTokenPage() -> impl IntoView {
    view! {
        <Frame title="Your new token" section=Section::Account>
            <PageHead title="Your new token" breadcrumbs=vec![step("/account", "Account Settings")] />
            {Suspend::new(async move {
                match open_fresh_token().await {
                    Ok(Some((generated, snippets))) => view! { <Shown generated snippets /> }.into_any(),
                    Ok(None) => view! { <AlreadyShown /> }.into_any(),
                    Err(error) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Shown(generated: GeneratedToken, snippets: Vec<Snippet>) -> impl IntoView {
    let row = generated.row;
    view! {
        <section class="panel new-secret">
            <h2 class="new-secret-title">{row.title()}</h2>
            <p class="new-secret-expiry">"It expires " <Ends token=row.token.clone() state=row.state now=row.now /> "."</p>
            <p>"This page shows it once. Keep a copy where secrets belong before you leave or reload; you can always generate another."</p>
            <PlainSecret
                secret=generated.secret.reveal().to_owned()
                label="User API access token"
                show="Show User API Access Token"
                snippets
            />
            <p><a href="/account">"Back to Account Settings"</a></p>
        </section>
    }
}

#[component]
fn AlreadyShown() -> impl IntoView {
    view! {
        <Empty title="This token cannot be seen again">
            <p>"A token is shown once, right after it is generated. It still works if you kept a copy; if not, generate another."</p>
            <p><a href="/account">"Back to Account Settings"</a></p>
        </Empty>
    }
}

/// Returns the token that the previous form generated, once.
///
/// # Errors
/// [`UiError::SignedOut`] when the caller is not signed in.
#[server(prefix = "/ui", endpoint = "token/open")]
pub async fn open_fresh_token() -> Result<Option<(GeneratedToken, Vec<Snippet>)>, UiError> {
    use crate::request;
    let (service, caller) = request::signed_in()?;
    let Some(encrypted) = request::take_reveal() else {
        return Ok(None);
    };
    let opened = request::report(service.tokens().decrypt_reveal(&caller, &encrypted).await)?;
    Ok(opened.map(|issued| {
        crate::pages::tokens::account::server::new_token_with_snippets(&caller, &issued)
    }))
}
