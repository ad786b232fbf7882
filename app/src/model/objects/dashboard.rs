//! A dashboard with its charts.

use serde::{Deserialize, Serialize};

use crate::model::objects::{grid::Cell, object::ObjectRow};

/// A dashboard as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DashboardView {
    /// The dashboard.
    pub row: ObjectRow,
    /// Its filters and variables, in words.
    pub filters: Vec<String>,
    /// Its charts, in reading order.
    pub charts: Vec<ChartView>,
}

/// A chart on a dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartView {
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its type, in words.
    pub kind: String,
    /// The program that computes it.
    pub program: String,
    /// What a text chart says.
    pub text: String,
    /// Where it stands.
    pub cell: Cell,
}
