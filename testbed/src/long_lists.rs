//! Lists of many rows, made by statements inside the database. Each row repeats a row that the product made.

use crate::Database;

/// Rows to add: the table, its columns, and what is selected for them from `n`, with a number `i` from 100,000,001, and
/// from the repeated row.
#[derive(Debug, Clone, Copy)]
pub struct LongList {
    table: &'static str,
    columns: &'static str,
    selected: &'static str,
}

/// Members: `Member 100000001` and so on.
pub const MEMBERS: LongList = LongList {
    table: "member",
    columns: "id, persona_id, organization_id, email, full_name, roles, password_hash, created_at, created_by, \
              updated_at, updated_by, name_folded",
    selected: "'B' || i || 'A', 'B' || i || 'A', organization_id, 'm' || i || '@example.com', 'Member ' || i, 'usage', \
               '', created_at + i, created_by, updated_at + i, updated_by, 'member ' || i \
               FROM n, (SELECT * FROM member ORDER BY created_at, id LIMIT 1) AS member",
};

/// Org tokens: `Token 100000001` and so on.
pub const ORG_TOKENS: LongList = LongList {
    table: "org_token",
    columns: "id, organization_id, name, auth_scopes, role, disabled, document, acl, expires_at, rotated_at, \
              created_at, created_by, created_via, updated_at, updated_by, updated_via, name_folded, \
              description_folded, updated_by_folded",
    selected: "'B' || i || 'A', organization_id, 'Token ' || i, auth_scopes, role, disabled, document, 'null', \
               expires_at + i, rotated_at, created_at, created_by, created_via, updated_at + i, updated_by, \
               updated_via, 'token ' || i, '', updated_by_folded FROM n, org_token WHERE name = 'Default'",
};

/// Invitations of `m100000001@example.com` and so on, as that of `new@example.com`.
pub const INVITATIONS: LongList = LongList {
    table: "invitation",
    columns: "id, organization_id, email, full_name, roles, digest, created_at, created_by, expires_at, name_folded",
    selected: "'B' || i || 'A', organization_id, 'm' || i || '@example.com', NULL, roles, \
               CAST('the digest of invitation' || (i - 90000000) AS {bytes}), created_at + i, created_by, expires_at, \
               '' FROM n, invitation WHERE email = 'new@example.com'",
};

/// Members of the only team, after [`MEMBERS`].
pub const TEAM_MEMBERS: LongList = LongList {
    table: "team_member",
    columns: "team_id, user_id, joined_at",
    selected: "object.id, 'B' || i || 'A', object.created_at + i FROM n, object WHERE kind = 'team'",
};

impl Database {
    /// Adds this many rows.
    ///
    /// # Panics
    /// When the database rejects them.
    pub async fn add_rows(&self, list: &LongList, rows: u32) {
        let LongList {
            table,
            columns,
            selected,
        } = list;
        let is_sqlite = self.url.starts_with("sqlite");
        let selected = selected.replace("{bytes}", if is_sqlite { "BLOB" } else { "bytea" });
        let last = 100_000_000 + rows;
        self.tamper(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 100000001 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) \
             INSERT INTO {table} ({columns}) SELECT {selected}"
        ))
        .await;
        if !is_sqlite {
            self.tamper(&format!("ANALYZE {table}")).await;
        }
    }
}
