//! When secrets were last used: columns of tables `token`, of which each has one secret, and `org_token_secret`.

use std::collections::HashMap;

use domain::tokens::token::{LastUse, TokenDigest, TokenFamily};

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::rows::{OverRows, over_digests},
        error::StoreError,
    },
};

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

const TOUCH_TOKENS: OverRows = touch!("token");
const TOUCH_ORG_TOKEN_SECRETS: OverRows = touch!("org_token_secret");

/// A use of a secret, gathered in memory and stored now and then.
#[derive(Debug, Clone)]
pub struct LastUsed {
    /// What the secret is kept as.
    pub digest: TokenDigest,
    /// Of which family it is.
    pub family: TokenFamily,
    /// When, from where, by what program.
    pub last_use: LastUse,
}

impl Housekeeping {
    /// Stores when secrets were last used. An older use than the stored one changes nothing; of several of one secret the
    /// last one counts.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn touch_secrets(&mut self, uses: &[LastUsed]) -> Result<(), StoreError> {
        for (family, statement) in [
            (TokenFamily::User, &TOUCH_TOKENS),
            (TokenFamily::Organization, &TOUCH_ORG_TOKEN_SECRETS),
        ] {
            let latest = latest(uses.iter().filter(|used| used.family == family));
            if !latest.is_empty() {
                let rows: Vec<_> = latest
                    .iter()
                    .map(|(digest, use_)| {
                        (
                            hex::encode(digest.0),
                            use_.at.as_micros(),
                            &use_.address,
                            &use_.client,
                        )
                    })
                    .collect();
                self.run_over(statement, &rows).await?;
            }
        }
        Ok(())
    }
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
