//! The program that is measured, as a process of its own. It offers for it the hidden command `countersign bench-serve
//! --listen A --bare-listen B --tokens-file F --tokens N`: it makes N tokens over the database it is given, writes them
//! to F one a line, and prints where both listen, the product first: `… listens on http://127.0.0.1:PORT`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

use super::Place;
use crate::{paths, run};

/// The running program and what it made. Dropping it ends the program.
pub(super) struct Server {
    child: Child,
    /// Where the product listens.
    pub(super) product: String,
    /// Where the bare route listens.
    pub(super) bare: String,
    /// Live tokens.
    pub(super) tokens: Vec<String>,
}

impl Server {
    /// Starts `bench-serve`, which makes so many tokens first.
    pub(super) fn start(place: &Place, tokens: usize) -> Result<Self> {
        let tokens_file = place.folder.path().join("tokens");
        let mut child = command(place)
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
                bail!("`countersign bench-serve` did not say where it listens")
            }
        };
        // Whatever else it prints is read, so that a full pipe never stops it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        server.tokens = read_tokens(&tokens_file, tokens)?;
        Ok(server)
    }
}

impl Server {
    /// The process's id.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, and waits until it has brought everything to the database.
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

/// A process that ends when this is dropped.
pub(super) struct Running(Child);

impl From<Child> for Running {
    fn from(child: Child) -> Self {
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts `serve` over the same database, and says where it listens.
///
/// # Errors
/// When it does not start.
pub(super) fn start_plainly(place: &Place) -> Result<(Running, String)> {
    let mut child = command(place)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .spawn()
        .context("cannot start the release build of countersign")?;
    let stdout = child.stdout.take().context("no standard output")?;
    let running = Running(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let address = announced_address(&line).context("it does not say where it listens")?;
    Ok((running, address.to_owned()))
}

/// The release build over this database, which reads nothing from us and whose output we read.
pub(super) fn command(place: &Place) -> Command {
    let mut command = Command::new(paths::server("release"));
    command
        .env("COUNTERSIGN_DATABASE_URL", &place.url)
        .env(
            "COUNTERSIGN_MASTER_KEY_FILE",
            place.folder.path().join("master.key"),
        )
        .env(
            "COUNTERSIGN_INGEST_FOLDER",
            place.folder.path().join("ingest"),
        )
        .current_dir(place.folder.path())
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
    let text = fs::read_to_string(file).context("the tokens")?;
    let tokens: Vec<String> = text.lines().map(str::to_owned).collect();
    if tokens.len() != wanted {
        bail!("asked for {wanted} tokens, got {}", tokens.len());
    }
    Ok(tokens)
}

/// The host and port in a line that says where something listens.
fn announced_address(line: &str) -> Option<&str> {
    let (_, address) = line.split_once("listens on http://")?;
    address.split(['/', ' ', '\n']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_is_told_from_other_lines() {
        let address = announced_address("Countersign listens on http://127.0.0.1:4711/ (demo)");
        assert_eq!(address, Some("127.0.0.1:4711"));
        let alone = announced_address("Countersign listens on http://127.0.0.1:4711\n");
        assert_eq!(alone, Some("127.0.0.1:4711"));
        assert_eq!(announced_address("Open http://127.0.0.1:4711/setup"), None);
    }
}
