//! Every act, told as what a person tried: allowed, denied, refused, raced, and the event it leaves. On both databases.

mod sign_in;
mod support;
mod tokens;
