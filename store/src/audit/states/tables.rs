//! The tables whose rows are compared with the audit log, and which of their columns.

use crate::platform::{
    CheckedTable, Column, Conn, Sql, StoreError, Value,
    dialect::cell::{Cell, Cells},
    over_rows, statements, values,
};

/// The compared columns of a table, the key first. Columns are only added, at the end: states of earlier versions cover
/// the first ones.
macro_rules! columns {
    (object) => {
        "id, organization_id, kind, created_at, created_by, created_via, name, parent_id, access_id, restricted, \
         protection, document, updated_at, updated_by, updated_via, \
         (SELECT string_agg(principal_id,',') FROM acl_entry WHERE object_id = object.id) AS acl_entry"
    };
    (team_member) => {
        "team_id || '/' || user_id AS id, joined_at"
    };
    (member) => {
        "id, organization_id, persona_id, created_at, created_by, email, full_name, title, phone, roles, \
         password_hash, updated_at, updated_by, disabled_at, removed_at"
    };
    (token) => {
        "id, organization_id, user_id, session_id, kind, digest, created_at, created_address, created_client, name, \
         prefix, last4, expires_at, ended_at, end_reason"
    };
    (session) => {
        "id, organization_id, user_id, created_at, digest, authenticated_at, expires_at, ended_at, address, client"
    };
    (invitation) => {
        "id, organization_id, email, roles, digest, created_at, created_by, full_name, title, phone, expires_at, ended_at"
    };
    (org_token) => {
        "id, organization_id, auth_scopes, created_at, created_by, created_via, name, role, disabled, disabled_at, \
         document, acl, expires_at, rotated_at, updated_at, updated_by, updated_via"
    };
    (org_token_secret) => {
        "org_token_id AS id, digest, last4, created_at, expires_at"
    };
}

macro_rules! select {
    ($table:ident, $rest:expr) => {
        concat!(
            "SELECT ",
            columns!($table),
            " FROM ",
            stringify!($table),
            " ",
            $rest
        )
    };
}

/// Rows: the id.
macro_rules! some {
    ($table:ident) => {
        over_rows!(
            select!($table, "WHERE id IN (SELECT given.value ->> 0 FROM"),
            ")"
        )
    };
}

macro_rules! page {
    ($table:ident) => {
        select!($table, "WHERE id > $1 ORDER BY id LIMIT $2")
    };
}

statements! {
    const SOME: [Sql; 8] = [
        some!(object),
        // Rows: the id of the team, the id of the user.
        over_rows!(
            select!(team_member, "WHERE (team_id, user_id) IN (SELECT given.value ->> 0, given.value ->> 1 FROM"),
            ")"
        ),
        some!(member),
        some!(token),
        some!(session),
        some!(invitation),
        some!(org_token),
        over_rows!(
            select!(org_token_secret, "WHERE org_token_id IN (SELECT given.value ->> 0 FROM"),
            ") ORDER BY org_token_id, digest"
        ),
    ];
    const PAGES: [Sql; 8] = [
        page!(object),
        select!(team_member, "WHERE (team_id, user_id) > ($1, $2) ORDER BY team_id, user_id LIMIT $3"),
        page!(member),
        page!(token),
        page!(session),
        page!(invitation),
        page!(org_token),
        select!(
            org_token_secret,
            "WHERE org_token_id IN (SELECT id FROM org_token WHERE id > $1 ORDER BY id LIMIT $2) \
             ORDER BY org_token_id, digest"
        ),
    ];
}

/// Columns that are not compared, and why. A test compares both lists with the schema.
pub const UNCOMPARED: [(&str, &str, &str); 20] = [
    (
        "object",
        "name_folded",
        "follows from the name; only lists use it",
    ),
    (
        "member",
        "name_folded",
        "follows from the name; only lists use it",
    ),
    (
        "token",
        "name_folded",
        "follows from the name; only lists use it",
    ),
    (
        "invitation",
        "name_folded",
        "follows from the name; only lists use it",
    ),
    (
        "org_token",
        "name_folded",
        "follows from the name; only lists use it",
    ),
    (
        "org_token",
        "description_folded",
        "follows from the document; only lists use it",
    ),
    (
        "org_token",
        "updated_by_folded",
        "follows from the stamp; only lists use it",
    ),
    (
        "token",
        "revealed_at",
        "changes without an event: when the page showed the secret",
    ),
    (
        "token",
        "last_used_at",
        "changes without an event: recent use",
    ),
    (
        "token",
        "last_used_address",
        "changes without an event: recent use",
    ),
    (
        "token",
        "last_used_client",
        "changes without an event: recent use",
    ),
    (
        "session",
        "last_seen_at",
        "changes without an event: recent use",
    ),
    (
        "org_token_secret",
        "last_used_at",
        "changes without an event: recent use",
    ),
    (
        "org_token_secret",
        "last_used_address",
        "changes without an event: recent use",
    ),
    (
        "org_token_secret",
        "last_used_client",
        "changes without an event: recent use",
    ),
    (
        "org_token_secret",
        "sealed",
        "a ciphertext that only decrypts to the secret with this digest",
    ),
    ("org_token_secret", "bound", "how the ciphertext was made"),
    ("org_token_secret", "org_token_id", "the key"),
    ("team_member", "team_id", "the key"),
    ("team_member", "user_id", "the key"),
];

/// A row with its compared columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedRow {
    /// The table.
    pub table: CheckedTable,
    /// The id.
    pub id: String,
    /// The values of the columns after the key, as JSON.
    pub(crate) values: Vec<String>,
}

impl CheckedTable {
    /// The compared columns after the key.
    pub fn columns(self) -> impl Iterator<Item = &'static str> {
        let columns = match self {
            Self::Object => columns!(object),
            Self::TeamMember => columns!(team_member),
            Self::Member => columns!(member),
            Self::Token => columns!(token),
            Self::Session => columns!(session),
            Self::Invitation => columns!(invitation),
            Self::OrgToken => columns!(org_token),
            Self::OrgTokenSecret => columns!(org_token_secret),
        };
        let names = columns.split(", ").skip(1);
        names.map(|column| column.rsplit(' ').next().unwrap_or(column))
    }

    /// The number of columns after the key that never change: who created the row and when, and whose it is.
    pub(crate) const fn fixed_columns(self) -> usize {
        match self {
            Self::Object | Self::OrgToken => 5,
            Self::TeamMember | Self::OrgTokenSecret => 0,
            Self::Member => 4,
            Self::Token => 8,
            Self::Session => 3,
            Self::Invitation => 6,
        }
    }

    const fn of(self, statements: [Sql; 8]) -> Sql {
        statements[self as usize]
    }

    /// Rows from their columns. Rows with one id become one.
    fn rows(self, conn: &Conn, found: Vec<Cells>) -> Result<Vec<CheckedRow>, StoreError> {
        let mut rows: Vec<CheckedRow> = Vec::with_capacity(found.len());
        for Cells(cells) in found {
            let mut cells = cells.into_iter();
            let Some(Cell::Text(id)) = cells.next() else {
                return Err(Column(self.label(), "id").corrupt());
            };
            let named = self.columns().zip(cells);
            let values = named
                .map(|(name, cell)| self.value(conn, &id, name, cell))
                .collect::<Result<Vec<_>, _>>()?;
            match rows.last_mut().filter(|last| last.id == id) {
                Some(last) => {
                    for (value, further) in last.values.iter_mut().zip(values) {
                        value.push(',');
                        value.push_str(&further);
                    }
                }
                None => rows.push(CheckedRow {
                    table: self,
                    id,
                    values,
                }),
            }
        }
        Ok(rows)
    }

    /// A value as JSON, the same however it is stored: without encryption, and readers in order.
    fn value(
        self,
        conn: &Conn,
        id: &str,
        name: &'static str,
        cell: Cell,
    ) -> Result<String, StoreError> {
        let column = Column(self.label(), name);
        match cell {
            Cell::Null => Ok("null".to_owned()),
            Cell::Integer(number) => Ok(number.to_string()),
            Cell::Bytes(bytes) => Ok(format!("\"{}\"", hex::encode(bytes))),
            Cell::Text(text) if name == "acl_entry" => {
                let mut readers: Vec<&str> = text.split(',').collect();
                readers.sort_unstable();
                column.to_json(&readers)
            }
            Cell::Text(text) if name == "document" => {
                let text = conn.cipher().decrypted_text(column, id, text)?;
                column.to_json(&text)
            }
            Cell::Text(text) => column.to_json(&text),
        }
    }
}

impl Conn {
    /// The rows of a table with these ids.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn list_checked_rows(
        &mut self,
        table: CheckedTable,
        ids: &[&str],
    ) -> Result<Vec<CheckedRow>, StoreError> {
        let keys: Vec<Vec<&str>> = ids.iter().map(|id| id.split('/').collect()).collect();
        let values = values![Value::rows(&keys)?];
        let found = self.fetch_all::<Cells>(table.of(SOME), values).await?;
        table.rows(self, found)
    }

    /// The rows of a table after the row with this id, at most `limit` (of secrets: of as many org tokens).
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub async fn page_checked_rows(
        &mut self,
        table: CheckedTable,
        after: &str,
        limit: i64,
    ) -> Result<Vec<CheckedRow>, StoreError> {
        let values = match table {
            CheckedTable::TeamMember => {
                let (team, user) = after.split_once('/').unwrap_or_default();
                values![team, user, limit]
            }
            CheckedTable::Object
            | CheckedTable::Member
            | CheckedTable::Token
            | CheckedTable::Session
            | CheckedTable::Invitation
            | CheckedTable::OrgToken
            | CheckedTable::OrgTokenSecret => values![after, limit],
        };
        let found = self.fetch_all::<Cells>(table.of(PAGES), values).await?;
        table.rows(self, found)
    }
}
