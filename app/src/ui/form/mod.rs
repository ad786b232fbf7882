//! Forms: fields with their errors, a new password, and the notice after a form was sent. Start with
//! `field`. May use the rest of `ui`, and `model`.

pub mod field;
pub mod hidden;
pub mod new_password;
pub mod notice;
pub mod token;
