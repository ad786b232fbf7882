//! A dashboard with its charts.

use serde::{Deserialize, Serialize};

use crate::model::objects::{grid::Cell, object::ObjectRow};

/// The content of a dashboard's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardView {
    /// The dashboard.
    pub row: ObjectRow,
    /// A text for each filter and variable.
    pub filters: Vec<String>,
    /// The charts that the viewer can read, in reading order.
    pub charts: Vec<ChartView>,
}

/// A chart on a dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartView {
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The type, as a text.
    pub kind: String,
    /// The SignalFlow program.
    pub program: String,
    /// The text of a text chart.
    pub text: String,
    /// Its place in the grid.
    pub cell: Cell,
}
