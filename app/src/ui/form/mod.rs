//! Forms: fields with their errors, a new password, and the notice after a form was sent.

pub mod field;
pub mod new_password;
pub mod notice;
