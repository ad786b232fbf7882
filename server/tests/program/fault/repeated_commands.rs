//! A command that creates a user is run again, because its outcome is unknown.

use std::path::Path;

use crate::support::{PASSWORD, run, said};

/// The output of `user create` for this address, and whether it succeeded.
fn create(folder: &Path, email: &str, key: &str) -> (bool, String) {
    let arguments = [
        "user",
        "create",
        "--email",
        email,
        "--name",
        "Ada",
        "--role",
        "admin",
        "--idempotency-key",
        key,
    ];
    let made = run(folder, &arguments, &format!("{PASSWORD}\n"));
    (made.status.success(), said(&made))
}

#[test]
fn a_user_is_created_once_under_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = create(folder.path(), "ada@example.com", "deploy-1");
    assert!(first.0, "{}", first.1);
    let again = create(folder.path(), "ada@example.com", "deploy-1");
    assert!(again.0, "{}", again.1);
    let id = first.1.trim().lines().last();
    assert!(id.is_some_and(|id| !id.is_empty()), "{}", first.1);
    assert_eq!(again.1.trim().lines().last(), id);

    let other = create(folder.path(), "grace@example.com", "deploy-1");
    assert!(
        !other.0 && other.1.contains("used for another request"),
        "{}",
        other.1
    );
    let taken = create(folder.path(), "ada@example.com", "deploy-2");
    assert!(!taken.0, "another key is another command: {}", taken.1);
    let malformed = create(folder.path(), "grace@example.com", "a b");
    assert!(
        !malformed.0 && malformed.1.contains("visible ASCII"),
        "{}",
        malformed.1
    );
}
