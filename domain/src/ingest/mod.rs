//! Ingested data: datapoints, events and spans; and the metric catalog, which is gathered from them.
//!
//! Start with [`Kind`] and [`catalog`]. May use: `platform`, `audit`.

pub mod catalog;
mod data;
mod event;
mod kind;

pub use data::{
    Datapoint, Datum, MetricType, Pairs, datapoints_per_minute, is_dimension, is_metric,
};
pub use event::{Event, EventCategory};
pub use kind::{Kind, Unit};
