//! A private PostgreSQL for tests, with its own data folder, port and password. It is removed when the tests end.

mod programs;

use std::{
    fs,
    fs::File,
    io::Read as _,
    net::TcpListener,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{run, terminal, tools};

pub(crate) use programs::is_installed;

/// How long a server may take to start; it takes about a second.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// The user that PostgreSQL runs as when xtask runs as root. Debian's package creates it.
const UNPRIVILEGED: &str = "postgres";

/// Whether committed data is still there after a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It is.
    Kept,
    /// It may be lost. Tests run several times faster.
    Lost,
}

/// A running server. Dropping it stops the server and removes its data.
pub(crate) struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    server: Child,
    url: String,
}

impl Postgres {
    /// The environment variable with the URL. Each test creates its own database there.
    pub(crate) const VARIABLE: &str = "COUNTERSIGN_TEST_POSTGRES_URL";

    /// Creates a database cluster in a temporary folder and starts a server on a free loopback port.
    ///
    /// # Errors
    /// When PostgreSQL's programs are missing or do not start.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let programs = programs::folder().context("PostgreSQL's programs are missing")?;
        let folder = tempfile::Builder::new()
            .prefix("countersign-postgres-")
            .tempdir()?;
        if run::is_root() {
            change_owner(folder.path())?;
        }
        let password = random_hex()?;
        initialize(folder.path(), &programs, &password)?;
        let port = free_port()?;
        let mut postgres = Self {
            server: serve(folder.path(), &programs, port, durability)?,
            url: format!("postgres://countersign:{password}@127.0.0.1:{port}/postgres"),
            folder,
            programs,
        };
        postgres.wait_until_ready()?;
        terminal::line(&format!("A private PostgreSQL listens on port {port}"));
        Ok(postgres)
    }

    /// The URL of its `postgres` database, with the password.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the state that the server writes to the last line of its pid file. Connecting instead could reach
    /// another process on the same port.
    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        let pid_file = data(self.folder.path()).join("postmaster.pid");
        loop {
            let state = fs::read_to_string(&pid_file).unwrap_or_default();
            if state.lines().last().map(str::trim) == Some("ready") {
                return Ok(());
            }
            let ended = self.server.try_wait()?;
            if ended.is_some() || start.elapsed() > START_TIMEOUT {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start ({ended:?}); its log is: {log}");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // `pg_ctl` stops the server whose process id is in this data folder. No data needs to be kept.
        let mut stop = command(self.folder.path(), &self.programs.join("pg_ctl"), &[]);
        stop.args(["stop", "--silent", "--mode", "immediate", "--pgdata"]);
        if let Err(error) = run::output(stop.arg(data(self.folder.path()))) {
            terminal::line(&format!(
                "PostgreSQL is killed, since pg_ctl failed: {error:#}"
            ));
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// Runs a command with a private PostgreSQL.
///
/// # Errors
/// When PostgreSQL does not start or the command fails.
pub(crate) fn run_with(command: &[String]) -> Result<()> {
    tools::for_postgres()?;
    let (program, arguments) = command.split_first().context("no command")?;
    let postgres = Postgres::start(Durability::Lost)?;
    run::check(
        Command::new(program)
            .args(arguments)
            .env(Postgres::VARIABLE, postgres.url()),
    )
}

fn initialize(folder: &Path, programs: &Path, password: &str) -> Result<()> {
    let password_file = folder.join("password");
    fs::write(&password_file, password)?;
    let mut initdb = command(folder, &programs.join("initdb"), &[]);
    initdb
        .args(["--username", "countersign", "--auth", "password"])
        .args(["--encoding", "UTF8", "--no-locale", "--no-sync"])
        .arg("--pwfile")
        .arg(&password_file)
        .arg("--pgdata")
        .arg(data(folder));
    run::output(&mut initdb)?;
    Ok(fs::remove_file(password_file)?)
}

/// Starts the server as a child process.
fn serve(folder: &Path, programs: &Path, port: u16, durability: Durability) -> Result<Child> {
    let log = File::create(folder.join("log"))?;
    let settings: &[&str] = match durability {
        Durability::Kept => &[],
        Durability::Lost => &[
            "-c",
            "fsync=off",
            "-c",
            "synchronous_commit=off",
            "-c",
            "full_page_writes=off",
        ],
    };
    // The server stops when xtask is killed.
    command(folder, &programs.join("postgres"), &["--pdeathsig", "INT"])
        .arg("-D")
        .arg(data(folder))
        .args(["-p", &port.to_string(), "-k", ""])
        .args(["-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "max_connections=400"])
        .args(settings)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("cannot start PostgreSQL")
}

/// A command for one of PostgreSQL's programs, as a user other than root. `setpriv` replaces itself by the program, so
/// the process id is the program's.
fn command(folder: &Path, program: &Path, privileges: &[&str]) -> Command {
    let is_root = run::is_root();
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("setpriv");
        if is_root {
            command.args([
                "--reuid",
                UNPRIVILEGED,
                "--regid",
                UNPRIVILEGED,
                "--init-groups",
            ]);
        }
        command.args(privileges).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir(folder).env("LC_ALL", "C");
    command
}

/// Makes the user that PostgreSQL runs as the owner of the folder.
fn change_owner(folder: &Path) -> Result<()> {
    let id = |which: &str| -> Result<u32> {
        let id = run::output(Command::new("id").args([which, UNPRIVILEGED]))
            .context("PostgreSQL does not run as root, and there is no user `postgres`")?;
        Ok(id.parse()?)
    };
    Ok(chown(folder, Some(id("-u")?), Some(id("-g")?))?)
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A random password: a superuser of PostgreSQL can run programs, and other users of the machine can connect.
fn random_hex() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
