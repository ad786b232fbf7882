//! The grid that a dashboard's charts are placed on: twelve columns, any number of rows.

use domain::platform::document::Document;
use leptos::serde_json::Value;
use serde::{Deserialize, Serialize};

/// Columns of a dashboard (docs/contract.md#dashboards).
const COLUMNS: u32 = 12;

/// Rows a chart takes up at most on the page: it stands for numbers that are not drawn here.
const TALLEST: u32 = 6;

/// Where a chart stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Its first column, from 0.
    pub column: u32,
    /// Its first row, from 0.
    pub row: u32,
    /// How many columns it takes.
    pub width: u32,
    /// How many rows it takes.
    pub height: u32,
}

impl Cell {
    /// Reads a position in a dashboard's document; what is missing or beyond the grid is the nearest that fits.
    #[must_use]
    pub fn read(position: &Document) -> Self {
        let number = |field: &str, default: u32| {
            let given = position.get(field).and_then(Value::as_u64);
            given.map_or(default, |given| u32::try_from(given).unwrap_or(u32::MAX))
        };
        let column = number("column", 0).min(COLUMNS - 1);
        Self {
            column,
            row: number("row", 0).min(99),
            width: number("width", COLUMNS).clamp(1, COLUMNS - column),
            height: number("height", 1).clamp(1, TALLEST),
        }
    }

    const fn overlaps(&self, other: &Self) -> bool {
        self.column < other.column + other.width
            && other.column < self.column + self.width
            && self.row < other.row + other.height
            && other.row < self.row + self.height
    }
}

/// The cells in reading order, those that would lie on another moved down to where there is room.
#[must_use]
pub fn arranged<T>(mut charts: Vec<(Cell, T)>) -> Vec<(Cell, T)> {
    charts.sort_by_key(|(cell, _)| (cell.row, cell.column));
    let mut taken: Vec<Cell> = Vec::new();
    for (cell, _) in &mut charts {
        while taken.iter().any(|other| other.overlaps(cell)) {
            cell.row += 1;
        }
        taken.push(*cell);
    }
    charts
}

#[cfg(test)]
mod tests {
    use leptos::serde_json::json;

    use super::*;

    fn cell(column: u32, row: u32, width: u32, height: u32) -> Cell {
        Cell {
            column,
            row,
            width,
            height,
        }
    }

    #[test]
    fn a_position_beyond_the_grid_is_the_nearest_that_fits() {
        let read = |position: Value| Cell::read(position.as_object().unwrap());
        assert_eq!(
            read(json!({"column": 6, "row": 2, "width": 6, "height": 1})),
            cell(6, 2, 6, 1)
        );
        assert_eq!(read(json!({})), cell(0, 0, 12, 1));
        assert_eq!(
            read(json!({"column": 10, "row": -1, "width": 12, "height": 900})),
            cell(10, 0, 2, 6)
        );
    }

    #[test]
    fn charts_are_read_along_and_never_lie_on_each_other() {
        let charts = vec![
            (cell(0, 1, 12, 1), "c"),
            (cell(6, 0, 6, 2), "b"),
            (cell(0, 0, 6, 1), "a"),
        ];
        let places: Vec<_> = arranged(charts)
            .into_iter()
            .map(|(place, name)| (name, place.row))
            .collect();
        assert_eq!(places, [("a", 0), ("b", 0), ("c", 2)]);
    }
}
