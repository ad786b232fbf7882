//! `large-lists URL ROWS`: adds so many members, org tokens, invitations and members of a team to a database with one
//! team and an invitation of `new@example.com`. `cargo xtask bench` measures the product with such lists.

use testbed::{
    Database,
    long_lists::{INVITATIONS, MEMBERS, ORG_TOKENS, TEAM_MEMBERS},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("large-lists URL ROWS");
    let (url, rows) = (next()?, next()?.parse()?);
    let folder = tempfile::tempdir()?;
    let database = Database { url, folder };
    testbed::run(async move {
        for list in [MEMBERS, ORG_TOKENS, INVITATIONS, TEAM_MEMBERS] {
            database.add_rows(&list, rows).await;
        }
    });
    Ok(())
}
