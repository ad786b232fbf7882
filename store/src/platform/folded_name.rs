//! Names in lower case, by which lists search and sort, of rows that were written before there was a place for them.

use crate::{
    audit::housekeeping::Housekeeping,
    platform::{
        dialect::{Store, on},
        error::StoreError,
    },
};

/// Rows that are written at once.
const SOME: i64 = 500;

const MEMBERS: &str = "SELECT id, full_name FROM member WHERE name_folded IS NULL LIMIT $1";
const FOLD_MEMBER: &str = "UPDATE member SET name_folded = $2 WHERE id = $1";
const TOKENS: &str = "SELECT id, name FROM token WHERE name_folded IS NULL LIMIT $1";
const FOLD_TOKEN: &str = "UPDATE token SET name_folded = $2 WHERE id = $1";

impl Store {
    /// Writes what is missing, a few rows at a time.
    pub(crate) async fn fold_names(&self) -> Result<(), StoreError> {
        for (find, fold) in [(MEMBERS, FOLD_MEMBER), (TOKENS, FOLD_TOKEN)] {
            loop {
                let mut housekeeping = self.housekeep().await?;
                let found = housekeeping.fold_some(find, fold).await?;
                housekeeping.finish().await?;
                if found == 0 {
                    break;
                }
            }
        }
        loop {
            let mut housekeeping = self.housekeep().await?;
            let tokens = housekeeping.list_unnoted_org_tokens(SOME).await?;
            for token in &tokens {
                housekeeping.note_listed(token).await?;
            }
            housekeeping.finish().await?;
            if tokens.is_empty() {
                return Ok(());
            }
        }
    }
}

impl Housekeeping {
    async fn fold_some(
        &mut self,
        find: &'static str,
        fold: &'static str,
    ) -> Result<usize, StoreError> {
        let unfolded = on!(self, c => sqlx::query_as::<_, (String, String)>(find).bind(SOME).fetch_all(c).await)?;
        for (id, name) in &unfolded {
            on!(self, c => sqlx::query(fold)
                .bind(id)
                .bind(name.to_lowercase())
                .execute(c)
                .await
                .map(drop))?;
        }
        Ok(unfolded.len())
    }
}
