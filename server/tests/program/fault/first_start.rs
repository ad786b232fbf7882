//! Several processes that start on an empty database at the same time.

use crate::support::{Server, countersign, output_of, said};

/// What a command reports, depending on how far the server is.
const REASONS: [&str; 4] = [
    "there is no database at",
    "the database has the schema of an earlier version",
    "the first start of `countersign serve` creates it",
    "Unable to find the given organization",
];

#[test]
fn commands_that_start_with_the_first_server_do_not_disturb_it() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().unwrap();
        let list = || {
            countersign(folder.path(), &["user", "list"])
                .spawn()
                .unwrap()
        };
        let commands = [list(), list(), list()];
        let server = Server::start(folder.path(), "serve");
        for command in commands {
            let ended = output_of(command);
            let said = said(&ended);
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(REASONS.iter().any(|reason| said.contains(reason)), "{said}");
        }
        assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
        assert!(server.stop().success());
    }
}
