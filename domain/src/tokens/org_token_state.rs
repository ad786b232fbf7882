//! The state of an org token and of its secrets: whether they are live, and why not. The list of org tokens in `store`
//! states the same rule in SQL; a test compares both.

use crate::{
    platform::timestamp::Timestamp,
    tokens::token::{TokenState, first_cause},
};

/// What can end an org token, or one of its secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgTokenEnds {
    /// When an administrator disabled it; `None` while it is enabled.
    pub disabled_at: Option<Timestamp>,
    /// The time from which it is expired.
    pub expires_at: Timestamp,
    /// The time from which the secret is dead because a rotation replaced it; `None` for the token itself.
    pub replaced_at: Option<Timestamp>,
}

impl OrgTokenEnds {
    /// The state at `now`. What ended it first is the state: a token that is disabled and then expires stays disabled.
    #[must_use]
    pub fn state_at(self, now: Timestamp) -> TokenState {
        self.end_at(now)
            .map_or(TokenState::Active, |(_, state)| state)
    }

    /// When it ended, and its state since; `None` while it is live.
    #[must_use]
    pub fn end_at(self, now: Timestamp) -> Option<(Timestamp, TokenState)> {
        // Disabling takes effect at once, even when the clock of the node that disabled it was ahead.
        let disabled_at = self.disabled_at.map(|at| at.min(now));
        let passed = |at: Option<Timestamp>| at.filter(|at| *at <= now);
        first_cause([
            passed(Some(self.expires_at)).map(|at| (at, TokenState::Expired)),
            passed(self.replaced_at).map(|at| (at, TokenState::Rotated)),
            disabled_at.map(|at| (at, TokenState::Disabled)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ends(disabled_at: Option<i64>, expires_at: i64, replaced_at: Option<i64>) -> OrgTokenEnds {
        OrgTokenEnds {
            disabled_at: disabled_at.map(Timestamp::from_micros),
            expires_at: Timestamp::from_micros(expires_at),
            replaced_at: replaced_at.map(Timestamp::from_micros),
        }
    }

    #[test]
    fn the_first_cause_is_the_state() {
        let check = |ends: OrgTokenEnds, now, expected| {
            assert_eq!(
                ends.state_at(Timestamp::from_micros(now)),
                expected,
                "{ends:?} at {now}"
            );
        };
        check(ends(None, 100, None), 99, TokenState::Active);
        check(ends(None, 100, None), 100, TokenState::Expired);
        check(ends(Some(50), 100, None), 99, TokenState::Disabled);
        check(ends(Some(50), 100, None), 200, TokenState::Disabled);
        check(ends(Some(150), 100, None), 200, TokenState::Expired);
        check(ends(None, 100, Some(50)), 50, TokenState::Rotated);
        check(ends(None, 100, Some(50)), 200, TokenState::Rotated);
        check(ends(Some(40), 100, Some(50)), 200, TokenState::Disabled);
        check(ends(None, 100, Some(100)), 200, TokenState::Expired);
    }

    #[test]
    fn a_token_disabled_by_a_node_whose_clock_is_ahead_is_dead_at_once() {
        let ahead = ends(Some(500), 1_000, None);
        assert_eq!(
            ahead.state_at(Timestamp::from_micros(10)),
            TokenState::Disabled
        );
    }

    proptest! {
        #[test]
        fn what_is_dead_stays_dead_for_the_same_reason(
            disabled in proptest::option::of(0_i64..100), expires in 0_i64..100, replaced in proptest::option::of(0_i64..100),
            now in 0_i64..100, later in 0_i64..100,
        ) {
            prop_assume!(disabled.is_none_or(|at| at <= now));
            let ends = ends(disabled, expires, replaced);
            let before = ends.state_at(Timestamp::from_micros(now));
            prop_assume!(before != TokenState::Active);
            prop_assert_eq!(ends.state_at(Timestamp::from_micros(now + later)), before);
        }
    }
}
