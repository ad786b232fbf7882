//! The OpenAPI 3.1 document of the API, generated from the table of routes.
//!
//! Start with [`document`], which renders a table. What a route's path, access and summary do not state, its handler's
//! signature does: [`inputs`] describes each kind of argument with the errors it may cause, [`outputs`] each kind of
//! result. So nothing is written twice, and a handler that is not described does not compile.
//!
//! May use what its room `platform` may use.

mod describe;
pub(crate) mod document;
pub(crate) mod errors;
pub(crate) mod generator;
mod inputs;
mod outputs;

pub(crate) use describe::describe;
