//! Several processes that start on an empty database at the same time.

use crate::support::{Server, countersign, output_of, said};

#[test]
fn a_server_and_commands_that_start_together_all_work() {
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
            assert_eq!(said, "Error: Unable to find the given organization.\n");
        }
        assert_eq!(server.ask("GET /readyz HTTP/1.1", "").0, 200);
        assert!(server.stop().success());
    }
}
