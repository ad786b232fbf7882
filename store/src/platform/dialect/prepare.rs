//! The test that [`statements!`] generates: prepares every statement of a file on both databases.
//!
//! [`statements!`]: crate::platform::statements

use super::{pools::Pools, sql::Sql};
use crate::platform::access::Access;

/// The statements of a declaration.
pub(crate) trait All {
    fn all(&self) -> Vec<Sql>;
}

impl All for Sql {
    fn all(&self) -> Vec<Sql> {
        vec![*self]
    }
}

impl<const N: usize> All for [Sql; N] {
    fn all(&self) -> Vec<Sql> {
        self.to_vec()
    }
}

/// Prepares statements on both databases.
pub(crate) fn prepare(declared: &[(&str, Vec<Sql>)]) {
    testbed::run(async {
        for database in [testbed::sqlite(), testbed::postgres().await] {
            let pools = Pools::open(&database.url, Access::Migrate).await.unwrap();
            pools.migrate().await.unwrap();
            let mut connection = pools.read().await.unwrap();
            for (name, statements) in declared {
                assert!(!statements.is_empty(), "{name}");
                for statement in statements {
                    let prepared = connection.prepare(*statement).await;
                    assert!(prepared.is_ok(), "{name}: {prepared:?}\n{statement:?}");
                }
            }
            drop(connection);
            pools.close().await;
        }
    });
}

mod tests {
    use super::{super::sql::Declared, *};

    #[test]
    #[should_panic(expected = "WRONG")]
    fn a_statement_that_a_database_rejects_fails_the_test() {
        let wrong = Declared("SELECT name FROM no_such_table").sql();
        prepare(&[("WRONG", wrong.all())]);
    }
}
