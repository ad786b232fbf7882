//! The metric catalog: dimensions, metrics, metric time series and tags (docs/contract.md#metric-catalog).
//!
//! [`names`] has what names them, [`draft`] parses requests, [`query`] searches.

pub mod draft;
pub mod facts;
pub mod names;
pub mod narrow;
pub mod order;
pub mod query;
