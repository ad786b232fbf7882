//! Running the program, and asking it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
};

/// What it takes to run the program in this folder, undisturbed by settings of whoever runs the tests.
pub(crate) fn countersign(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("COUNTERSIGN_")) {
        command.env_remove(name);
    }
    command
}

/// Runs the program to its end with this on its standard input.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = countersign(folder, arguments)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// A password that keeps the rules.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Makes a user in the shell.
pub(crate) fn make_user(folder: &Path, email: &str, role: &str) {
    let arguments = [
        "user",
        "create",
        "--email",
        email,
        "--name",
        "Somebody",
        "--role",
        role,
        "--password-stdin",
    ];
    let made = run(folder, &arguments, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{}", said(&made));
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// A running server. Dropping it ends it.
pub(crate) struct Server {
    pub(crate) child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, command: &str) -> Self {
        Self::started(countersign(folder, &[command, "--listen", "127.0.0.1:0"]))
    }

    /// Starts it by a command of its own.
    pub(crate) fn started(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("Countersign listens on http://")
            .expect("it says where it listens");
        Self {
            address: address.to_owned(),
            child,
            out,
        }
    }

    /// The next line it says.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// The status and the body it answers.
    pub(crate) fn ask(&self, head: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (
            head.split(' ').nth(1).unwrap().parse().unwrap(),
            body.to_owned(),
        )
    }

    /// Asks it to stop, as systemd and containers do.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(asked.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
