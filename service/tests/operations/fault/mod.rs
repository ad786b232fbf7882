//! Tests of the service with failing disks, databases, clocks, networks and operators.

mod call_blocks;
mod clock;
mod database_copies;
mod growth;
mod http_sinks;
mod key_rotation;
mod long_lists;
mod master_key;
mod retention_runs;
