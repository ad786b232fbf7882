//! The table of routes, with their access.
//!
//! It is the only way to add a route: one without an [`Access`] or a [`Summary`] does not compile, and neither does one
//! whose handler has undescribed arguments or results. Tests walk the table, and [`super::openapi`] renders it as a
//! document. Serving does not use it.

use aide::{OperationInput, OperationOutput, operation::OperationHandler};
use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, on},
};
use domain::identity::access::Access;
use service::Service;

use super::{
    auth_guard::Guarded,
    openapi::describe,
    route::{DeclaredRoute, RouteGroup, RouteSpec, Summary},
};

/// Routes under construction, with their table.
#[derive(Debug)]
#[must_use]
pub struct Routes {
    router: Router<Service>,
    subject: RouteGroup,
    has_secrets: bool,
    keeps_filters: bool,
    table: Vec<DeclaredRoute>,
}

macro_rules! method {
    ($($(#[$doc:meta])+ $name:ident $method:ident $creates:literal $reads:literal;)*) => {$(
        $(#[$doc])+
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
            let spec = RouteSpec {
                method: stringify!($method),
                path,
                access,
                creates: $creates,
                keeps_filters: self.keeps_filters,
                compresses: $reads && !self.has_secrets,
            };
            let declared = DeclaredRoute {
                spec,
                subject: self.subject,
                summary: summary.into(),
                describe: describe::<I, O>,
            };
            self.add(MethodFilter::$method, declared, handler)
        }
    )*};
}

impl Routes {
    /// An empty table for the routes of one noun.
    pub fn of(name: &'static str, description: &'static str) -> Self {
        Self {
            router: Router::new(),
            subject: RouteGroup { name, description },
            has_secrets: true,
            keeps_filters: false,
            table: Vec::new(),
        }
    }

    /// States that no response of the following routes has a secret, so that what they read may be compressed. With a
    /// secret, the length of a compressed response reveals it to an attacker who adds texts to it (BREACH).
    pub fn without_secrets(mut self) -> Self {
        self.has_secrets = false;
        self
    }

    /// States that the call log has the filters of requests to the following routes: they read the logs.
    pub fn keeping_filters(mut self) -> Self {
        self.keeps_filters = true;
        self
    }

    method! {
        /// Adds a handler for `GET`.
        get GET false true;
        /// Adds a handler for `POST` that creates nothing, or nothing that a repeat would create again.
        post POST false false;
        /// Adds a handler for `POST` that creates something. Its operation begins with `Audit::begin_creation`, so that
        /// a request with an idempotency key can be repeated.
        create POST true false;
        /// Adds a handler for `PUT`.
        put PUT false false;
        /// Adds a handler for `PATCH`.
        patch PATCH false false;
        /// Adds a handler for `DELETE`.
        delete DELETE false false;
    }

    /// Returns these routes together with others.
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// Returns every route with its access, in the order of declaration.
    #[must_use]
    pub fn table(&self) -> Vec<RouteSpec> {
        self.table.iter().map(|declared| declared.spec).collect()
    }

    /// Returns every route with everything that was declared about it.
    pub(crate) fn declared(&self) -> &[DeclaredRoute] {
        &self.table
    }

    /// Returns the routes as axum runs them.
    pub(crate) fn into_router(self) -> Router<Service> {
        self.router
    }

    fn add<H, T>(mut self, filter: MethodFilter, declared: DeclaredRoute, handler: H) -> Self
    where
        H: Handler<T, Service>,
        T: 'static,
    {
        let spec = declared.spec;
        self.router = self
            .router
            .route(&spec.pattern(), on(filter, Guarded { handler, spec }));
        self.table.push(declared);
        self
    }
}
