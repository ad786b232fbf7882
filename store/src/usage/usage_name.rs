//! Tables `usage_actor` and `usage_token`: the names that callers and tokens had when their calls were last counted, so
//! that counts show the names of removed users and deleted tokens.

use domain::{identity::credential::TokenKind, platform::id::Id};

use super::call_counts::UnstoredCallCounts;
use crate::platform::{
    Column, Conn, Housekeeping, Sql, StoreError, Stored, Value, over_rows, statements, values,
};

statements! {
    /// Rows: id, 1 for a user and 0 for an org token, email address or name. A user's name is the member's.
    const PUT_ACTORS: Sql = over_rows!(
        "INSERT INTO usage_actor (id, is_user, name, email) \
         SELECT given.value ->> 0, given.value ->> 1 = '1', COALESCE(member.full_name, given.value ->> 2), \
         CASE WHEN given.value ->> 1 = '1' THEN given.value ->> 2 ELSE '' END FROM",
        "LEFT JOIN member ON member.id = given.value ->> 0 WHERE true \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email \
         WHERE usage_actor.name <> excluded.name OR usage_actor.email <> excluded.email"
    );
    /// Rows: id, owner, kind. A deleted token keeps the name it had.
    const PUT_TOKENS: Sql = over_rows!(
        "INSERT INTO usage_token (id, actor_id, kind, name, last4) \
         SELECT given.value ->> 0, given.value ->> 1, given.value ->> 2, COALESCE(token.name, org_token.name, ''), \
         COALESCE(token.last4, (SELECT last4 FROM org_token_secret WHERE org_token_id = given.value ->> 0 \
         ORDER BY created_at DESC LIMIT 1), '') FROM",
        "LEFT JOIN token ON token.id = given.value ->> 0 LEFT JOIN org_token ON org_token.id = given.value ->> 0 \
         WHERE true ON CONFLICT (id) DO UPDATE SET name = excluded.name, last4 = excluded.last4 \
         WHERE excluded.last4 <> '' AND (usage_token.name <> excluded.name OR usage_token.last4 <> excluded.last4)"
    );
    const FIND_ACTORS: Sql = over_rows!(
        "SELECT id, is_user, name, email FROM usage_actor WHERE id IN (SELECT given.value ->> 0 FROM",
        ")"
    );
    const FIND_TOKENS: Sql = over_rows!(
        "SELECT id, actor_id, kind, name, last4 FROM usage_token WHERE id IN (SELECT given.value ->> 0 FROM",
        ")"
    );
}

/// A caller whose calls were counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageActor {
    /// A user, or an org token.
    pub id: Id,
    /// Whether it is a user.
    pub is_user: bool,
    /// Its name when its calls were last counted.
    pub name: String,
    /// A user's email address; empty for an org token.
    pub email: String,
}

impl Stored for UsageActor {
    type Row = (String, bool, String, String);

    fn from_row((id, is_user, name, email): Self::Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: Column("usage_actor", "id").id(&id)?,
            is_user,
            name,
            email,
        })
    }
}

/// A token whose calls were counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageToken {
    /// The token.
    pub id: Id,
    /// Its owner; an org token is its own.
    pub actor_id: Id,
    /// Its kind.
    pub kind: TokenKind,
    /// Its name; may be empty for a user's.
    pub name: String,
    /// The last four characters of its text.
    pub last4: String,
}

impl Stored for UsageToken {
    type Row = (String, String, String, String, String);

    fn from_row((id, actor_id, kind, name, last4): Self::Row) -> Result<Self, StoreError> {
        let column = |name| Column("usage_token", name);
        Ok(Self {
            id: column("id").id(&id)?,
            actor_id: column("actor_id").id(&actor_id)?,
            kind: column("kind").required(TokenKind::from_label(&kind))?,
            name,
            last4,
        })
    }
}

impl Conn {
    /// The callers with these ids whose calls were counted.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_usage_actors(&mut self, ids: &[Id]) -> Result<Vec<UsageActor>, StoreError> {
        self.list(FIND_ACTORS, values![Value::id_rows(ids)?]).await
    }

    /// The tokens with these ids whose calls were counted.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_usage_tokens(&mut self, ids: &[Id]) -> Result<Vec<UsageToken>, StoreError> {
        self.list(FIND_TOKENS, values![Value::id_rows(ids)?]).await
    }
}

impl Housekeeping {
    /// Stores the names of the callers and tokens of counted calls.
    pub(crate) async fn put_usage_names(
        &mut self,
        counts: &UnstoredCallCounts,
    ) -> Result<(), StoreError> {
        let (actors, tokens) = (counts.actor_rows(), counts.token_rows());
        if !actors.is_empty() {
            self.execute(PUT_ACTORS, values![Value::rows(&actors)?])
                .await?;
        }
        if !tokens.is_empty() {
            self.execute(PUT_TOKENS, values![Value::rows(&tokens)?])
                .await?;
        }
        Ok(())
    }
}
