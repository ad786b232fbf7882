//! The parts of a checkpoint: row hashes, their Merkle root, the link to the previous checkpoint, and the signature.

use ring::{
    digest::{Context, SHA256},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use store::{Checkpoint, HashedRow, LogKind, Retention};

use crate::platform::key_ring::DerivedKeys;

/// The length of a hash in bytes.
pub(crate) const HASH_LENGTH: usize = 32;

/// Prefixes of hashed rows and hashed pairs of hashes, so that one cannot pass for the other (RFC 6962 section 2.1).
const LEAF: [u8; 1] = [0];
const NODE: [u8; 1] = [1];

/// A SHA-256 hash.
pub(crate) type Hash = [u8; HASH_LENGTH];

fn hash(parts: &[&[u8]]) -> Hash {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; HASH_LENGTH];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// The hash of a row (RFC 6962 section 2.1). A row that was removed before its checkpoint gets the hash of an empty
/// row, which no real row has, so that the gap is covered and the other rows keep their positions.
pub(crate) fn leaf(row: Option<&HashedRow>) -> Hash {
    text_leaf(row.map_or(&[], |row| &row.text))
}

/// The hash of a row with this text (RFC 6962 section 2.1).
pub(crate) fn text_leaf(text: &[u8]) -> Hash {
    hash(&[&LEAF, text])
}

/// The hash of a pair of hashes (RFC 6962 section 2.1).
pub(crate) fn node(left: &Hash, right: &Hash) -> Hash {
    hash(&[&NODE, left, right])
}

/// The root of no rows (RFC 6962 section 2.1).
pub(crate) fn hash_of_nothing() -> Hash {
    hash(&[])
}

/// The hash of the marker that replaces a row without its MAC. No row has this text: each begins with the name of its
/// table.
pub(crate) fn forged_leaf(log: LogKind, key: i64) -> Hash {
    text_leaf(forged_text(log, key).as_bytes())
}

/// The text of that marker.
pub(crate) fn forged_text(log: LogKind, key: i64) -> String {
    format!("[\"forged\",\"{}\",{key}]", log.label())
}

/// The Merkle root of row hashes (RFC 6962 section 2.1).
pub(crate) fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => hash_of_nothing(),
        [one] => *one,
        _ => {
            // The largest power of two below the number of leaves.
            let split = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(split);
            node(&root(left), &root(right))
        }
    }
}

/// The row hashes of a checkpoint; `None` when their total length is not a multiple of the hash length.
pub(crate) fn leaves_of(checkpoint: &Checkpoint) -> Option<&[Hash]> {
    let (leaves, rest) = checkpoint.leaves.as_chunks();
    rest.is_empty().then_some(leaves)
}

/// The signed text of a checkpoint: all fields but the row hashes, which the root represents.
fn signed_text(checkpoint: &Checkpoint) -> Vec<u8> {
    let count = checkpoint.leaves.len() / HASH_LENGTH;
    let mut text = format!(
        "countersign seal\n{}\n{}\n{}\n{count}\n{:?}\n",
        checkpoint.number,
        checkpoint.at.as_micros(),
        checkpoint.last_event,
        checkpoint.blocks,
    )
    .into_bytes();
    text.extend_from_slice(&checkpoint.root);
    text.extend_from_slice(&checkpoint.previous);
    if let Some(event) = checkpoint.mac_from {
        text.extend_from_slice(format!("\nmacs from {event}\n").as_bytes());
    }
    text
}

/// The signed text of a retention mark.
pub(crate) fn signed_retention(retention: &Retention) -> Vec<u8> {
    format!(
        "countersign retention\n{}\n{}\n{}\n",
        retention.kind.label(),
        retention.checkpoint,
        retention.at.as_micros(),
    )
    .into_bytes()
}

/// The hash with which the next checkpoint refers to this one.
pub(crate) fn hash_of(checkpoint: &Checkpoint) -> Hash {
    hash(&[&signed_text(checkpoint), &checkpoint.signature])
}

/// The key that signs checkpoints.
pub(crate) struct CheckpointKey(Ed25519KeyPair);

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("CheckpointKey(…)")
    }
}

impl CheckpointKey {
    /// Derives the key from the master key, so that nodes with the same master key have the same checkpoint key.
    pub(crate) fn of(keys: &DerivedKeys) -> Self {
        let seed = keys.derive(b"seals of the record");
        let pair = Ed25519KeyPair::from_seed_unchecked(seed.as_ref());
        Self(pair.expect("a seed of Ed25519 is any 32 bytes"))
    }

    pub(super) fn sign(&self, checkpoint: &Checkpoint) -> Vec<u8> {
        self.signature(&signed_text(checkpoint))
    }

    /// Whether this key signed the checkpoint.
    pub(crate) fn has_signed(&self, checkpoint: &Checkpoint) -> bool {
        self.verifies(&signed_text(checkpoint), &checkpoint.signature)
    }

    pub(crate) fn sign_retention(&self, retention: &Retention) -> Vec<u8> {
        self.signature(&signed_retention(retention))
    }

    /// Whether this key signed the retention mark.
    pub(super) fn has_signed_retention(&self, retention: &Retention) -> bool {
        self.verifies(&signed_retention(retention), &retention.signature)
    }

    pub(super) fn public_key(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    pub(super) fn signature(&self, text: &[u8]) -> Vec<u8> {
        self.0.sign(text).as_ref().to_vec()
    }

    fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        has_signature(self.public_key(), text, signature)
    }
}

/// Whether the key with this public key signed the checkpoint.
pub(super) fn has_signed(public_key: &[u8], checkpoint: &Checkpoint) -> bool {
    has_signature(public_key, &signed_text(checkpoint), &checkpoint.signature)
}

/// Whether the key with this public key signed the text.
pub(super) fn has_signature(public_key: &[u8], text: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key)
        .verify(text, signature)
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(hash: Hash) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_signed_text_of_earlier_versions_is_unchanged() {
        let mut checkpoint = Checkpoint {
            number: 3,
            at: domain::platform::timestamp::Timestamp::from_micros(4),
            last_event: 5,
            blocks: vec![6, 7],
            leaves: vec![0; 2 * HASH_LENGTH],
            root: vec![b'r'; 2],
            previous: vec![b'p'; 2],
            mac_from: None,
            signature: Vec::new(),
        };
        let earlier = "countersign seal\n3\n4\n5\n2\n[6, 7]\nrrpp";
        assert_eq!(signed_text(&checkpoint), earlier.as_bytes());
        checkpoint.mac_from = Some(1);
        let later = format!("{earlier}\nmacs from 1\n");
        assert_eq!(signed_text(&checkpoint), later.as_bytes());
    }

    /// The leaves and roots from the common test vectors of RFC 6962 implementations.
    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let leaves: Vec<Hash> = ["", "00", "10", "2021", "3031", "40414243"]
            .iter()
            .map(|hex| {
                let bytes = (0..hex.len()).step_by(2);
                let bytes = bytes.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
                leaf(Some(&HashedRow {
                    key: 0,
                    text: bytes.collect(),
                    has_mac: true,
                    state: None,
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
