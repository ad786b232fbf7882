//! The form of secrets and the liveness of tokens.

use proptest::prelude::*;

use super::*;

fn secret(family: TokenFamily, random: &[u8; 40]) -> TokenSecret {
    TokenSecret::from_random(family, random).unwrap()
}

#[test]
fn a_secret_does_not_print() {
    let secret = secret(TokenFamily::User, &[7; 40]);
    assert_eq!(format!("{secret:?}"), "TokenSecret(…)");
    assert_eq!(format!("{:?}", TokenDigest([1; 32])), "TokenDigest(…)");
}

#[test]
fn too_few_random_bytes_make_no_secret() {
    assert_eq!(TokenSecret::from_random(TokenFamily::User, &[7; 29]), None);
    assert_eq!(
        TokenSecret::from_random(TokenFamily::User, &[255; 90]),
        None
    );
}

#[test]
fn a_token_is_dead_at_its_expiry_and_not_before() {
    let expires_at = expiry_of(Timestamp::from_millis(1_767_225_600_000));
    assert_eq!(expires_at, Timestamp::from_millis(1_769_817_600_000));
    let state = |now| state_at(expires_at, None, OwnerEnds::default(), now);
    assert_eq!(
        state(Timestamp::from_micros(expires_at.as_micros() - 1)),
        TokenState::Active
    );
    assert_eq!(state(expires_at), TokenState::Expired);
}

#[test]
fn the_first_cause_that_ended_a_token_is_its_state() {
    let expires_at = Timestamp::from_millis(1_000);
    let ended = |at, reason| Some((Timestamp::from_millis(at), reason));
    let off = |disabled: Option<i64>, removed: Option<i64>| OwnerEnds {
        disabled_at: disabled.map(Timestamp::from_millis),
        removed_at: removed.map(Timestamp::from_millis),
    };
    let active = OwnerEnds::default();
    for (ended, owner, now, expected) in [
        (
            ended(10, EndReason::Revoked),
            active,
            2_000,
            TokenState::Revoked,
        ),
        (
            ended(10, EndReason::LoggedOut),
            off(None, Some(20)),
            20,
            TokenState::LoggedOut,
        ),
        (
            ended(1_500, EndReason::Revoked),
            active,
            2_000,
            TokenState::Expired,
        ),
        (None, off(Some(20), None), 20, TokenState::Disabled),
        (None, off(Some(20), None), 2_000, TokenState::Disabled),
        (None, off(Some(1_500), None), 2_000, TokenState::Expired),
        (None, off(None, Some(20)), 2_000, TokenState::Deleted),
        (
            ended(30, EndReason::Revoked),
            off(Some(20), Some(30)),
            40,
            TokenState::Disabled,
        ),
        (
            ended(30, EndReason::Revoked),
            off(None, Some(30)),
            40,
            TokenState::Revoked,
        ),
        (None, OwnerEnds::GONE, 40, TokenState::Deleted),
        (
            ended(30, EndReason::Revoked),
            OwnerEnds::GONE,
            40,
            TokenState::Revoked,
        ),
    ] {
        let state = state_at(expires_at, ended, owner, Timestamp::from_millis(now));
        assert_eq!(state, expected, "{ended:?} {owner:?} at {now}");
    }
}

proptest! {
    #[test]
    fn a_secret_parses_back(random: [u8; 32], more: [u8; 32], user: bool) {
        let family = if user { TokenFamily::User } else { TokenFamily::Organization };
        let Some(secret) = TokenSecret::from_random(family, &[random, more].concat()) else { return Ok(()) };
        prop_assert_eq!(TokenSecret::parse(secret.reveal()), Ok((family, secret.clone())));
        prop_assert_eq!(secret.reveal().len(), SECRET_LENGTH);
    }

    #[test]
    fn one_changed_character_is_rejected(place in 0..SECRET_LENGTH, other in "[0-9A-Za-z_]", random: [u8; 40]) {
        let Some(secret) = TokenSecret::from_random(TokenFamily::User, &random) else { return Ok(()) };
        let mut text = secret.reveal().to_owned();
        text.replace_range(place..=place, &other);
        prop_assume!(text != secret.reveal());
        let expected = if place < 4 || other == "_" { InvalidSecret::Form } else { InvalidSecret::Checksum };
        prop_assert_eq!(TokenSecret::parse(&text), Err(expected));
    }

    #[test]
    fn parsing_never_panics(text in "\\PC*") {
        prop_assert!(TokenSecret::parse(&text).is_err());
    }

    #[test]
    fn what_is_dead_stays_dead_for_the_same_reason(
        expires in 0_i64..100, ended in proptest::option::of(0_i64..100), signed_out: bool,
        disabled in proptest::option::of(0_i64..100), removed in proptest::option::of(0_i64..100),
        now in 0_i64..100, later in 0_i64..100,
    ) {
        let past = [ended, disabled, removed].into_iter().flatten().all(|at| at <= now);
        prop_assume!(past);
        let reason = if signed_out { EndReason::LoggedOut } else { EndReason::Revoked };
        let owner = OwnerEnds {
            disabled_at: disabled.map(Timestamp::from_micros),
            removed_at: removed.map(Timestamp::from_micros),
        };
        let state = |now| {
            let ended = ended.map(|at| (Timestamp::from_micros(at), reason));
            state_at(Timestamp::from_micros(expires), ended, owner, Timestamp::from_micros(now))
        };
        prop_assume!(state(now) != TokenState::Active);
        prop_assert_eq!(state(now + later), state(now));
    }
}
