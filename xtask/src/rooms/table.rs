//! The table of allowed edges: rows `| crate | place | may use |`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};

/// The files directly below `src`. They may use everything.
pub(super) const ROOT: &str = "root";

/// The crates that are divided into rooms.
pub(super) const CRATES: [&str; 5] = ["domain", "store", "service", "app", "server"];

/// Folders that hold rooms and are none themselves.
const PARENTS: [&str; 2] = ["api", "pages"];

/// Written in the last column for a place that may use no other.
const NOTHING: &str = "–";

/// Which places of a crate may use which. A place is a folder or file below `src`, without `.rs`.
#[derive(Debug, Default, Clone)]
pub(super) struct Table {
    rows: Vec<Row>,
}

/// One line. A place's rows add up.
#[derive(Debug, Clone)]
struct Row {
    crate_name: String,
    places: Vec<String>,
    may_use: Vec<String>,
}

impl Table {
    /// Parses the rows below the two header lines.
    pub(super) fn parse(lines: &[&str]) -> Result<Self> {
        let rows: Result<Vec<Row>> = lines.iter().map(|line| Row::parse(line)).collect();
        Ok(Self { rows: rows? })
    }

    /// The table as Markdown, by crate.
    pub(super) fn render(&self) -> String {
        let mut text = "| crate | place | may use |\n|---|---|---|\n".to_owned();
        for row in CRATES.iter().flat_map(|name| self.rows_of(name)) {
            text += &row.render();
        }
        text
    }

    /// Adds a row that allows nothing.
    pub(super) fn add(&mut self, crate_name: &str, place: &str) {
        self.rows.push(Row {
            crate_name: crate_name.to_owned(),
            places: vec![place.to_owned()],
            may_use: Vec::new(),
        });
    }

    /// The place of a file: the longest matching row, else its folder, else [`ROOT`].
    pub(super) fn place(&self, crate_name: &str, path: &str) -> String {
        let module = module_of(path);
        let places = self.rows_of(crate_name).flat_map(|row| &row.places);
        let matching = places.filter(|place| is_below(module, place));
        match matching.max_by_key(|place| place.len()) {
            Some(place) => place.clone(),
            None => folder_of(module),
        }
    }

    /// Whether the table has a row for this place; [`ROOT`] needs none.
    pub(super) fn has(&self, crate_name: &str, place: &str) -> bool {
        place == ROOT
            || self
                .rows_of(crate_name)
                .any(|row| row.places.iter().any(|known| known == place))
    }

    /// The places that a place may use beside itself.
    pub(super) fn may_use(&self, crate_name: &str, place: &str) -> BTreeSet<&str> {
        self.rows_of(crate_name)
            .filter(|row| row.places.iter().any(|known| known == place))
            .flat_map(|row| row.may_use.iter().map(String::as_str))
            .collect()
    }

    /// What is wrong with the table itself: a crate or place it does not define, or places that may use each other.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for row in &self.rows {
            let name = &row.crate_name;
            if !CRATES.contains(&name.as_str()) {
                problems.push(format!(
                    "the table has a row for {name}, which is not divided into rooms"
                ));
            }
            for used in row.may_use.iter().filter(|used| !self.has(name, used)) {
                problems.push(format!(
                    "{name}: {} may use {used}, which has no row",
                    row.places.join(", ")
                ));
            }
        }
        for name in CRATES {
            let circular = self.circular(name);
            if !circular.is_empty() {
                problems.push(format!(
                    "{name}: the table allows a cycle between {}",
                    circular.join(", ")
                ));
            }
        }
        problems
    }

    /// Places left when those that use nothing left are taken away again and again.
    fn circular(&self, crate_name: &str) -> Vec<&str> {
        let places = self.rows_of(crate_name).flat_map(|row| &row.places);
        let mut left: BTreeMap<&str, BTreeSet<&str>> = places
            .map(|place| (place.as_str(), self.may_use(crate_name, place)))
            .collect();
        loop {
            let known: BTreeSet<&str> = left.keys().copied().collect();
            left.retain(|_, used| used.iter().any(|used| known.contains(used)));
            if left.len() == known.len() {
                return left.into_keys().collect();
            }
        }
    }

    fn rows_of(&self, crate_name: &str) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(move |row| row.crate_name == crate_name)
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
            let names = cell.split(',').map(str::trim);
            names
                .filter(|name| !name.is_empty() && *name != NOTHING)
                .map(str::to_owned)
                .collect()
        };
        Ok(Self {
            crate_name: cells[0].to_owned(),
            places: list(cells[1]),
            may_use: list(cells[2]),
        })
    }

    fn render(&self) -> String {
        let may_use = if self.may_use.is_empty() {
            NOTHING.to_owned()
        } else {
            self.may_use.join(", ")
        };
        format!(
            "| {} | {} | {may_use} |\n",
            self.crate_name,
            self.places.join(", ")
        )
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

fn folder_of(module: &str) -> String {
    let parts: Vec<&str> = module.split('/').collect();
    match parts[..] {
        [] | [_] => ROOT.to_owned(),
        [parent, room, ..] if PARENTS.contains(&parent) => format!("{parent}/{room}"),
        [folder, ..] => folder.to_owned(),
    }
}
