//! The program that is measured, as a child process. Its hidden command `countersign bench-serve --listen A
//! --bare-listen B --tokens-file F --tokens N` issues N tokens, writes them to F one a line, and prints the address of
//! the product and then of the bare route: `… listens on http://127.0.0.1:PORT`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use super::test_database::TestDatabase;
use crate::{paths, run};

/// The running program and its tokens. Dropping it stops the program.
pub(super) struct Server {
    child: Child,
    /// The address of the product.
    pub(super) product: String,
    /// The address of the bare route.
    pub(super) bare: String,
    /// Live tokens.
    pub(super) tokens: Vec<String>,
}

impl Server {
    /// Starts `bench-serve`, which issues this many tokens first.
    pub(super) fn start(database: &TestDatabase, tokens: usize) -> Result<Self> {
        let tokens_file = database.folder.path().join("tokens");
        let mut child = command(database)
            .arg("bench-serve")
            .args(["--listen", "127.0.0.1:0", "--bare-listen", "127.0.0.1:0"])
            .args(["--tokens", &tokens.to_string(), "--tokens-file"])
            .arg(&tokens_file)
            .spawn()
            .context("cannot start the release build of countersign")?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut server = Self {
            child,
            product: String::new(),
            bare: String::new(),
            tokens: Vec::new(),
        };
        let mut lines = BufReader::new(stdout).lines();
        let mut announced = lines
            .by_ref()
            .map_while(Result::ok)
            .filter_map(|line| announced_address(&line).map(str::to_owned));
        (server.product, server.bare) = match (announced.next(), announced.next()) {
            (Some(product), Some(bare)) => (product, bare),
            (_, None) | (None, Some(_)) => {
                bail!("`countersign bench-serve` did not print its addresses")
            }
        };
        // Its further output is read, since a full pipe would stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        server.tokens = read_tokens(&tokens_file, tokens)?;
        Ok(server)
    }
}

impl Server {
    /// The process id.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Stops the program and waits until it has written everything to the database.
    pub(super) fn stop(mut self) -> Result<()> {
        let process = self.process().to_string();
        run::check(Command::new("kill").args(["-TERM", &process]))?;
        let ended = self.child.wait()?;
        ensure!(
            ended.success(),
            "`countersign bench-serve` ended with {ended}"
        );
        Ok(())
    }
}

/// A process that is killed when this is dropped.
pub(super) struct RunningProcess(Child);

impl From<Child> for RunningProcess {
    fn from(child: Child) -> Self {
        Self(child)
    }
}

impl Drop for RunningProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `countersign serve` on the same database and returns its address.
///
/// # Errors
/// When it does not start.
pub(super) fn serve(database: &TestDatabase) -> Result<(RunningProcess, String)> {
    let mut child = command(database)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .spawn()
        .context("cannot start the release build of countersign")?;
    let stdout = child.stdout.take().context("no standard output")?;
    let running = RunningProcess(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let address =
        announced_address(&line).context("`countersign serve` did not print its address")?;
    Ok((running, address.to_owned()))
}

/// A command of the release build on this database, without input, whose output is read.
pub(super) fn command(database: &TestDatabase) -> Command {
    let mut command = Command::new(paths::server("release"));
    command
        .env("COUNTERSIGN_DATABASE_URL", &database.url)
        .env(
            "COUNTERSIGN_MASTER_KEY_FILE",
            database.folder.path().join("master.key"),
        )
        .env(
            "COUNTERSIGN_INGEST_FOLDER",
            database.folder.path().join("ingest"),
        )
        .current_dir(database.folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_tokens(file: &Path, wanted: usize) -> Result<Vec<String>> {
    let text = fs::read_to_string(file).context("the file of tokens")?;
    let tokens: Vec<String> = text.lines().map(str::to_owned).collect();
    if tokens.len() != wanted {
        bail!("{wanted} tokens were requested, {} issued", tokens.len());
    }
    Ok(tokens)
}

/// The host and port in a line with an address.
fn announced_address(line: &str) -> Option<&str> {
    let (_, address) = line.split_once("listens on http://")?;
    address.split(['/', ' ', '\n']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_only_in_the_line_that_announces_it() {
        let address = announced_address("Countersign listens on http://127.0.0.1:4711/ (demo)");
        assert_eq!(address, Some("127.0.0.1:4711"));
        let alone = announced_address("Countersign listens on http://127.0.0.1:4711\n");
        assert_eq!(alone, Some("127.0.0.1:4711"));
        assert_eq!(announced_address("Open http://127.0.0.1:4711/setup"), None);
    }
}
