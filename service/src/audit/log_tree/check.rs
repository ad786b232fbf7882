//! Verification of the tree, along the chain of checkpoints: the tree is computed from their leaf hashes and compared with
//! what is stored, what is signed, and the checkpoint that an auditor has. Holds no leaves.

use store::{Checkpoint, Conn, Retention, TreeCheckpoint};

use super::{
    append::start_leaf,
    finding::TreeFinding,
    frontier::{Completed, Frontier},
    notes::{PublicKey, TreeHead},
    reader::signed,
};
use crate::{
    audit::checkpoints::{
        chain::{self, HASH_LENGTH, Hash, signed_retention},
        finding::Finding,
    },
    platform::error::ServiceError,
};

/// A verification of the tree in progress.
pub(crate) struct TreeCheck {
    /// The keys that may have signed.
    keys: Vec<PublicKey>,
    /// The checkpoint that an auditor has. Its signature was verified.
    given: Option<TreeHead>,
    start: Option<TreeCheckpoint>,
    /// The newest stored tree, with the computed size and root hash.
    newest: Option<(TreeCheckpoint, u64, Hash)>,
    /// The newest checkpoint that the tree has, when the verification begins.
    has_to: i64,
    frontier: Frontier,
    /// Whether the tree differs from the rows, so that all later trees do too.
    differs: bool,
    findings: Vec<Finding>,
}

impl TreeCheck {
    /// Begins before the first checkpoint. A database without keys has no tree.
    pub(crate) async fn begin(
        conn: &mut Conn,
        keys: Vec<PublicKey>,
        given: Option<TreeHead>,
    ) -> Result<Self, ServiceError> {
        let start = conn.find_tree_start().await?;
        let newest = conn.find_newest_tree_checkpoint().await?;
        let mut check = Self {
            has_to: newest.map_or(0, |newest| newest.checkpoint),
            findings: Vec::new(),
            frontier: Frontier::default(),
            differs: false,
            newest: None,
            start,
            given,
            keys,
        };
        match &check.start {
            None if check.keys.is_empty() => {}
            None => check.findings.push(Finding::Tree(TreeFinding::StartForged)),
            Some(start) if start.checkpoint == 0 => check.begin_tree(&[0; HASH_LENGTH]),
            Some(_) => {}
        }
        Ok(check)
    }

    /// Adds the leaf of the start, from the hash of the checkpoint before the tree.
    fn begin_tree(&mut self, hash: &Hash) {
        let Some(start) = self.start.clone() else {
            return;
        };
        self.push(start_leaf(start.checkpoint, hash), &mut Vec::new());
        if start.size != 1 || start.root != self.frontier.root() {
            self.differs = true;
            self.findings.push(Finding::Tree(TreeFinding::StartForged));
        }
        self.newest = Some((start, self.frontier.size(), self.frontier.root()));
    }

    fn push(&mut self, leaf: Hash, completed: &mut Vec<Completed>) {
        self.frontier
            .push(leaf, &mut |subtree| completed.push(subtree));
        let given = self.given.as_ref();
        let reached = given.filter(|given| given.size == self.frontier.size());
        if let Some(given) = reached.filter(|given| given.root != self.frontier.root()) {
            self.findings
                .push(Finding::Tree(TreeFinding::GivenDiffers(signed(given.size))));
        }
    }

    /// Follows a checkpoint, whose leaf hashes were compared with the rows.
    pub(crate) async fn follow(
        &mut self,
        conn: &mut Conn,
        checkpoint: &Checkpoint,
    ) -> Result<(), ServiceError> {
        let Some(start) = &self.start else {
            return Ok(());
        };
        if checkpoint.number <= start.checkpoint {
            if checkpoint.number == start.checkpoint {
                self.begin_tree(&chain::hash_of(checkpoint));
            }
            return Ok(());
        }
        let mut completed = Vec::new();
        for leaf in chain::leaves_of(checkpoint).unwrap_or_default() {
            self.push(*leaf, &mut completed);
        }
        for subtree in completed {
            self.compare(conn, subtree).await?;
        }
        let stored = conn.find_tree_checkpoint(checkpoint.number).await?;
        let Some(stored) = stored else {
            self.findings
                .push(Finding::Tree(TreeFinding::Missing(checkpoint.number)));
            return Ok(());
        };
        let is_same = stored.size == signed(self.frontier.size())
            && stored.last_event == checkpoint.last_event
            && stored.root == self.frontier.root();
        if !is_same && !self.differs {
            self.differs = true;
            self.findings
                .push(Finding::Tree(TreeFinding::Differs(checkpoint.number)));
        }
        self.newest = Some((stored, self.frontier.size(), self.frontier.root()));
        Ok(())
    }

    /// Compares a computed subtree with the stored one.
    async fn compare(&mut self, conn: &mut Conn, subtree: Completed) -> Result<(), ServiceError> {
        let (level, position) = (i64::from(subtree.level), signed(subtree.position));
        let stored = conn.list_tree_hashes(level, position, position + 1).await?;
        if stored.first().is_none_or(|(_, hash)| *hash != subtree.hash) && !self.differs {
            self.findings
                .push(Finding::Tree(TreeFinding::HashChanged { level, position }));
        }
        Ok(())
    }

    /// Ends after the last checkpoint. Returns the number of leaves and what was found.
    pub(crate) fn end(mut self) -> (i64, Vec<Finding>) {
        let newest = self.newest.take();
        let followed = newest.as_ref().map_or(0, |(tree, ..)| tree.checkpoint);
        if let Some((tree, size, root)) = newest.filter(|_| !self.differs)
            && !self.is_signed(&tree, size, root)
        {
            self.findings
                .push(Finding::Tree(TreeFinding::Forged(tree.checkpoint)));
        }
        if followed < self.has_to {
            self.findings.push(Finding::CheckpointMissing(self.has_to));
        }
        let missing = self
            .given
            .as_ref()
            .map_or(0, |given| given.size.saturating_sub(self.frontier.size()));
        if missing > 0 {
            self.findings
                .push(Finding::Tree(TreeFinding::LeavesMissing(signed(missing))));
        }
        (signed(self.frontier.size()), self.findings)
    }

    fn is_signed(&self, tree: &TreeCheckpoint, size: u64, root: Hash) -> bool {
        self.keys.iter().any(|key| {
            let head = TreeHead {
                origin: key.name.clone(),
                size,
                root,
            };
            key.has_signed(head.text().as_bytes(), &tree.signature)
        })
    }

    /// Whether a key of the log signed the retention mark; `None` for the mark of an earlier version.
    pub(crate) fn has_signed_retention(&self, mark: &Retention) -> Option<bool> {
        let signature = mark.log_signature.as_ref()?;
        let text = signed_retention(mark);
        Some(self.keys.iter().any(|key| key.has_signed(&text, signature)))
    }
}
