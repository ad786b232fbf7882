//! Receives datapoints, events and spans over HTTP (docs/contract.md#ingest, docs/ingest.md).
//!
//! Start with [`routes`]. [`body`] reads and decompresses a request; one file for each kind of data parses it into
//! [`parsed`] items: [`datapoint`], [`event`], [`span`], [`otlp`]. They use [`json`] for JSON lists, [`message`] for
//! SignalFx messages and [`protobuf`] to walk a message. [`to_otlp`] converts what is queued for an OTLP upstream.
//! [`recent`] shows what was received recently. [`catalog`] has the metric catalog; [`otlp_series`] gathers it from OTLP.
//!
//! Uses `api/platform`.

mod body;
pub(super) mod catalog;
mod datapoint;
mod event;
mod json;
mod message;
mod otlp;
mod otlp_message;
mod otlp_series;
mod parsed;
mod protobuf;
mod recent;
mod recent_body;
mod response;
pub(super) mod routes;
mod schema;
mod span;
mod to_otlp;

pub(crate) use to_otlp::to_otlp;
