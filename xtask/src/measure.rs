//! `cargo xtask measure`: how long files and functions are, how many cycles there are, and how large the browser side
//! is. `cargo xtask lint` calls [`check`]. Tests are not counted.

use anyhow::{Result, bail};

use crate::{
    paths, site,
    source::{Crate, Edges, Size},
    terminal,
};

/// Most lines of a file.
const FILE_LINES: usize = 350;

/// Most lines of a function's body.
const FUNCTION_LINES: usize = 60;

/// The columns of the table.
const HEADINGS: &str =
    "crate     | files median   p90    max | functions median   p90    max | cycles";

/// Prints a row for each crate and one for all of them, then what exceeds a limit, then the size of the browser side.
///
/// # Errors
/// When a source file does not parse.
pub(crate) fn run() -> Result<()> {
    let crates = Crate::read_all(paths::root())?;
    terminal::line(&format!(
        "{:<9} | {:^25} | {:^29} |",
        "", "file lines", "function lines"
    ));
    terminal::line(HEADINGS);
    let lengths: Vec<Lengths> = crates.iter().map(Lengths::of).collect();
    for lengths in lengths.iter().chain([&Lengths::of_all(&lengths)]) {
        terminal::line(&lengths.row());
    }
    for line in crates.iter().flat_map(excesses) {
        terminal::line(&line);
    }
    terminal::line(&browser_side());
    Ok(())
}

/// Fails when a file or a function exceeds its limit.
///
/// # Errors
/// Lists every excess.
pub(crate) fn check() -> Result<()> {
    let crates = Crate::read_all(paths::root())?;
    let excesses: Vec<String> = crates.iter().flat_map(excesses).collect();
    if !excesses.is_empty() {
        bail!("{} are too long\n{}", excesses.len(), excesses.join("\n"));
    }
    Ok(())
}

/// The lengths of the files and functions of one crate, or of all crates.
struct Lengths {
    name: String,
    files: Vec<usize>,
    functions: Vec<usize>,
    cycles: usize,
}

impl Lengths {
    fn of(source: &Crate) -> Self {
        let sizes: Vec<Size> = source.files.iter().map(Size::of).collect();
        let functions = sizes.iter().flat_map(|size| &size.functions);
        Self {
            name: source.name.clone(),
            files: sizes.iter().map(|size| size.lines).collect(),
            functions: functions.map(|(_, lines)| *lines).collect(),
            cycles: Edges::of(source).cycles().len(),
        }
    }

    fn of_all(crates: &[Self]) -> Self {
        Self {
            name: "all".to_owned(),
            files: crates.iter().flat_map(|one| one.files.clone()).collect(),
            functions: crates
                .iter()
                .flat_map(|one| one.functions.clone())
                .collect(),
            cycles: crates.iter().map(|one| one.cycles).sum(),
        }
    }

    fn row(&self) -> String {
        let [file_median, file_p90, file_max] = summary(&self.files);
        let [median, p90, max] = summary(&self.functions);
        format!(
            "{:<9} | {:>5} {file_median:>6} {file_p90:>5} {file_max:>6} \
             | {:>9} {median:>6} {p90:>5} {max:>6} | {:>6}",
            self.name,
            self.files.len(),
            self.functions.len(),
            self.cycles,
        )
    }
}

/// Median, 90th percentile (nearest rank) and maximum; zeros for no values.
fn summary(values: &[usize]) -> [usize; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    [50, 90, 100].map(|percent| {
        let rank = (sorted.len() * percent).div_ceil(100);
        sorted
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    })
}

/// A line for each file and function of a crate that exceeds its limit.
fn excesses(source: &Crate) -> Vec<String> {
    let mut lines = Vec::new();
    for file in &source.files {
        let (size, path) = (Size::of(file), format!("{}/src/{}", source.name, file.path));
        if size.lines > FILE_LINES {
            lines.push(format!(
                "{path}: {} lines; at most {FILE_LINES}",
                size.lines
            ));
        }
        let long = size
            .functions
            .into_iter()
            .filter(|(_, lines)| *lines > FUNCTION_LINES);
        lines.extend(long.map(|(name, length)| {
            format!("{path}: fn {name}: {length} lines; at most {FUNCTION_LINES}")
        }));
    }
    lines
}

fn browser_side() -> String {
    match site::weigh(&paths::site()) {
        Ok(weights) => weights.verdict(),
        Err(error) => format!("WebAssembly and glue: not measured: {error:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::testing;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        assert_eq!(summary(&[]), [0, 0, 0]);
        assert_eq!(summary(&[7]), [7, 7, 7]);
        assert_eq!(summary(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), [5, 9, 10]);
    }

    #[test]
    fn files_and_functions_beyond_their_limits_are_listed() {
        let body = "    x();\n".repeat(59);
        let long = format!("fn long() {{\n{body}}}\nfn short() {{\n{}}}\n", &body[9..]);
        let source = testing::read(&[
            ("lib.rs", "mod long;\nmod deep;\nmod allowed;\n"),
            ("long.rs", &long),
            ("deep.rs", &"//\n".repeat(351)),
            ("allowed.rs", &"//\n".repeat(350)),
        ]);
        assert_eq!(
            excesses(&source),
            [
                "sample/src/long.rs: fn long: 61 lines; at most 60",
                "sample/src/deep.rs: 351 lines; at most 350",
            ]
        );
    }

    #[test]
    fn tests_are_not_counted() {
        let source = testing::read(&[(
            "lib.rs",
            "mod tests;\nfn f() {\n}\n#[cfg(test)]\nmod checks {\n    fn g() {}\n}\n",
        )]);
        let size = Size::of(&source.files[0]);
        assert_eq!((size.lines, size.functions), (3, vec![("f".to_owned(), 2)]));
    }
}
