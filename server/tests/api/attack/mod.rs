//! Attacks: what a thief of the database, a cookie or an open browser, and markup in a stored text, can and cannot do
//! (docs/security.md).

mod forms;
mod stored_secrets;
