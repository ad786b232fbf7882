//! The log tree: one Merkle tree over the rows of both logs (RFC 9162), in the order of checkpoints, beside the chain of
//! checkpoints. Its checkpoints are signed with a key of their own, so that anyone who has the public key can verify them
//! without the master key (docs/decisions/0041-a-log-tree-that-anyone-can-verify.md).
//!
//! Start with [`append`], which grows the tree. [`notes`] has the text formats, [`keys`] the signing key, [`proofs`] what
//! the API returns, [`check`] the verification, and [`bundle`] ranges that are verified without the database.

pub(crate) mod append;
pub(crate) mod bundle;
pub(crate) mod bundle_check;
pub(crate) mod check;
pub(crate) mod finding;
pub(crate) mod frontier;
pub(crate) mod keys;
pub(crate) mod notes;
pub(crate) mod proofs;
pub(crate) mod ranges;
pub(crate) mod reader;
pub(crate) mod rotation;
