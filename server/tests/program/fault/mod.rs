//! Tests of the program with failing disks, databases, clients and operators, and with signals.

mod disk;
mod first_start;
mod kill_and_count;
mod operations_page;
mod repeated_commands;
mod set_password;
mod start;
mod stop;
mod unusable_files;
mod unwritable_files;
