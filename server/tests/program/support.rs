//! Running the program and sending it requests.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// The command that runs the program in this folder, without settings from the environment of the tests.
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

/// Runs the program with this standard input and waits for it to exit.
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
    output_of(child)
}

/// Runs a command without input and waits for it to exit.
pub(crate) fn output(command: &mut Command) -> Output {
    let command = command.stdin(Stdio::null());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    output_of(child.spawn().unwrap())
}

/// Waits for a command to exit, for at most a minute.
pub(crate) fn output_of(child: Child) -> Output {
    let id = child.id().to_string();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    let ended = receiver.recv_timeout(Duration::from_secs(60));
    ended.map_or_else(
        |_| {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
            panic!("the command does not exit")
        },
        Result::unwrap,
    )
}

/// A password that satisfies the password rules.
pub(crate) const PASSWORD: &str = "granite lanterns over quiet water";

/// Creates a user on the command line.
pub(crate) fn make_user(folder: &Path, email: &str, role: &str) {
    let arguments = [
        "user",
        "create",
        "--email",
        email,
        "--name",
        "Test User",
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

/// A running server that is killed when it is dropped.
pub(crate) struct Server {
    pub(crate) child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, command: &str) -> Self {
        Self::started(countersign(folder, &[command, "--listen", "127.0.0.1:0"]))
    }

    /// Starts the server with this command.
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
            .expect("the first line has the address");
        Self {
            address: address.to_owned(),
            child,
            out,
        }
    }

    /// The next line of its standard output.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Sends a request and returns the status and body.
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

    /// Stops the server with SIGTERM, like systemd and containers, and returns its exit status.
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

/// The database of a server that runs in this folder.
pub(crate) fn database_in(folder: &Path) -> testbed::Database {
    testbed::Database {
        url: format!("sqlite:{}", folder.join("data/countersign.db").display()),
        folder: tempfile::tempdir().unwrap(),
    }
}
