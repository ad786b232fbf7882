//! Reads user tokens: of all users for administrators, and the caller's own.

use domain::{
    identity::{actor::Caller, credential::TokenKind},
    platform::page::Page,
    tokens::token::TokenDigest,
};
use service::{Service, TokenOrder, TokenSearch, TokenView};

use crate::{
    error::UiError,
    model::{
        platform::list::ListPage,
        tokens::user_token::{TokenQuery, TokenRow},
    },
    request::{
        parameters::{self, sorted_by},
        report,
    },
};

/// A page of the tokens that match a query.
pub(crate) async fn list(
    service: &Service,
    caller: &Caller,
    query: &TokenQuery,
) -> Result<ListPage<TokenRow>, UiError> {
    let page = parameters::page(query.page);
    let found = service.tokens().page(caller, &search(query), page).await;
    report(found).map(rows)
}

/// A page of the caller's tokens that match a query.
pub(crate) async fn list_mine(
    service: &Service,
    caller: &Caller,
    query: &TokenQuery,
) -> Result<ListPage<TokenRow>, UiError> {
    let page = parameters::page(query.page);
    let found = service
        .tokens()
        .page_mine(caller, &search(query), page)
        .await;
    report(found).map(rows)
}

fn search(query: &TokenQuery) -> TokenSearch {
    let (field, descending) = sorted_by(&query.sort);
    TokenSearch {
        text: query.search.clone(),
        live: match query.state.as_str() {
            "live" => Some(true),
            "ended" => Some(false),
            _ => None,
        },
        kind: match query.kind.as_str() {
            "ui" => Some(TokenKind::Ui),
            "api" => Some(TokenKind::ApiSession),
            _ => None,
        },
        older_than_days: query.age.parse().ok(),
        never_used: query.unused == "never",
        unused_days: query.unused.parse().ok(),
        order: match field {
            "used" => TokenOrder::Used,
            "ends" => TokenOrder::Ends,
            "owner" => TokenOrder::Owner,
            "name" => TokenOrder::Name,
            _ => TokenOrder::Created,
        },
        descending,
    }
}

fn rows(found: Page<TokenView>) -> ListPage<TokenRow> {
    ListPage {
        count: found.count,
        rows: found.results.into_iter().map(TokenRow::from).collect(),
    }
}

/// Parses a digest in hexadecimal.
pub(crate) fn digest(hex: &str) -> Option<TokenDigest> {
    let hex = hex.as_bytes();
    if hex.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(hex.chunks(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(TokenDigest(digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sixty_four_digits() {
        assert_eq!(digest(&"0f".repeat(32)), Some(TokenDigest([15; 32])));
        for hex in ["", "0f", &"0g".repeat(32), &"é".repeat(32)] {
            assert_eq!(digest(hex), None, "{hex}");
        }
    }
}
