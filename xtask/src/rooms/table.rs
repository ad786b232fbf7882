//! The table of allowed edges: rows `| crates | places | may use |`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};

use crate::source::Crate;

/// The files directly below `src`. They may use everything.
pub(super) const ROOT: &str = "root";

/// The crates that are divided into rooms.
pub(super) const CRATES: [&str; 5] = ["domain", "store", "service", "app", "server"];

/// The folders that need no mention in the table.
const ROOMS: [&str; 8] = [
    "platform",
    "identity",
    "tokens",
    "objects",
    "integrations",
    "audit",
    "usage",
    "ingest",
];

/// Folders that contain rooms but are not rooms.
const PARENTS: [&str; 2] = ["api", "pages"];

/// Which places of a crate may use which. A place is a room, or a folder or file below `src` that the table names.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

/// One line. Rows add up.
#[derive(Debug)]
struct Row {
    crates: Vec<String>,
    /// Places, `*` for all of the crate, or `pages/*` for those directly below a folder.
    places: Vec<String>,
    may_use: Vec<String>,
}

impl Table {
    /// Parses the rows below the two header lines.
    pub(super) fn parse(lines: &[&str]) -> Result<Self> {
        let rows: Result<Vec<Row>> = lines.iter().map(|line| Row::parse(line)).collect();
        Ok(Self { rows: rows? })
    }

    /// The place of a file: the longest place of the table that contains it, else its folder, else [`ROOT`].
    pub(super) fn place(&self, crate_name: &str, path: &str) -> String {
        let module = module_of(path);
        let named = self.named(crate_name).into_iter();
        let containing = named.filter(|place| is_below(module, place));
        match containing.max_by_key(|place| place.len()) {
            Some(place) => place.to_owned(),
            None => folder_of(path),
        }
    }

    /// Whether one place may use another.
    pub(super) fn allows(&self, crate_name: &str, from: &str, to: &str) -> bool {
        from == ROOT || from == to || self.may_use(crate_name, from).contains(to)
    }

    /// What is wrong with the table for this crate: a place that is no room and is not named, a name without a place,
    /// and places that may use each other.
    pub(super) fn problems(&self, source: &Crate) -> Vec<String> {
        let name = source.name.as_str();
        let files = source.files.iter();
        let places: BTreeSet<String> = files.map(|file| self.place(name, &file.path)).collect();
        let named = self.named(name);
        let is_known = |place: &str| {
            let room = place.rsplit('/').next().unwrap_or(place);
            place == ROOT || ROOMS.contains(&room) || named.contains(place)
        };
        let unknown = places.iter().filter(|place| !is_known(place));
        let absent = named
            .iter()
            .filter(|place| **place != ROOT && !places.contains(**place));
        let circular = self.circular(name, &places);
        unknown
            .map(|place| format!("{name}: {place} is no room, and the table does not name it"))
            .chain(
                absent.map(|place| format!("{name}: the table names {place}, which has no file")),
            )
            .chain((!circular.is_empty()).then(|| {
                format!(
                    "{name}: the table allows a cycle between {}",
                    circular.join(", ")
                )
            }))
            .collect()
    }

    /// Places left when those that may use nothing left are taken away again and again.
    fn circular<'a>(&'a self, crate_name: &str, places: &'a BTreeSet<String>) -> Vec<&'a str> {
        let places = places
            .iter()
            .map(String::as_str)
            .filter(|place| *place != ROOT);
        let mut left: BTreeMap<&str, BTreeSet<&str>> = places
            .map(|place| (place, self.may_use(crate_name, place)))
            .collect();
        loop {
            let known: BTreeSet<&str> = left.keys().copied().collect();
            left.retain(|place, used| {
                used.iter()
                    .any(|used| used != place && known.contains(used))
            });
            if left.len() == known.len() {
                return left.into_keys().collect();
            }
        }
    }

    fn may_use<'a>(&'a self, crate_name: &str, place: &str) -> BTreeSet<&'a str> {
        self.rows_of(crate_name)
            .filter(|row| row.places.iter().any(|pattern| matches(pattern, place)))
            .flat_map(|row| row.may_use.iter().map(String::as_str))
            .collect()
    }

    /// Every place that the table mentions for a crate.
    fn named<'a>(&'a self, crate_name: &str) -> BTreeSet<&'a str> {
        let rows = self.rows_of(crate_name);
        let mentioned = rows.flat_map(|row| row.places.iter().chain(&row.may_use));
        mentioned
            .map(String::as_str)
            .filter(|place| !place.ends_with('*'))
            .collect()
    }

    fn rows_of<'a>(&'a self, crate_name: &str) -> impl Iterator<Item = &'a Row> {
        self.rows
            .iter()
            .filter(move |row| row.crates.iter().any(|name| name == crate_name))
    }
}

impl Row {
    fn parse(line: &str) -> Result<Self> {
        let cells: Vec<&str> = line
            .trim()
            .trim_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        ensure!(cells.len() == 3, "not a row of three columns: {line}");
        let list = |cell: &str| -> Vec<String> {
            let names = cell.split(',').map(|name| name.trim().trim_matches('`'));
            names
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect()
        };
        let crates = list(cells[0]);
        for name in &crates {
            ensure!(
                CRATES.contains(&name.as_str()),
                "{name} is not divided into rooms: {line}"
            );
        }
        Ok(Self {
            crates,
            places: list(cells[1]),
            may_use: list(cells[2]),
        })
    }
}

/// A place without the folder that holds rooms: `pages/tokens` is `tokens`.
pub(super) fn short(place: &str) -> &str {
    match place.split_once('/') {
        Some((parent, rest)) if PARENTS.contains(&parent) => rest,
        _ => place,
    }
}

/// Whether a place is the one that a row names, or for `*` any, or for `pages/*` one directly below `pages`.
fn matches(pattern: &str, place: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(folder) => place
            .strip_prefix(folder)
            .is_some_and(|rest| !rest.contains('/')),
        None => pattern == place,
    }
}

/// `tokens/mod.rs` and `tokens.rs` are `tokens`.
fn module_of(path: &str) -> &str {
    let module = path.strip_suffix(".rs").unwrap_or(path);
    module.strip_suffix("/mod").unwrap_or(module)
}

fn is_below(module: &str, place: &str) -> bool {
    module
        .strip_prefix(place)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The room or folder of a file, as far as its path alone decides it.
fn folder_of(path: &str) -> String {
    let parts: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    match parts[..] {
        [room] if ROOMS.contains(&room) => room.to_owned(),
        [] | [_] => ROOT.to_owned(),
        [parent, "mod"] if PARENTS.contains(&parent) => ROOT.to_owned(),
        [parent, room, ..] if PARENTS.contains(&parent) => format!("{parent}/{room}"),
        [folder, ..] => folder.to_owned(),
    }
}
