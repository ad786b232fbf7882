//! The variable `COUNTERSIGN_MASTER_KEY`. It is removed from the environment of the process, which child processes
//! inherit and other processes of the same user can read.
//!
//! The operating system shows the environment that a program was started with, whatever the program changes later. The
//! program therefore executes itself once more, without the variable, and passes the key through a pipe.

use std::{
    env, fs,
    io::{self, Write as _},
    os::{fd::AsRawFd as _, unix::process::CommandExt as _},
    process::Command,
};

use rustix::pipe::pipe;
use zeroize::Zeroizing;

/// The variable with the master key.
const VARIABLE: &str = "COUNTERSIGN_MASTER_KEY";

/// The variable with the number of the pipe that the key is read from.
const PIPE_VARIABLE: &str = "COUNTERSIGN_MASTER_KEY_PIPE";

/// The longest text: it is written to the pipe before it is read.
const LONGEST: usize = 1_024;

/// Returns the master key that the environment has, if it has one. The first time, this executes the program again and
/// does not return.
///
/// # Errors
/// When the key cannot be passed on.
pub(crate) fn take() -> io::Result<Option<Zeroizing<String>>> {
    if let Some(number) = env::var_os(PIPE_VARIABLE) {
        let number = number.to_string_lossy().parse::<u32>();
        let number = number.map_err(io::Error::other)?;
        let text = fs::read_to_string(format!("/dev/fd/{number}"))?;
        return Ok(Some(Zeroizing::new(text)));
    }
    match env::var_os(VARIABLE).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => {
            let text = Zeroizing::new(text.into_encoded_bytes());
            Err(execute_again(&text))
        }
    }
}

/// Executes the program again. Returns why that is impossible.
fn execute_again(text: &[u8]) -> io::Error {
    if text.len() > LONGEST {
        return io::Error::other("it is too long to be a key");
    }
    // The program that is executed inherits the end that is read.
    let (read, write) = match pipe() {
        Ok(pipe) => pipe,
        Err(error) => return error.into(),
    };
    if let Err(error) = fs::File::from(write).write_all(text) {
        return error;
    }
    let mut arguments = env::args_os();
    let name = arguments.next();
    let program = match env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut command = Command::new(program);
    if let Some(name) = name {
        command.arg0(name);
    }
    command
        .args(arguments)
        .env_remove(VARIABLE)
        .env(PIPE_VARIABLE, read.as_raw_fd().to_string())
        .exec()
}
