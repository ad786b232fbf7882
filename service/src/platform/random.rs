//! Randomness: secrets, keys and ids. The only place that reads the random source of the operating system.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::{
    platform::{id::Id, timestamp::Timestamp},
    tokens::token::{TokenFamily, TokenSecret},
};

/// Random bytes.
///
/// # Panics
/// When the operating system provides no randomness, because no secret would be safe without it.
#[expect(
    clippy::disallowed_methods,
    reason = "the only use of the random source of the operating system"
)]
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides random bytes");
    bytes
}

/// Random lowercase letters, uniformly distributed.
pub(crate) fn letters(count: usize) -> String {
    let fair = |byte: &u8| *byte < 26 * 9;
    let mut letters = String::with_capacity(count);
    while letters.len() < count {
        let chosen = bytes::<32>().into_iter().filter(fair);
        let missing = count - letters.len();
        letters.extend(
            chosen
                .take(missing)
                .map(|byte| char::from(b'a' + byte % 26)),
        );
    }
    letters
}

/// A new random secret of this family.
pub(crate) fn secret(family: TokenFamily) -> TokenSecret {
    loop {
        if let Some(secret) = TokenSecret::from_random(family, &bytes::<64>()) {
            return secret;
        }
    }
}

/// Generates ids that increase within one process and do not collide with those of other processes.
#[derive(Debug)]
pub(crate) struct IdSource {
    last: AtomicU64,
    step: u64,
}

impl IdSource {
    pub(crate) fn new() -> Self {
        Self {
            last: AtomicU64::new(0),
            step: u64::from_le_bytes(bytes()) | 1,
        }
    }

    /// A new id. Each new millisecond starts at a value that other processes cannot predict; within a millisecond ids
    /// count up.
    pub(crate) fn next(&self, now: Timestamp) -> Id {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let random = (1 << Id::RANDOM_BITS) - 1;
        let chance = millis.wrapping_mul(self.step).rotate_left(29) & random;
        let fresh = (millis << Id::RANDOM_BITS) | chance;
        let previous = self
            .last
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some(fresh.max(last + 1))
            })
            .unwrap_or_else(|last| last);
        Id::from_bits(fresh.max(previous + 1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_grow_and_never_repeat_though_the_clock_stands() {
        let source = IdSource::new();
        let now = Timestamp::from_millis(1_798_034_709_123);
        let ids: Vec<Id> = (0..10_000).map(|_| source.next(now)).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        assert!(source.next(Timestamp::from_millis(0)) > ids[9_999]);
    }
}
