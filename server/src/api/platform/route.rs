//! Routes of the API, each declared with who may call it and with what it does.
//!
//! There is no other way to add one: a route without an [`Access`] or a [`Summary`] does not compile, nor does one whose
//! handler takes or gives what nobody has described. The declarations stay readable in a table, which tests walk and of
//! which [`crate::api::platform::openapi`] makes a document. Nothing of that is touched while serving.

use aide::{
    OperationInput, OperationOutput, generate::GenContext, openapi::Operation,
    operation::OperationHandler,
};
use axum::{
    Router,
    handler::Handler,
    http::{Method, StatusCode},
    routing::{MethodFilter, on},
};
use domain::identity::access::Access;
use service::Service;

use crate::api::platform::auth_guard::Gated;

/// What a route is and who may call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RouteSpec {
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The template of its path, `{…}` standing for one segment.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
}

/// What a route does, in a line, and the refusals that neither its access nor its handler's arguments tell of.
///
/// A line alone is one: `"List dashboards"`.
#[derive(Debug, Clone)]
pub struct Summary {
    pub(crate) line: &'static str,
    pub(crate) refusals: Vec<StatusCode>,
}

/// What belongs together in the document: a noun of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

/// A route as it was declared.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) spec: RouteSpec,
    pub(crate) subject: Subject,
    pub(crate) summary: Summary,
    /// Adds what the handler's signature says: what it takes and what it gives.
    pub(crate) describe: fn(&mut GenContext, &mut Operation),
}

/// Routes under construction, with their table.
#[derive(Debug)]
#[must_use]
pub struct Routes {
    router: Router<Service>,
    subject: Subject,
    table: Vec<Declared>,
}

macro_rules! method {
    ($(#[$doc:meta] $name:ident $method:ident;)*) => {$(
        #[$doc]
        pub fn $name<H, T, I, O>(
            self,
            path: &'static str,
            access: Access,
            summary: impl Into<Summary>,
            handler: H,
        ) -> Self
        where
            H: Handler<T, Service> + OperationHandler<I, O>,
            T: 'static,
            I: OperationInput,
            O: OperationOutput,
        {
            let spec = RouteSpec { method: stringify!($method), path, access };
            let declared = Declared {
                spec,
                subject: self.subject,
                summary: summary.into(),
                describe: crate::api::platform::openapi::describe::<I, O>,
            };
            self.add(MethodFilter::$method, declared, handler)
        }
    )*};
}

impl Routes {
    /// No routes yet, of what is called so.
    pub fn of(name: &'static str, description: &'static str) -> Self {
        Self {
            router: Router::new(),
            subject: Subject { name, description },
            table: Vec::new(),
        }
    }

    method! {
        /// Adds what `GET` does on a path, for those who have this access.
        get GET;
        /// Adds what `POST` does on a path, for those who have this access.
        post POST;
        /// Adds what `PUT` does on a path, for those who have this access.
        put PUT;
        /// Adds what `PATCH` does on a path, for those who have this access.
        patch PATCH;
        /// Adds what `DELETE` does on a path, for those who have this access.
        delete DELETE;
    }

    /// These routes and those.
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// Every route with its access, in the order of declaration.
    #[must_use]
    pub fn table(&self) -> Vec<RouteSpec> {
        self.table.iter().map(|declared| declared.spec).collect()
    }

    /// Every route with all that was declared of it.
    pub(crate) fn declared(&self) -> &[Declared] {
        &self.table
    }

    /// The routes as axum runs them.
    pub(crate) fn into_router(self) -> Router<Service> {
        self.router
    }

    fn add<H, T>(mut self, filter: MethodFilter, declared: Declared, handler: H) -> Self
    where
        H: Handler<T, Service>,
        T: 'static,
    {
        let spec = declared.spec;
        self.router = self
            .router
            .route(spec.path, on(filter, Gated { handler, spec }));
        self.table.push(declared);
        self
    }
}

impl Summary {
    /// A line.
    #[must_use]
    pub const fn new(line: &'static str) -> Self {
        Self {
            line,
            refusals: Vec::new(),
        }
    }

    /// The same of a route that may also refuse with this status.
    #[must_use]
    pub fn or(mut self, refusal: StatusCode) -> Self {
        self.refusals.push(refusal);
        self
    }
}

impl From<&'static str> for Summary {
    fn from(line: &'static str) -> Self {
        Self::new(line)
    }
}

impl RouteSpec {
    /// Whether calling it may change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.method != Method::GET.as_str()
    }
}
