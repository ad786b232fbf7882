//! `/access-tokens/{id}/secret`: the secret of an access token without scripts.

use leptos::prelude::*;

use crate::{
    model::{platform::paths::ACCESS_TOKENS, tokens::access_token::AccessTokenRow},
    pages::{
        platform::frame::Frame,
        tokens::org_tokens::{detail::find_access_token, secret::reveal_access_token},
    },
    ui::{
        page::{
            failure::Failure,
            head::{PageHead, step},
            load::id_in_path,
            navigation::Section,
        },
        secret::plain::PlainSecret,
    },
};

/// The secret of an access token without scripts.
#[component]
pub fn AccessTokenSecretPage() -> impl IntoView {
    let id = id_in_path();
    view! {
        <Frame title="Secret" section=Section::AccessTokens>
            {Suspend::new(async move {
                match (find_access_token(id.clone()).await, reveal_access_token(id).await) {
                    (Ok(token), Ok(secret)) => view! { <Secret row=token.row secret /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => view! { <Failure error /> }.into_any(),
                }
            })}
        </Frame>
    }
}

#[component]
fn Secret(row: AccessTokenRow, secret: String) -> impl IntoView {
    let page = format!("{ACCESS_TOKENS}/{}", row.id);
    view! {
        <PageHead title=format!("Secret of {}", row.name) breadcrumbs=vec![step(ACCESS_TOKENS, "Access tokens"), step(&page, &row.name)] />
        <section class="panel new-secret">
            <PlainSecret secret label="Secret of the access token" show="Show secret" />
            <p><a href=page>"Back to the token"</a></p>
        </section>
    }
}
