//! The last use of secrets: columns of `token`, which has one secret, and of `org_token_secret`.

use std::collections::HashMap;

use domain::tokens::token::{LastUse, TokenDigest, TokenFamily};

use crate::platform::{Housekeeping, Sql, StoreError, Value, over_digests, statements, values};

/// Rows: the digest in hexadecimal, the time, the address, the client.
macro_rules! touch {
    ($table:literal) => {
        over_digests!(
            concat!(
                "UPDATE ",
                $table,
                " SET last_used_at = CAST(given.value ->> 1 AS BIGINT), last_used_address = given.value ->> 2, ",
                "last_used_client = given.value ->> 3 FROM"
            ),
            concat!(
                "WHERE ",
                $table,
                ".digest = given.digest AND (",
                $table,
                ".last_used_at IS NULL OR ",
                $table,
                ".last_used_at < CAST(given.value ->> 1 AS BIGINT))"
            )
        )
    };
}

statements! {
    const TOUCH_TOKENS: Sql = touch!("token");
    const TOUCH_ORG_TOKEN_SECRETS: Sql = touch!("org_token_secret");
}

/// A use of a secret, to be stored.
#[derive(Debug, Clone)]
pub struct LastUsed {
    /// The digest of the secret.
    pub digest: TokenDigest,
    /// Whether it is a user's or an org token's.
    pub family: TokenFamily,
    /// The time, the address and the client.
    pub last_use: LastUse,
}

impl Housekeeping {
    /// Stores the last use of secrets. A use before the stored one changes nothing. Of several uses of one secret, the
    /// last is stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn touch_secrets(&mut self, uses: &[LastUsed]) -> Result<(), StoreError> {
        for (family, statement) in [
            (TokenFamily::User, TOUCH_TOKENS),
            (TokenFamily::Organization, TOUCH_ORG_TOKEN_SECRETS),
        ] {
            let latest = latest(uses.iter().filter(|used| used.family == family));
            let rows: Vec<_> = latest
                .iter()
                .map(|(digest, use_)| row(digest, use_))
                .collect();
            if !rows.is_empty() {
                self.execute(statement, values![Value::rows(&rows)?])
                    .await?;
            }
        }
        Ok(())
    }
}

fn row<'a>(digest: &TokenDigest, last_use: &'a LastUse) -> (String, i64, &'a str, &'a str) {
    let digest = hex::encode(digest.0);
    let LastUse {
        at,
        address,
        client,
    } = last_use;
    (digest, at.as_micros(), address, client)
}

fn latest<'a>(uses: impl Iterator<Item = &'a LastUsed>) -> HashMap<TokenDigest, &'a LastUse> {
    let mut latest: HashMap<_, &LastUse> = HashMap::new();
    for used in uses {
        let last_use = latest.entry(used.digest).or_insert(&used.last_use);
        if last_use.at < used.last_use.at {
            *last_use = &used.last_use;
        }
    }
    latest
}
