//! Requests to rotate an org token (docs/contract.md#org-tokens).

use crate::platform::{document::reject, limits, rejection::Rejected};

/// The maximum time that an old secret works beside the new one, in seconds: 60 days (docs/contract.md#org-tokens).
const LONGEST_GRACE_SECONDS: i64 = 5_184_000;

/// The query parameters of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// How long the old secret keeps working, in seconds.
    pub graceful_seconds: i64,
    /// The lifetime of the new secret, in seconds.
    pub lifetime_seconds: i64,
}

impl Rotation {
    /// Parses `graceful` and `secondsUntilExpiry`.
    ///
    /// # Errors
    /// [`Rejected`] when one is not a number within its bounds.
    pub fn parse(graceful: Option<&str>, lifetime: Option<&str>) -> Result<Self, Rejected> {
        let number = |field: &str, text: Option<&str>, least, most, default| {
            let Some(text) = text else {
                return Ok(default);
            };
            let number = text.parse::<i64>().ok();
            number
                .filter(|number| (least..=most).contains(number))
                .ok_or_else(|| {
                    let what = format!("must be a whole number from {least} to {most}");
                    reject(field, what)
                })
        };
        let usual = limits::TOKEN_LIFETIME_DAYS * 86_400;
        Ok(Self {
            graceful_seconds: number("graceful", graceful, 0, LONGEST_GRACE_SECONDS, 0)?,
            lifetime_seconds: number(
                "secondsUntilExpiry",
                lifetime,
                1,
                limits::ORG_TOKEN_LIFETIME_SECONDS,
                usual,
            )?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_has_its_bounds() {
        assert_eq!(
            Rotation::parse(None, None).unwrap(),
            Rotation {
                graceful_seconds: 0,
                lifetime_seconds: 2_592_000
            }
        );
        assert_eq!(
            Rotation::parse(Some("86400"), Some("1"))
                .unwrap()
                .graceful_seconds,
            86_400
        );
        for (graceful, lifetime) in [
            (Some("-1"), None),
            (Some("5184001"), None),
            (None, Some("0")),
            (Some("x"), None),
        ] {
            assert!(Rotation::parse(graceful, lifetime).is_err());
        }
    }
}
