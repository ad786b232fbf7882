//! `cargo xtask bench`: what a verified token costs. An authenticated `GET /v2/session` with thousands of distinct
//! tokens, against a bare route that answers the same bytes from the same process, in turns.
//!
//! The server offers for it the hidden command `countersign bench-serve --listen A --bare-listen B --tokens-file F
//! --tokens N`: it makes N tokens over the database it is given, writes them to F one a line, and prints where both
//! listen, the product first: `… listens on http://127.0.0.1:PORT`.

mod load;
mod measure;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use self::{load::Target, measure::Round};
use crate::{build, paths, run, say};

/// How to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How often each side is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each measurement takes
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// Keep-alive connections, all busy
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Distinct tokens, used one after the other
    #[arg(long, default_value_t = 10_000)]
    tokens: usize,
}

/// Builds the release, measures, and prints both sides and their ratio.
///
/// # Errors
/// When something does not build or start, or an answer is not a 200.
pub(crate) fn run(options: &Options) -> Result<()> {
    if cfg!(debug_assertions) {
        return again_in_release(options);
    }
    build::for_release()?;
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path(), options.tokens)?;
    say::stage("measurement", || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?
            .block_on(compare(&server, options))
    })
}

/// A generator built without optimization would take so much of the machine that both sides looked alike.
fn again_in_release(options: &Options) -> Result<()> {
    let mut command = run::cargo(&["run", "--quiet", "--release"]);
    command.args(["-p", "xtask", "--", "bench"]);
    for (name, value) in [
        ("--rounds", options.rounds.to_string()),
        ("--seconds", options.seconds.to_string()),
        ("--connections", options.connections.to_string()),
        ("--tokens", options.tokens.to_string()),
    ] {
        command.args([name, &value]);
    }
    say::line("Building the load generator with optimizations");
    run::check(&mut command)
}

async fn compare(server: &Server, options: &Options) -> Result<()> {
    let tokens = Arc::new(server.tokens.clone());
    let mut product = Target::open(&server.product, &tokens, options.connections).await?;
    let mut bare = Target::open(&server.bare, &tokens, options.connections).await?;
    // Each token once on both sides: caches are warm, and every answer has been seen to be right.
    let (ours, theirs) = (product.warm_up().await?, bare.warm_up().await?);
    say::line(&format!(
        "{} tokens, {} connections; an answer has {ours} bytes, a bare one {theirs}",
        tokens.len(),
        options.connections
    ));
    let time = Duration::from_secs(options.seconds);
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        // Who goes first changes from round to round, so that drift of the machine favours neither.
        let (product, bare) = if number % 2 == 1 {
            let product = product.drive(time).await?;
            (product, bare.drive(time).await?)
        } else {
            let bare = bare.drive(time).await?;
            (product.drive(time).await?, bare)
        };
        let round = Round { product, bare };
        say::line(&format!("round {number}: {round}"));
        rounds.push(round);
    }
    say::line(&measure::summary(&rounds));
    Ok(())
}

/// The running program and what it made. Dropping it ends the program.
struct Server {
    child: Child,
    product: String,
    bare: String,
    tokens: Vec<String>,
}

impl Server {
    fn start(folder: &Path, tokens: usize) -> Result<Self> {
        let tokens_file = folder.join("tokens");
        let mut child = Command::new(paths::server("release"))
            .arg("bench-serve")
            .args(["--listen", "127.0.0.1:0", "--bare-listen", "127.0.0.1:0"])
            .args(["--tokens", &tokens.to_string(), "--tokens-file"])
            .arg(&tokens_file)
            .env(
                "COUNTERSIGN_DATABASE_URL",
                format!("sqlite:{}", folder.join("countersign.db").display()),
            )
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
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
    address.split(['/', ' ']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_is_told_from_other_lines() {
        let address = announced_address("Countersign listens on http://127.0.0.1:4711/ (demo)");
        assert_eq!(address, Some("127.0.0.1:4711"));
        assert_eq!(announced_address("Open http://127.0.0.1:4711/setup"), None);
    }
}
