//! Data that is sent.

pub(crate) mod accept;
pub(crate) mod counts;
pub(crate) mod cursor;
pub(crate) mod forward;
pub(crate) mod queue;
pub(crate) mod recent;
pub(crate) mod segment;
pub(crate) mod upstream;
pub(crate) mod writer;
