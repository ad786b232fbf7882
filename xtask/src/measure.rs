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

/// Prints a row for each crate, then what exceeds a limit, then the size of the browser side.
///
/// # Errors
/// When a source file does not parse.
pub(crate) fn run() -> Result<()> {
    let crates = Crate::read_all(paths::root())?;
    terminal::line(&format!(
        "{:<9} | {:^25} | {:^29} |",
        "", "file lines", "function lines"
    ));
    terminal::line(&row([
        "crate",
        "files",
        "median",
        "p90",
        "max",
        "functions",
        "median",
        "p90",
        "max",
        "cycles",
    ]));
    for source in &crates {
        terminal::line(&row(columns(source).each_ref().map(String::as_str)));
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

fn columns(source: &Crate) -> [String; 10] {
    let sizes: Vec<Size> = source.files.iter().map(Size::of).collect();
    let files: Vec<usize> = sizes.iter().map(|size| size.lines).collect();
    let functions = sizes.iter().flat_map(|size| &size.functions);
    let functions: Vec<usize> = functions.map(|(_, lines)| *lines).collect();
    let [file_median, file_p90, file_max] = summary(&files);
    let [function_median, function_p90, function_max] = summary(&functions);
    let cycles = Edges::of(source).cycles().len();
    let numbers = [
        files.len(),
        file_median,
        file_p90,
        file_max,
        functions.len(),
        function_median,
        function_p90,
        function_max,
        cycles,
    ]
    .map(|number| number.to_string());
    let [a, b, c, d, e, f, g, h, i] = numbers;
    [source.name.clone(), a, b, c, d, e, f, g, h, i]
}

fn row(columns: [&str; 10]) -> String {
    let [
        name,
        files,
        file_median,
        file_p90,
        file_max,
        functions,
        median,
        p90,
        max,
        cycles,
    ] = columns;
    format!(
        "{name:<9} | {files:>5} {file_median:>6} {file_p90:>5} {file_max:>6} \
         | {functions:>9} {median:>6} {p90:>5} {max:>6} | {cycles:>6}"
    )
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
