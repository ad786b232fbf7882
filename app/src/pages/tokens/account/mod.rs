//!

pub mod actions;
pub mod new_token;
pub mod page;
pub mod panel;
