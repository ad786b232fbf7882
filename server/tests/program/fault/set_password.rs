//! The message of `user set-password` about sessions and tokens, compared with their state.

use testbed::on_both;

use crate::{
    callers::{Client, set_up},
    ledger::write_settings,
    support::{run, said},
};

const NEW: &str = "another four unrelated words";

on_both! {
    async fn a_new_password_says_which_tokens_it_leaves_and_revokes_them_on_request(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (server, credentials, _) = set_up(folder);
        let mut client = Client::new(&server.address);
        let mut is_live = || client.ask("GET", "/v2/session", &credentials.admin.secret, "").unwrap().1 == 200;
        let set = |arguments: &[&str]| {
            let command = [&["user", "set-password", "--email", "ada@example.com"], arguments].concat();
            let done = run(folder, &command, NEW);
            assert!(done.status.success(), "{}", said(&done));
            said(&done)
        };
        let kept = set(&[]);
        assert_eq!(
            kept,
            "ada@example.com has a new password.\nEnded: 0 sessions, 0 tokens.\n\
             Still live: 1 token. To revoke: countersign token revoke --email ada@example.com\n"
        );
        assert!(is_live());
        let revoked = set(&["--revoke-tokens"]);
        assert_eq!(revoked, "ada@example.com has a new password.\nEnded: 0 sessions, 1 token.\n");
        let began = std::time::Instant::now();
        while is_live() {
            assert!(began.elapsed().as_secs() < 5, "the token is still live");
        }
        assert!(server.stop().success());
        let events = said(&run(folder, &["audit", "export", "--what", "events"], ""));
        assert_eq!(events.matches("\"change_password\"").count(), 2, "{events}");
        assert!(events.contains("\"revoke\""), "{events}");
    }
}
