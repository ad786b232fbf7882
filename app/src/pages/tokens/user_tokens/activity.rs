//! One token with its recent use and its rows of the audit log, read from the service.

use domain::{audit::query::AuditFilter, identity::actor::Caller, platform::id::TokenId};
use service::Service;

use crate::{
    error::UiError,
    model::{
        audit::query::AuditQuery,
        tokens::user_token::{TokenDetail, TokenOrigin, TokenRow},
    },
    pages::audit::server::rows,
    request::report,
};

/// A token, its origins, and a page of its activity.
pub(crate) async fn token(
    service: &Service,
    caller: &Caller,
    id: TokenId,
    query: &AuditQuery,
) -> Result<TokenDetail, UiError> {
    let row = TokenRow::from(report(service.tokens().find(caller, id).await)?);
    let filter = AuditFilter {
        token: Some(id.0),
        ..AuditFilter::default()
    };
    let used = report(service.tokens().recent_use(caller, id.0).await)?;
    let origins = used.places.into_iter().map(|place| TokenOrigin {
        address: place.address,
        client: place.client,
        first_at: place.first_at,
        last_at: place.last_at,
        calls: place.calls,
    });
    Ok(TokenDetail {
        row,
        origins: origins.collect(),
        calls: (used.calls, used.rejected),
        since: used.since,
        rows: rows(service, caller, query, &filter).await?,
    })
}
