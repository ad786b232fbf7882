//! The style sheet that places the charts of a dashboard in a grid of twelve columns.

use std::fmt::Write;

use crate::model::objects::grid::Cell;

/// The class of the chart with this index.
pub(super) fn class(index: usize) -> String {
    format!("chart-{index}")
}

/// The rules that place each chart. A narrow window has no columns: there, charts are in reading order.
pub(super) fn style(cells: &[Cell]) -> String {
    let mut style = String::from("@media (min-width: 48rem) {\n");
    for (index, cell) in cells.iter().enumerate() {
        let Cell {
            column,
            row,
            width,
            height,
        } = cell;
        // Writing to a string cannot fail.
        let _ = writeln!(
            style,
            ".{} {{ grid-area: {} / {} / span {height} / span {width}; min-block-size: {}rem; }}",
            class(index),
            row + 1,
            column + 1,
            height * 8,
        );
    }
    style + "}"
}

#[cfg(test)]
mod tests {
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
    fn a_chart_is_placed_by_its_cell() {
        let style = style(&[cell(6, 2, 3, 2)]);
        assert!(
            style.contains(
                ".chart-0 { grid-area: 3 / 7 / span 2 / span 3; min-block-size: 16rem; }"
            ),
            "{style}"
        );
    }
}
