//! Files that cannot be written are reported at the start, with their path and the reason.

use std::fs;

use crate::support::{run, said};

#[test]
fn a_file_that_cannot_be_written_is_reported_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["migrate"], "").status.success());
    fs::write(folder.path().join("plain"), "not a folder").unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    for (setting, name) in [("--sink-file", "sink"), ("--checkpoint-file", "checkpoint")] {
        for (path, reason) in [
            ("missing/file", "No such file or directory"),
            ("plain/file", "Not a directory"),
            ("folder", "Is a directory"),
        ] {
            for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["check"]] {
                let failed = run(folder.path(), &[command, &[setting, path]].concat(), "");
                let said = said(&failed);
                assert_eq!(failed.status.code(), Some(1), "{said}");
                let expected =
                    format!("the {name} file is unusable: {path} cannot be read and written");
                assert!(said.contains(&expected) && said.contains(reason), "{said}");
            }
        }
        let checked = run(folder.path(), &["check", setting, "file"], "");
        assert!(checked.status.success(), "{}", said(&checked));
    }
}
