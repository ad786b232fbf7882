//! The call log: every request to the API, about a thousand in each row.
//!
//! Start with `block`. `new_call` encodes the calls of a block, `call` decodes them, `walk` returns them in order, `merge`
//! merges small blocks, `queue` has the blocks to be covered and counted.
//! May use what its room `audit` may use.

pub(crate) mod block;
pub(crate) mod call;
pub(crate) mod event;
pub(crate) mod filter;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod new_call;
pub(crate) mod queue;
pub(crate) mod walk;
