//! Converts new tokens for Account Settings.

use domain::{identity::actor::Caller, tokens::token::TokenState};
use service::IssuedToken;

use crate::{
    model::tokens::{
        secret_text::SecretText,
        user_token::{GeneratedToken, Snippet, TokenRow},
    },
    pages::tokens::snippets,
    request,
};

/// A new token with snippets that contain its mask. A script replaces the mask by the secret.
pub(crate) fn new_token(caller: &Caller, issued: &IssuedToken) -> GeneratedToken {
    let (owner_name, owner_email) = caller
        .user()
        .map(|user| (user.name.clone(), user.email.clone()))
        .unwrap_or_default();
    let row = TokenRow {
        token: issued.token.clone(),
        state: TokenState::Active,
        now: issued.token.created_at,
        owner_name,
        owner_email,
    };
    GeneratedToken {
        secret: SecretText::new(issued.secret.reveal().to_owned()),
        snippets: snippets::to_html(snippets_with(&row.mask())),
        row,
    }
}

/// A new token and snippets that contain its secret, for a page without scripts.
pub(crate) fn new_token_with_snippets(
    caller: &Caller,
    issued: &IssuedToken,
) -> (GeneratedToken, Vec<Snippet>) {
    let snippets = snippets_with(issued.secret.reveal());
    (new_token(caller, issued), snippets)
}

fn snippets_with(text: &str) -> Vec<Snippet> {
    request::current().map_or_else(
        |_| Vec::new(),
        |request| snippets::of_token(&request.public_url, text),
    )
}
