//! All user tokens, as administrators look for them.

use domain::{
    actor::Caller,
    timestamp::Timestamp,
    token::{TokenDigest, TokenKind, TokenState},
};
use service::{Service, TokenView};

use super::{page_of, token_id, told};
use crate::{
    error::UiError,
    pages::tokens::{TokenList, TokenQuery},
    ui::token_row::TokenRow,
};

/// A page of the tokens that are asked for.
pub(crate) fn list(found: Vec<TokenView>, now: Timestamp, query: &TokenQuery) -> TokenList {
    let mut rows: Vec<_> = found
        .into_iter()
        .map(TokenRow::from)
        .filter(|row| is_found(row, &query.search) && is_meant(row, now, query))
        .collect();
    let (field, descends) = query
        .sort
        .strip_prefix('-')
        .map_or((query.sort.as_str(), false), |field| (field, true));
    rows.sort_by_key(|row| (row.token.created_at, row.token.id));
    match field {
        "used" => rows.sort_by_key(|row| row.token.last_used.as_ref().map(|used| used.at)),
        "ends" => rows.sort_by_key(|row| row.token.expires_at),
        "owner" => rows.sort_by_key(|row| row.owner_name.to_lowercase()),
        "name" => rows.sort_by_key(|row| row.title().to_lowercase()),
        _ => {}
    }
    if descends {
        rows.reverse();
    }
    let (count, rows) = page_of(rows, query.page);
    TokenList { count, rows }
}

/// Whether what is searched for is in the token's name, its owner's, or its last four.
fn is_found(row: &TokenRow, search: &str) -> bool {
    let search = search.to_lowercase();
    [
        &row.token.name,
        &row.owner_name,
        &row.owner_email,
        &row.token.last4,
    ]
    .into_iter()
    .any(|text| text.to_lowercase().contains(&search))
}

fn is_meant(row: &TokenRow, now: Timestamp, query: &TokenQuery) -> bool {
    let live = row.state == TokenState::Active;
    let before = |days: &str| days.parse().map(|days: i64| now.plus_days(-days)).ok();
    let used_at = row.token.last_used.as_ref().map(|used| used.at);
    (match query.state.as_str() {
        "live" => live,
        "ended" => !live,
        _ => true,
    }) && (match query.kind.as_str() {
        "ui" => row.token.kind == TokenKind::Ui,
        "api" => row.token.kind == TokenKind::ApiSession,
        _ => true,
    }) && before(&query.age).is_none_or(|moment| row.token.created_at < moment)
        && (match query.unused.as_str() {
            "never" => used_at.is_none(),
            // One that is younger could not have been used for as long.
            days => {
                before(days).is_none_or(|moment| used_at.unwrap_or(row.token.created_at) < moment)
            }
        })
}

/// A digest as the browser writes it.
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

/// Revokes these tokens, one after the other.
pub(crate) async fn revoke_all(
    service: &Service,
    caller: &Caller,
    ids: &[String],
) -> Result<(), UiError> {
    for id in ids {
        told(service.revoke_token(caller, token_id(id)?).await)?;
    }
    Ok(())
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
