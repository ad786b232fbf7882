//! A private PostgreSQL for tests: its own data folder, port and password, gone when the tests are.

use std::{
    env, fs,
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

use crate::{run, say, tools};

/// How long a fresh server may take to answer; it takes about a second.
const PATIENCE: Duration = Duration::from_secs(60);

/// The user PostgreSQL runs as when we are root, which it refuses to be. Debian's package makes it.
const UNPRIVILEGED: &str = "postgres";

/// What becomes of data when the machine stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// What was committed is there.
    Kept,
    /// It may be lost, which makes tests several times faster.
    Lost,
}

/// A running server. Dropping it ends the server and removes its data.
pub(crate) struct Postgres {
    folder: TempDir,
    programs: PathBuf,
    server: Child,
    url: String,
}

impl Postgres {
    /// Where tests find the address. They make databases of their own there.
    pub(crate) const VARIABLE: &str = "COUNTERSIGN_TEST_POSTGRES_URL";

    /// Makes a database cluster in a temporary folder and starts a server over it on a free port of loopback.
    ///
    /// # Errors
    /// When PostgreSQL's programs are missing or do not start.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let programs = programs().context("PostgreSQL's programs are missing")?;
        let folder = tempfile::Builder::new()
            .prefix("countersign-postgres-")
            .tempdir()?;
        if run::is_root() {
            hand_over(folder.path())?;
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
        say::line(&format!("A private PostgreSQL runs on port {port}"));
        Ok(postgres)
    }

    /// The address of its `postgres` database, password included.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The server writes its state into the last line of its own pid file: nobody else's server can be taken for it.
    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        let pid_file = data(self.folder.path()).join("postmaster.pid");
        loop {
            let state = fs::read_to_string(&pid_file).unwrap_or_default();
            if state.lines().last().map(str::trim) == Some("ready") {
                return Ok(());
            }
            let ended = self.server.try_wait()?;
            if ended.is_some() || start.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start ({ended:?}); its log says: {log}");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // `pg_ctl` ends the server whose id stands in this data folder, and no other. Nothing needs to be kept.
        let mut stop = command(self.folder.path(), &self.programs.join("pg_ctl"), &[]);
        stop.args(["stop", "--silent", "--mode", "immediate", "--pgdata"]);
        if let Err(error) = run::output(stop.arg(data(self.folder.path()))) {
            say::line(&format!("PostgreSQL had to be killed: {error:#}"));
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// Runs a command beside a private PostgreSQL.
///
/// # Errors
/// When PostgreSQL does not start or the command does not succeed.
pub(crate) fn beside(command: &[String]) -> Result<()> {
    tools::for_postgres()?;
    let (program, arguments) = command.split_first().context("which command?")?;
    let postgres = Postgres::start(Durability::Lost)?;
    run::check(
        Command::new(program)
            .args(arguments)
            .env(Postgres::VARIABLE, postgres.url()),
    )
}

/// Whether PostgreSQL's server programs are here.
pub(crate) fn is_installed() -> bool {
    programs().is_some()
}

/// The folder of PostgreSQL's programs: on the path, else the newest where Debian puts them, which is off the path.
fn programs() -> Option<PathBuf> {
    let on_path = env::split_paths(&env::var_os("PATH")?).collect::<Vec<_>>();
    let debian = fs::read_dir("/usr/lib/postgresql").ok();
    let mut versions: Vec<(u32, PathBuf)> = debian
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    on_path
        .into_iter()
        .chain(versions.into_iter().rev().map(|(_, folder)| folder))
        .find(|folder| {
            ["initdb", "postgres", "pg_ctl"]
                .iter()
                .all(|program| folder.join(program).exists())
        })
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

/// Starts the server as our child.
fn serve(folder: &Path, programs: &Path, port: u16, durability: Durability) -> Result<Child> {
    let log = File::create(folder.join("log"))?;
    let faster: &[&str] = match durability {
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
    // Should we be killed, the server is told to end too.
    command(folder, &programs.join("postgres"), &["--pdeathsig", "INT"])
        .arg("-D")
        .arg(data(folder))
        .args(["-p", &port.to_string(), "-k", ""])
        .args(["-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "max_connections=400"])
        .args(faster)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("cannot start PostgreSQL")
}

/// A program of PostgreSQL's, as a user it accepts. `setpriv` becomes the program, so its child id is the program's.
fn command(folder: &Path, program: &Path, privileges: &[&str]) -> Command {
    let as_somebody_else = run::is_root();
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("setpriv");
        if as_somebody_else {
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

/// Gives the folder to the user PostgreSQL will run as.
fn hand_over(folder: &Path) -> Result<()> {
    let id = |which: &str| -> Result<u32> {
        let id = run::output(Command::new("id").args([which, UNPRIVILEGED]))
            .context("PostgreSQL refuses to run as root, and there is no user `postgres`")?;
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

/// A password nobody else on the machine can guess: a superuser of PostgreSQL may run programs as its user.
fn random_hex() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
