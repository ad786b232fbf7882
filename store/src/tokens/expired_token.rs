//! Table `expiry_mark`, and the tokens that expired after it: user tokens that had not ended before, and org tokens.

use domain::{
    platform::{
        id::{Id, OrganizationId},
        timestamp::Timestamp,
    },
    tokens::token::{Token, TokenFamily},
};

use super::{
    org_token::{self, OrgToken},
    token::columns,
};
use crate::{
    audit::Write,
    platform::{Conn, Housekeeping, Sql, StoreError, statements, values},
};

statements! {
    const FIND: Sql = "SELECT at, token_id FROM expiry_mark WHERE family = $1";
    const START: Sql = "INSERT INTO expiry_mark (family, at, token_id) VALUES ($1, $2, '') \
        ON CONFLICT (family) DO NOTHING";
    const MOVE: Sql = "UPDATE expiry_mark SET at = $4, token_id = $5 WHERE family = $1 AND at = $2 AND token_id = $3";
    const TOKENS: Sql = concat!(
        "SELECT ",
        columns!(""),
        " FROM token WHERE organization_id = $1 AND expires_at >= $2 AND (expires_at, id) > ($2, $3) \
         AND expires_at <= $4 AND ended_at IS NULL ORDER BY expires_at, id LIMIT $5"
    );
    const ORG_TOKENS: Sql = concat!(
        "SELECT ",
        org_token::columns!(),
        " FROM org_token WHERE organization_id = $1 AND expires_at >= $2 AND (expires_at, id) > ($2, $3) \
         AND expires_at <= $4 ORDER BY expires_at, id LIMIT $5"
    );
}

/// A place in the order in which the tokens of a family expire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiryMark {
    /// The time of expiry.
    pub at: Timestamp,
    /// The id of the token; empty before all tokens of that time.
    pub token_id: String,
}

impl ExpiryMark {
    /// The place of the token with this id.
    #[must_use]
    pub fn of(at: Timestamp, id: Id) -> Self {
        Self {
            at,
            token_id: id.to_string(),
        }
    }
}

const fn label(family: TokenFamily) -> &'static str {
    match family {
        TokenFamily::User => "user",
        TokenFamily::Organization => "organization",
    }
}

impl Conn {
    /// The last token of a family whose expiry is an event; `None` before [`Housekeeping::start_expiries`].
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn find_expiry_mark(
        &mut self,
        family: TokenFamily,
    ) -> Result<Option<ExpiryMark>, StoreError> {
        let found = self
            .fetch_optional::<(i64, String)>(FIND, values![label(family)])
            .await?;
        Ok(found.map(|(at, token_id)| ExpiryMark {
            at: Timestamp::from_micros(at),
            token_id,
        }))
    }

    /// The user tokens after the mark that expired by `until` and had not ended before, in the order of their expiry.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_expired_tokens(
        &mut self,
        organization_id: OrganizationId,
        mark: &ExpiryMark,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Token>, StoreError> {
        let values = values![organization_id, mark.at, &mark.token_id, until, limit];
        self.list(TOKENS, values).await
    }

    /// The org tokens after the mark that expired by `until`, in the order of their expiry.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_expired_org_tokens(
        &mut self,
        organization_id: OrganizationId,
        mark: &ExpiryMark,
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<OrgToken>, StoreError> {
        let values = values![organization_id, mark.at, &mark.token_id, until, limit];
        self.list(ORG_TOKENS, values).await
    }
}

impl Write {
    /// Moves the mark of a family; `false` when another node moved it before.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn move_expiry_mark(
        &mut self,
        family: TokenFamily,
        from: &ExpiryMark,
        to: &ExpiryMark,
    ) -> Result<bool, StoreError> {
        let values = values![label(family), from.at, &from.token_id, to.at, &to.token_id];
        let moved = self.execute(MOVE, values).await?;
        Ok(moved == 1)
    }
}

impl Housekeeping {
    /// Stores that the expiry of each token after `now` is to be an event, unless that is stored already.
    ///
    /// # Errors
    /// [`StoreError`] when the database rejects it.
    pub async fn start_expiries(&mut self, now: Timestamp) -> Result<(), StoreError> {
        for family in [TokenFamily::User, TokenFamily::Organization] {
            self.execute(START, values![label(family), now]).await?;
        }
        Ok(())
    }
}
