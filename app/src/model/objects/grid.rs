//! The grid that a dashboard's charts are placed on: twelve columns, any number of rows.

use domain::platform::document::Document;
use leptos::serde_json::Value;
use serde::{Deserialize, Serialize};

/// Columns of a dashboard (docs/contract.md#dashboards).
const COLUMNS: u32 = 12;

/// Maximum height of a chart on the page, in rows. No data is drawn, so tall charts would be empty space.
const MAX_HEIGHT: u32 = 6;

/// The place of a chart in the grid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The first column; the leftmost is 0.
    pub column: u32,
    /// The first row; the topmost is 0.
    pub row: u32,
    /// The width, in columns.
    pub width: u32,
    /// The height, in rows.
    pub height: u32,
}

impl Cell {
    /// Reads a position in a dashboard's document. Missing numbers have defaults; numbers outside the grid become the
    /// nearest inside.
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
            height: number("height", 1).clamp(1, MAX_HEIGHT),
        }
    }

    const fn overlaps(&self, other: &Self) -> bool {
        self.column < other.column + other.width
            && other.column < self.column + self.width
            && self.row < other.row + other.height
            && other.row < self.row + self.height
    }
}

/// Sorts charts into reading order and moves overlapping ones down.
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
    fn a_position_outside_the_grid_becomes_the_nearest_inside() {
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
    fn charts_are_in_reading_order_and_never_overlap() {
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
