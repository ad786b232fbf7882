//! The rows that the operations of a transaction change, so that the commit adds their states to its events.

/// A table whose rows are compared with the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckedTable {
    /// Objects with their readers (`acl_entry`): dashboards, detectors, teams, integrations and others.
    Object,
    /// The members of teams. The id is those of the team and the user, with a slash between.
    TeamMember,
    /// Members with roles and passwords.
    Member,
    /// User tokens.
    Token,
    /// Sessions.
    Session,
    /// Invitations.
    Invitation,
    /// Org tokens.
    OrgToken,
    /// The secrets of an org token, as one row with the id of the token.
    OrgTokenSecret,
}

/// The changed rows of a transaction, in order.
#[derive(Debug, Default)]
pub(crate) struct TouchedRows {
    /// Table and id of each.
    pub(crate) rows: Vec<(CheckedTable, String)>,
    /// Texts of states of earlier events that the next event repeats.
    pub(crate) repeated: Vec<String>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Touches {
    pub(crate) rows: usize,
    pub(crate) repeated: usize,
}

impl CheckedTable {
    /// All tables.
    pub const ALL: [Self; 8] = [
        Self::Object,
        Self::TeamMember,
        Self::Member,
        Self::Token,
        Self::Session,
        Self::Invitation,
        Self::OrgToken,
        Self::OrgTokenSecret,
    ];

    /// The name of the table.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::TeamMember => "team_member",
            Self::Member => "member",
            Self::Token => "token",
            Self::Session => "session",
            Self::Invitation => "invitation",
            Self::OrgToken => "org_token",
            Self::OrgTokenSecret => "org_token_secret",
        }
    }

    /// The table with this name.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.label() == label)
    }
}

impl TouchedRows {
    pub(crate) const fn len(&self) -> Touches {
        Touches {
            rows: self.rows.len(),
            repeated: self.repeated.len(),
        }
    }

    /// Drops all but the first ones.
    pub(crate) fn truncate(&mut self, len: Touches) {
        self.rows.truncate(len.rows);
        self.repeated.truncate(len.repeated);
    }
}
