//! Tables `usage_actor` and `usage_token`: what callers and tokens were called when their calls were last counted, so
//! that counts still name whoever has left and what is deleted.

use domain::{identity::credential::TokenKind, platform::id::Id};

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::rows::{OverRows, alone, over_rows},
        error::StoreError,
        row::Column,
        transaction::Conn,
    },
    usage::tally::Tally,
};

/// Rows: id, 1 for a user and 0 for an org token, mail address or name. A user has a name besides.
const NOTE_ACTORS: OverRows = over_rows!(
    "INSERT INTO usage_actor (id, is_user, name, email) \
     SELECT given.value ->> 0, given.value ->> 1 = '1', COALESCE(member.full_name, given.value ->> 2), \
     CASE WHEN given.value ->> 1 = '1' THEN given.value ->> 2 ELSE '' END FROM",
    "LEFT JOIN member ON member.id = given.value ->> 0 WHERE true \
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email \
     WHERE usage_actor.name <> excluded.name OR usage_actor.email <> excluded.email"
);
/// Rows: id, owner, kind. What is deleted already keeps the name it had.
const NOTE_TOKENS: OverRows = over_rows!(
    "INSERT INTO usage_token (id, actor_id, kind, name, last4) \
     SELECT given.value ->> 0, given.value ->> 1, given.value ->> 2, COALESCE(token.name, org_token.name, ''), \
     COALESCE(token.last4, (SELECT last4 FROM org_token_secret WHERE org_token_id = given.value ->> 0 \
     ORDER BY created_at DESC LIMIT 1), '') FROM",
    "LEFT JOIN token ON token.id = given.value ->> 0 LEFT JOIN org_token ON org_token.id = given.value ->> 0 WHERE true \
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, last4 = excluded.last4 WHERE excluded.last4 <> '' \
     AND (usage_token.name <> excluded.name OR usage_token.last4 <> excluded.last4)"
);
const FIND_ACTORS: OverRows = over_rows!(
    "SELECT id, is_user, name, email FROM usage_actor WHERE id IN (SELECT given.value ->> 0 FROM",
    ")"
);
const FIND_TOKENS: OverRows = over_rows!(
    "SELECT id, actor_id, kind, name, last4 FROM usage_token WHERE id IN (SELECT given.value ->> 0 FROM",
    ")"
);

/// Whoever called, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageActor {
    /// A user, or an org token.
    pub id: Id,
    /// Which of the two.
    pub is_user: bool,
    /// The name.
    pub name: String,
    /// A user's mail address; empty for an org token.
    pub email: String,
}

/// A token calls were made with, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageToken {
    /// The token.
    pub id: Id,
    /// Whose it is; an org token is its own.
    pub actor_id: Id,
    /// Its kind.
    pub kind: TokenKind,
    /// Its name; may be empty for a user's.
    pub name: String,
    /// The last four characters of its text.
    pub last4: String,
}

#[derive(sqlx::FromRow)]
struct ActorRow {
    id: String,
    is_user: bool,
    name: String,
    email: String,
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: String,
    actor_id: String,
    kind: String,
    name: String,
    last4: String,
}

impl TryFrom<ActorRow> for UsageActor {
    type Error = StoreError;

    fn try_from(row: ActorRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: Column("usage_actor", "id").id(&row.id)?,
            is_user: row.is_user,
            name: row.name,
            email: row.email,
        })
    }
}

impl TryFrom<TokenRow> for UsageToken {
    type Error = StoreError;

    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let column = |name| Column("usage_token", name);
        Ok(Self {
            id: column("id").id(&row.id)?,
            actor_id: column("actor_id").id(&row.actor_id)?,
            kind: column("kind").read(TokenKind::from_label(&row.kind))?,
            name: row.name,
            last4: row.last4,
        })
    }
}

impl Conn {
    /// What is known of these callers.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_usage_actors(&mut self, ids: &[Id]) -> Result<Vec<UsageActor>, StoreError> {
        let rows: Vec<ActorRow> = self.ask_over(&FIND_ACTORS, &alone(ids)).await?;
        rows.into_iter().map(UsageActor::try_from).collect()
    }

    /// What is known of these tokens.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_usage_tokens(&mut self, ids: &[Id]) -> Result<Vec<UsageToken>, StoreError> {
        let rows: Vec<TokenRow> = self.ask_over(&FIND_TOKENS, &alone(ids)).await?;
        rows.into_iter().map(UsageToken::try_from).collect()
    }
}

impl Housekeeping {
    /// Notes the names of whoever made the calls that are being counted.
    pub(crate) async fn note_usage_names(&mut self, tally: &Tally) -> Result<(), StoreError> {
        let inner = self.ready().await?;
        inner
            .run_over_any(&NOTE_ACTORS, &tally.actor_rows())
            .await?;
        inner.run_over_any(&NOTE_TOKENS, &tally.token_rows()).await
    }
}
