//! What a seal is made of: hashes of rows, their Merkle root, the link to the seal before, and the signature.

use ring::{
    digest::{Context, SHA256},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use store::{Retention, Seal, SealedRow};

use crate::platform::encryption::Vault;

/// Bytes of a hash.
pub(super) const HASH_LENGTH: usize = 32;

/// What stands before a row, and before two hashes, when they are hashed, so that neither can be taken for the other
/// (RFC 6962 section 2.1).
const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// A SHA-256 hash.
pub(super) type Hash = [u8; HASH_LENGTH];

fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; HASH_LENGTH];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The hash of a row of the record (RFC 6962 section 2.1). A row that was removed before it could be sealed has the hash
/// of nothing, which no row has, so that the gap is sealed and the rows around it keep their places.
pub(super) fn leaf(row: Option<&SealedRow>) -> Hash {
    hash(&[&LEAF, row.map_or(&[], |row| &row.text)])
}

/// The Merkle root over hashes of rows (RFC 6962 section 2.1).
pub(super) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => hash(&[]),
        [one] => *one,
        _ => {
            // The largest power of two that is smaller than their number.
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            hash(&[&NODE, &root(left), &root(right)])
        }
    }
}

/// The hashes in a seal; `None` when they are not whole.
pub(super) fn leaves_of(seal: &Seal) -> Option<&[Hash]> {
    let (leaves, rest) = seal.leaves.as_chunks();
    rest.is_empty().then_some(leaves)
}

/// What is signed: everything a seal says but its leaves, which the root stands for.
fn signed_text(seal: &Seal) -> Vec<u8> {
    let count = seal.leaves.len() / HASH_LENGTH;
    let mut text = format!(
        "countersign seal\n{}\n{}\n{}\n{count}\n{:?}\n",
        seal.number,
        seal.at.as_micros(),
        seal.last_event,
        seal.blocks,
    )
    .into_bytes();
    text.extend_from_slice(&seal.root);
    text.extend_from_slice(&seal.previous);
    text
}

/// What is signed of what retention removed.
fn signed_retention(retention: &Retention) -> Vec<u8> {
    format!(
        "countersign retention\n{}\n{}\n{}\n",
        retention.kind.label(),
        retention.seal,
        retention.at.as_micros(),
    )
    .into_bytes()
}

/// The hash by which the next seal names this one.
pub(super) fn hash_of(seal: &Seal) -> Hash {
    hash(&[&signed_text(seal), &seal.signature])
}

/// The key seals are signed with.
pub(crate) struct SealKey(Ed25519KeyPair);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// The key derived from the master key: nodes that share the one share the other.
    pub(crate) fn from_vault(vault: &Vault) -> Self {
        let seed = vault.derive_key(b"seals of the record");
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_ref());
        Self(pair.expect("a seed of Ed25519 is any 32 bytes"))
    }

    pub(super) fn sign(&self, seal: &Seal) -> Vec<u8> {
        self.signature(&signed_text(seal))
    }

    /// Whether a seal was signed with this key.
    pub(super) fn has_signed(&self, seal: &Seal) -> bool {
        self.verifies(&signed_text(seal), &seal.signature)
    }

    pub(crate) fn sign_retention(&self, retention: &Retention) -> Vec<u8> {
        self.signature(&signed_retention(retention))
    }

    /// Whether what retention removed was signed with this key.
    pub(super) fn has_signed_retention(&self, retention: &Retention) -> bool {
        self.verifies(&signed_retention(retention), &retention.signature)
    }

    fn signature(&self, text: &[u8]) -> Vec<u8> {
        self.0.sign(text).as_ref().to_vec()
    }

    fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0.public_key())
            .verify(text, signature)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(hash: Hash) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The leaves and roots that implementations of RFC 6962 test each other with.
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let leaves: Vec<Hash> = ["", "00", "10", "2021", "3031", "40414243"]
            .iter()
            .map(|hex| {
                let bytes = (0..hex.len()).step_by(2);
                let bytes = bytes.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
                leaf(Some(&SealedRow {
                    key: 0,
                    text: bytes.collect(),
                }))
            })
            .collect();
        for (count, expected) in [
            (
                0,
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            (
                1,
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            ),
            (
                2,
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            ),
            (
                3,
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            ),
            (
                4,
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ),
            (
                5,
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            ),
            (
                6,
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            ),
        ] {
            assert_eq!(hex(root(&leaves[..count])), expected, "{count}");
        }
    }
}
