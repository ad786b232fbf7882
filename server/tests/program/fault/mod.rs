//! Tests of the program with failing disks, databases, clients and operators, and with signals.

mod backup;
mod disk;
mod evidence;
mod first_start;
mod import_sources;
mod kill_and_count;
mod master_key;
mod operations_page;
mod reading;
mod repeated_commands;
mod set_password;
mod start;
mod stop;
mod unusable_files;
mod unwritable_files;
