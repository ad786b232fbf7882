//! When and why a token ended, in words for its holder (docs/contract.md#authentication).

use crate::{platform::timestamp::Timestamp, tokens::token::TokenState};

/// When and why a token ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenEnd {
    /// When it ended.
    pub at: Timestamp,
    /// Its state since then.
    pub state: TokenState,
    /// Who revoked it; `None` for another state, and when the audit log no longer has the event.
    pub by: Option<Revoker>,
}

/// Who revoked a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revoker {
    /// Its owner.
    Owner,
    /// An administrator.
    Administrator,
}

impl TokenEnd {
    /// The end in words: `revoked by an administrator 3 days ago`. Printable ASCII without quotes and backslashes, as
    /// RFC 6750 requires of an `error_description`.
    #[must_use]
    pub fn words(self, now: Timestamp) -> String {
        let what = match (self.state, self.by) {
            (TokenState::Active, _) => return "not accepted for this call".to_owned(),
            (TokenState::Expired, _) => "expired",
            (TokenState::Revoked, Some(Revoker::Owner)) => "revoked by you",
            (TokenState::Revoked, Some(Revoker::Administrator)) => "revoked by an administrator",
            (TokenState::Revoked, None) => "revoked",
            (TokenState::LoggedOut, _) => "ended by sign-out",
            (TokenState::Disabled, _) => "disabled",
            (TokenState::Rotated, _) => "rotated",
            (TokenState::Deleted, _) => "deleted",
        };
        format!("{what} {}", self.at.min(now).relative_to(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_is_in_words_that_a_header_may_have() {
        let now = Timestamp::from_millis(1_798_034_709_123);
        let words = |state, by, days: i64| {
            let at = now.plus_days(-days);
            TokenEnd { at, state, by }.words(now)
        };
        assert_eq!(words(TokenState::Expired, None, 3), "expired 3 days ago");
        assert_eq!(
            words(TokenState::Revoked, Some(Revoker::Owner), 0),
            "revoked by you now"
        );
        assert_eq!(
            words(TokenState::Disabled, None, -1),
            "disabled now",
            "by a clock that is ahead"
        );
        for state in [
            TokenState::Active,
            TokenState::Expired,
            TokenState::Revoked,
            TokenState::LoggedOut,
            TokenState::Disabled,
            TokenState::Rotated,
            TokenState::Deleted,
        ] {
            for by in [None, Some(Revoker::Owner), Some(Revoker::Administrator)] {
                let words = words(state, by, 800);
                let is_allowed =
                    |byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
                assert!(words.bytes().all(is_allowed), "{words}");
            }
        }
    }
}
