//! What the command line prints to a terminal.

use crate::support::{database_in, make_user, run};

#[test]
fn a_name_cannot_control_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    make_user(folder.path(), "ada@example.com", "admin");
    testbed::run(async {
        let database = database_in(folder.path());
        // Names that were stored before there was a rule for them.
        database
            .tamper("UPDATE member SET full_name = 'a\u{1b}[2J\u{202e}b'")
            .await;
    });
    let listed = run(folder.path(), &["user", "list"], "");
    let text = String::from_utf8(listed.stdout).unwrap();
    assert!(text.contains(r"a\u{1b}[2J\u{202e}b"), "{text:?}");
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}'),
        "{text:?}"
    );
}
