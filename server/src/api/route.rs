//! Routes of the API, each declared with who may call it.
//!
//! There is no other way to add one: a route without an [`Access`] does not compile. The declarations stay readable
//! in a table, which tests walk.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, on},
};
use domain::access::Access;
use service::Service;

use super::gate::Gated;

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

/// Routes under construction, with their table.
#[derive(Debug, Default)]
#[must_use]
pub struct Routes {
    router: Router<Service>,
    table: Vec<RouteSpec>,
}

macro_rules! method {
    ($(#[$doc:meta] $name:ident $method:ident;)*) => {$(
        #[$doc]
        pub fn $name<H, T>(self, path: &'static str, access: Access, handler: H) -> Self
        where
            H: Handler<T, Service>,
            T: 'static,
        {
            let spec = RouteSpec { method: stringify!($method), path, access };
            self.add(MethodFilter::$method, spec, handler)
        }
    )*};
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
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
    pub fn table(&self) -> &[RouteSpec] {
        &self.table
    }

    /// The routes as axum runs them.
    pub(crate) fn into_router(self) -> Router<Service> {
        self.router
    }

    fn add<H, T>(mut self, filter: MethodFilter, spec: RouteSpec, handler: H) -> Self
    where
        H: Handler<T, Service>,
        T: 'static,
    {
        self.router = self
            .router
            .route(spec.path, on(filter, Gated { handler, spec }));
        self.table.push(spec);
        self
    }
}

impl RouteSpec {
    /// Whether calling it may change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        self.method != Method::GET.as_str()
    }
}
