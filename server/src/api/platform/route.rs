//! What is declared about a route: its address, its access, and what it does.

use aide::{generate::GenContext, openapi::Operation};
use axum::http::{Method, StatusCode};
use domain::identity::access::Access;

/// The address of a route and the access that it requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteSpec {
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The template of its path; `{…}` stands for one segment, and `{path}` for all that follow.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Whether it creates something, so that a request may have an idempotency key.
    pub creates: bool,
    /// Whether the call log has the filters of a request besides its path.
    pub keeps_filters: bool,
    /// Whether its responses may be compressed: they never have a secret, whose length compression could reveal.
    pub compresses: bool,
}

/// The variable that stands for all segments that follow.
pub(crate) const PATH: &str = "{path}";

/// What a route does, in one line, and the error statuses that follow neither from its access nor from its handler's
/// arguments.
///
/// A line alone can be used in its place: `"List dashboards"`.
#[derive(Debug, Clone)]
pub struct Summary {
    pub(crate) line: &'static str,
    pub(crate) errors: Vec<StatusCode>,
}

/// A group of routes in the document: a noun of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RouteGroup {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

/// A route as it was declared.
#[derive(Debug, Clone)]
pub(crate) struct DeclaredRoute {
    pub(crate) spec: RouteSpec,
    pub(crate) subject: RouteGroup,
    pub(crate) summary: Summary,
    /// Adds what follows from the handler's signature: its inputs and outputs.
    pub(crate) describe: fn(&mut GenContext, &mut Operation),
}

impl Summary {
    /// A line without additional errors.
    #[must_use]
    pub const fn new(line: &'static str) -> Self {
        Self {
            line,
            errors: Vec::new(),
        }
    }

    /// Adds an error status that the route may respond with.
    #[must_use]
    pub fn or(mut self, error: StatusCode) -> Self {
        self.errors.push(error);
        self
    }
}

impl From<&'static str> for Summary {
    fn from(line: &'static str) -> Self {
        Self::new(line)
    }
}

impl RouteSpec {
    /// Returns the template as axum reads it.
    pub(crate) fn pattern(self) -> String {
        self.path.replace(PATH, "{*path}")
    }

    /// Whether a call may change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.method != Method::GET.as_str()
    }
}
