//! `cargo xtask drill`: tests that are repeated for long, too long for `cargo xtask test`.

use anyhow::Result;

use crate::{
    postgres::{Durability, Postgres},
    run,
};

/// Which drill to run.
#[derive(clap::Subcommand)]
pub(crate) enum Drill {
    /// Kill the server under load on both databases, many times, and compare the responses with the stored data; then
    /// compare many calls with the call log
    Kill {
        /// How often the server is killed on each database
        #[arg(long, default_value_t = 100)]
        cycles: u32,
        /// How many calls are compared with the call log of each database
        #[arg(long, default_value_t = 100_000)]
        calls: u32,
    },
    /// Kill the move of a SQLite database to PostgreSQL, many times, and repeat it
    Migrate {
        /// How often it is killed
        #[arg(long, default_value_t = 50)]
        kills: u32,
    },
    /// Kill rotations of the master key under load on both databases, many times, and check that nothing is lost
    Rotate {
        /// How often a rotation is killed on each database
        #[arg(long, default_value_t = 50)]
        kills: u32,
    },
}

/// Runs a drill and prints its report.
///
/// # Errors
/// When PostgreSQL's programs are missing, the build fails, or something was lost.
pub(crate) fn run(drill: &Drill) -> Result<()> {
    // Users run PostgreSQL with durable commits.
    let postgres = Postgres::start(Durability::Kept)?;
    let mut test = run::cargo(&["test", "--package", "server", "--test", "program"]);
    test.env(Postgres::VARIABLE, postgres.url());
    let name = match drill {
        Drill::Kill { cycles, calls } => {
            test.env("COUNTERSIGN_TEST_KILL_CYCLES", cycles.to_string())
                .env("COUNTERSIGN_TEST_LEDGER_CALLS", calls.to_string());
            "ledger::"
        }
        Drill::Migrate { kills } => {
            test.env("COUNTERSIGN_TEST_MOVE_KILLS", kills.to_string());
            "moving::a_move_that_is_killed"
        }
        Drill::Rotate { kills } => {
            test.env("COUNTERSIGN_TEST_ROTATION_KILLS", kills.to_string());
            "key_rotations::"
        }
    };
    run::check(test.args([name, "--", "--nocapture", "--test-threads=1"]))
}
