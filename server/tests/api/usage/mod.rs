//! Usage.

mod counts;
