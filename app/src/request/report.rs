//! Errors of the service as pages and forms report them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use leptos::prelude::*;
use service::{ServiceError, warn_of_outage};

use crate::{
    error::UiError,
    request::response::{go_confirm, requested_page, set_status},
};

/// Whether an operation of this request was denied. The middleware for forms provides one and writes an audit event
/// when it is set.
#[derive(Debug, Clone, Default)]
pub struct Denial(Arc<AtomicBool>);

impl Denial {
    /// Whether an operation was denied.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Converts an error for the page that shows it, and gives the response the status of the error.
pub(crate) fn report<T>(result: Result<T, ServiceError>) -> Result<T, UiError> {
    result.map_err(|error| {
        let error = rejection(error);
        set_status(error.status());
        if let (UiError::PasswordNeeded, Some(page)) = (&error, requested_page()) {
            go_confirm(&page);
        }
        error
    })
}

/// Converts the result of a lookup that a page can do without: `None` when there is no such object or the caller may
/// not read it. Every other error, such as a database outage, stays an error.
pub(crate) fn if_visible<T>(result: Result<T, ServiceError>) -> Result<Option<T>, UiError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(ServiceError::NotFound(_) | ServiceError::Denied(_)) => Ok(None),
        Err(error) => report(Err(error)),
    }
}

/// Converts the error of a form that is shown again with status 200, and notes a denial.
pub(crate) fn rejection(error: ServiceError) -> UiError {
    if let ServiceError::Denied(_) = error {
        note_denial();
    }
    to_ui(error)
}

/// Converts an error and logs it when its cause is on the server. For previews of an operation, which leave no audit
/// event.
pub(crate) fn to_ui(error: ServiceError) -> UiError {
    if let ServiceError::Unavailable(_) = error {
        warn_of_outage("show a page", &error);
    } else if let ServiceError::OutcomeUnknown(_) = error {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "The database did not confirm a change."
        );
    } else if let ServiceError::Internal(_) = error {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "A page could not be answered."
        );
    }
    UiError::from(&error)
}

/// The error of a page that the caller may not see: sets status 403 and notes the denial.
pub(crate) fn report_denial(message: String) -> UiError {
    note_denial();
    let error = UiError::Denied(message);
    set_status(error.status());
    error
}

/// Notes that an operation of this request was denied.
pub(crate) fn note_denial() {
    if let Some(Denial(denied)) = use_context() {
        denied.store(true, Ordering::Relaxed);
    }
}
