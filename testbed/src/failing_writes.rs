//! Makes writes and syncs of a program's database files fail, one by one or for long.

use std::{
    fs,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
    process::Command,
};

/// A number of writes that is not reached.
const NEVER: i64 = i64::MAX / 2;

/// Controls the writes of a program.
#[derive(Debug)]
pub struct FailingWrites {
    library: PathBuf,
    control: PathBuf,
}

impl FailingWrites {
    /// Builds the library in this folder. All writes succeed until [`Self::fail`].
    ///
    /// # Panics
    /// When there is no C compiler.
    #[must_use]
    pub fn build(folder: &Path) -> Self {
        let source = folder.join("fail_writes.c");
        fs::write(&source, include_str!("fail_writes.c")).expect("the source can be written");
        let library = folder.join("fail_writes.so");
        let mut compiler = Command::new("cc");
        compiler
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .arg(&source)
            .arg("-ldl");
        assert!(compiler.status().expect("a C compiler").success());
        let control = folder.join("fail_writes");
        fs::write(&control, [0; 16]).expect("the file can be written");
        let built = Self { library, control };
        built.stop();
        built
    }

    /// Loads the library into a program.
    pub fn load_into(&self, program: &mut Command) {
        program
            .env("LD_PRELOAD", &self.library)
            .env("FAIL_WRITES", &self.control);
    }

    /// After `successes` more writes and syncs, `failures` fail.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn fail(&self, successes: i64, failures: i64) {
        let file = fs::OpenOptions::new()
            .write(true)
            .open(&self.control)
            .expect("the file opens");
        file.write_all_at(&failures.to_ne_bytes(), 8)
            .expect("the file is written");
        file.write_all_at(&successes.to_ne_bytes(), 0)
            .expect("the file is written");
    }

    /// Lets all writes succeed again.
    pub fn stop(&self) {
        self.fail(NEVER, 0);
    }
}
