//! The members of the demonstration.

use domain::identity::role::Role;

/// The password of all members of the demonstration.
pub(super) const PASSWORD: &str = "look around and break things";

/// A member of the demonstration.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) role: Role,
}

pub(super) const ADA: Person = Person {
    name: "Ada Lovelace",
    email: "ada@example.com",
    role: Role::Admin,
};
pub(super) const GRACE: Person = Person {
    name: "Grace Hopper",
    email: "grace@example.com",
    role: Role::Power,
};
pub(super) const KAREN: Person = Person {
    name: "Karen Spärck Jones",
    email: "karen@example.com",
    role: Role::ReadOnly,
};

/// The `User-Agent` of a browser.
pub(super) const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// The `User-Agent` of Terraform.
pub(super) const TERRAFORM: &str = "Terraform/1.9.0 terraform-provider-signalfx/9.7.0";

/// The `User-Agent` of curl.
pub(super) const CURL: &str = "curl/8.5.0";
