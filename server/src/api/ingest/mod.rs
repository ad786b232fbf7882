//! Data that is sent.

pub(crate) mod event;
pub(crate) mod json;
pub(crate) mod message;
pub(crate) mod otlp;
pub(crate) mod otlp_message;
pub(crate) mod protobuf;
pub(crate) mod recent;
pub(crate) mod schema;
pub(crate) mod send;
pub(crate) mod sent;
pub(crate) mod trace;
pub(crate) mod translate;
