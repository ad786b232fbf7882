//! The text formats of the log tree: public keys and signed notes (C2SP signed-note), and checkpoints in them (C2SP
//! tlog-checkpoint).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::{
    digest::{SHA256, digest},
    signature::{ED25519, UnparsedPublicKey},
};
use thiserror::Error;

use crate::audit::checkpoints::chain::Hash;

/// The type of a signature with Ed25519.
const ED25519_TYPE: u8 = 1;

/// Bytes of a public key.
pub(crate) const KEY_LENGTH: usize = 32;

/// Bytes of the hash that selects a key.
const KEY_HASH_LENGTH: usize = 4;

/// Bytes of an accepted note.
const NOTE_BYTES: usize = 64 * 1024;

/// The first line of a hand-over. A checkpoint has the origin there, which has no spaces.
const HANDOVER: &str = "countersign audit key hand-over";

/// The start of a signature line: an em dash and a space.
const SIGNATURE: &str = "— ";

/// Why a text is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidNote {
    /// The text of a public key.
    #[error("The public key is not of the form name+hash+key with an Ed25519 key.")]
    Key,
    /// The text of a note.
    #[error("The checkpoint is not a signed note.")]
    Note,
    /// The text in a note.
    #[error("The note is not a checkpoint: it has no origin, tree size and root hash.")]
    Checkpoint,
    /// The signature.
    #[error("The checkpoint has no valid signature of the given public key.")]
    Signature,
    /// The origin.
    #[error("The checkpoint is of another log than the given public key.")]
    Origin,
}

/// A public key with its name, which is the origin of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicKey {
    pub(crate) name: String,
    pub(crate) key: [u8; KEY_LENGTH],
}

impl PublicKey {
    /// Parses a `vkey`.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidNote> {
        let mut parts = text.trim().splitn(3, '+');
        let parts = (parts.next(), parts.next(), parts.next());
        let (Some(name), Some(hash), Some(key)) = parts else {
            return Err(InvalidNote::Key);
        };
        let key = STANDARD.decode(key).map_err(|_| InvalidNote::Key)?;
        let Some((&ED25519_TYPE, key)) = key.split_first() else {
            return Err(InvalidNote::Key);
        };
        let key = Self {
            name: name.to_owned(),
            key: key.try_into().map_err(|_| InvalidNote::Key)?,
        };
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
        if !is_name || hash != hex::encode(key.hash()) {
            return Err(InvalidNote::Key);
        }
        Ok(key)
    }

    fn hash(&self) -> [u8; KEY_HASH_LENGTH] {
        let text = [self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.key].concat();
        let digest = digest(&SHA256, &text);
        let mut hash = [0; KEY_HASH_LENGTH];
        hash.copy_from_slice(&digest.as_ref()[..KEY_HASH_LENGTH]);
        hash
    }

    /// Whether this key signed a text.
    pub(crate) fn has_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.key)
            .verify(text, signature)
            .is_ok()
    }

    /// The note of a text with the signature of this key.
    pub(crate) fn note(&self, text: &str, signature: &[u8]) -> String {
        let signature = STANDARD.encode([&self.hash(), signature].concat());
        format!("{text}\n{SIGNATURE}{} {signature}\n", self.name)
    }
}

/// The text of the key, its `vkey`.
impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = STANDARD.encode([&[ED25519_TYPE], self.key.as_slice()].concat());
        write!(
            formatter,
            "{}+{}+{key}",
            self.name,
            hex::encode(self.hash())
        )
    }
}

/// A signed note.
#[derive(Debug)]
pub(crate) struct Note<'a> {
    /// The signed text, with the newline at its end.
    pub(crate) text: &'a str,
    signatures: Vec<(&'a str, Vec<u8>)>,
}

impl<'a> Note<'a> {
    /// Parses a note.
    pub(crate) fn parse(note: &'a str) -> Result<Self, InvalidNote> {
        let split = note.rfind("\n\n").filter(|_| note.len() <= NOTE_BYTES);
        let split = split.ok_or(InvalidNote::Note)?;
        let (text, signatures) = (&note[..=split], &note[split + 2..]);
        let signatures = signatures.strip_suffix('\n').ok_or(InvalidNote::Note)?;
        let signature = |line: &'a str| {
            let (name, signature) = line.strip_prefix(SIGNATURE)?.split_once(' ')?;
            Some((name, STANDARD.decode(signature).ok()?))
        };
        let signatures: Option<Vec<_>> = signatures.split('\n').map(signature).collect();
        Ok(Self {
            text,
            signatures: signatures.ok_or(InvalidNote::Note)?,
        })
    }

    /// Whether a key signed the note.
    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.signatures.iter().any(|(name, signature)| {
            *name == key.name
                && signature
                    .strip_prefix(&key.hash())
                    .is_some_and(|signature| key.has_signed(self.text.as_bytes(), signature))
        })
    }
}

/// A tree: its name, size and root hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TreeHead {
    pub(crate) origin: String,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

impl TreeHead {
    /// The signed text.
    pub(crate) fn text(&self) -> String {
        let root = STANDARD.encode(self.root);
        format!("{}\n{}\n{root}\n", self.origin, self.size)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let is_canonical = size == "0" || !size.starts_with(['0', '+']);
        Some(Self {
            origin: origin.to_owned(),
            size: size.parse().ok().filter(|_| is_canonical)?,
            root: STANDARD.decode(root).ok()?.try_into().ok()?,
        })
    }

    /// Parses a note and verifies that one of these keys signed it.
    pub(crate) fn verify(note: &str, keys: &[PublicKey]) -> Result<Self, InvalidNote> {
        let note = Note::parse(note)?;
        let head = Self::parse(note.text).ok_or(InvalidNote::Checkpoint)?;
        if keys.iter().all(|key| key.name != head.origin) {
            return Err(InvalidNote::Origin);
        }
        match keys.iter().any(|key| note.is_signed_by(key)) {
            true => Ok(head),
            false => Err(InvalidNote::Signature),
        }
    }
}

/// The text with which a key signs the key that replaces it.
pub(crate) fn handover_text(old: &PublicKey, new: &PublicKey) -> String {
    format!("{HANDOVER}\n{old}\n{new}\n")
}

/// The keys that follow from a key by hand-overs, in their order, beginning with the key.
pub(crate) fn follow(first: PublicKey, handovers: &[String]) -> Vec<PublicKey> {
    let mut keys = vec![first];
    for note in handovers {
        let Ok(note) = Note::parse(note) else {
            continue;
        };
        let mut lines = note.text.lines();
        let parts = (lines.next(), lines.next(), lines.next(), lines.next());
        let (Some(HANDOVER), Some(old), Some(new), None) = parts else {
            continue;
        };
        let (Ok(old), Ok(new)) = (PublicKey::parse(old), PublicKey::parse(new)) else {
            continue;
        };
        if keys.contains(&old) && new.name == old.name && note.is_signed_by(&old) {
            keys.push(new);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use ring::signature::{Ed25519KeyPair, KeyPair as _};

    use super::*;

    /// The example of the Go package golang.org/x/mod/sumdb/note.
    const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    struct Signer(PublicKey, Ed25519KeyPair);

    impl Signer {
        fn new(name: &str, seed: u8) -> Self {
            let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
            let key = pair.public_key().as_ref().try_into().unwrap();
            let name = name.to_owned();
            Self(PublicKey { name, key }, pair)
        }

        fn sign(&self, text: &str) -> String {
            self.0.note(text, self.1.sign(text.as_bytes()).as_ref())
        }

        fn head(&self, size: u64) -> TreeHead {
            TreeHead {
                origin: self.0.name.clone(),
                size,
                root: [7; 32],
            }
        }
    }

    #[test]
    fn the_example_of_another_implementation_is_verified() {
        let key = PublicKey::parse(VKEY).unwrap();
        assert_eq!(key.to_string(), VKEY);
        let note = Note::parse(NOTE).unwrap();
        assert!(note.is_signed_by(&key));
        let changed = NOTE.replace("problem is", "answer is");
        assert!(!Note::parse(&changed).unwrap().is_signed_by(&key));
    }

    #[test]
    fn other_texts_are_no_keys() {
        let cut = VKEY.strip_suffix('W').unwrap();
        for text in [
            "",
            "a+b",
            "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            cut,
        ] {
            assert_eq!(PublicKey::parse(text), Err(InvalidNote::Key), "{text}");
        }
    }

    #[test]
    fn a_checkpoint_is_accepted_with_its_own_key_only() {
        let [own, other] = [1, 2].map(|seed| Signer::new("log", seed));
        let head = own.head(20);
        let note = own.sign(&head.text());
        let verify =
            |note: &str, key: &Signer| TreeHead::verify(note, std::slice::from_ref(&key.0));
        assert_eq!(verify(&note, &own), Ok(head.clone()));
        assert_eq!(verify(&note, &other), Err(InvalidNote::Signature));
        assert_eq!(
            verify(&note, &Signer::new("other", 1)),
            Err(InvalidNote::Origin)
        );
        assert_eq!(
            verify(&note.replace("20", "21"), &own),
            Err(InvalidNote::Signature)
        );
        assert_eq!(verify(note.trim_end(), &own), Err(InvalidNote::Note));
        assert_eq!(
            verify(&own.sign("log\n020\nx\n"), &own),
            Err(InvalidNote::Checkpoint)
        );
    }

    #[test]
    fn keys_are_followed_along_hand_overs_only() {
        let keys = [1, 2, 3].map(|seed| Signer::new("log", seed));
        let [first, second, third] = &keys;
        let handover = |signer: &Signer, old: &Signer, new: &Signer| {
            signer.sign(&handover_text(&old.0, &new.0))
        };
        let follow = |notes: &[String]| follow(first.0.clone(), notes).len();
        let (one, two) = (
            handover(first, first, second),
            handover(second, second, third),
        );
        assert_eq!(follow(&[one.clone(), two.clone()]), 3);
        assert_eq!(follow(&[two]), 1, "the first hand-over is missing");
        assert_eq!(
            follow(&[handover(third, first, third)]),
            1,
            "the old key did not sign"
        );
        let stranger = Signer::new("other", 4);
        assert_eq!(
            follow(&[handover(first, first, &stranger)]),
            1,
            "it is of another log"
        );
        let checkpoint = first.sign(&first.head(1).text());
        assert_eq!(follow(&[checkpoint]), 1);
    }
}
