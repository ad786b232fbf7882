//! Ingested data: datapoints, events and spans.
//!
//! Start with [`Kind`]. May use: `platform`.

mod data;
mod event;
mod kind;

pub use data::{Datapoint, Datum, MetricType, Pairs, datapoints_per_minute};
pub use event::{Event, EventCategory};
pub use kind::{Kind, Unit};
