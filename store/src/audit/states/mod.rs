//! States of rows: what each event says that the rows became which it changed. Every operation notes the rows that it
//! changes (`touched`); the commit reads them and adds their states to its events. `tables` decides which columns are
//! compared, `start` adds the states of rows that are older than this, `repeat` keeps states of events that retention
//! removes.

pub(crate) mod repeat;
pub(crate) mod start;
pub(crate) mod state;
pub(crate) mod tables;
pub(crate) mod touched;
