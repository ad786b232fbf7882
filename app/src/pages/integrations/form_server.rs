//! The form of an integration on the server: it is filled with stored values; when posted, the integration is stored.

use domain::{
    identity::actor::Caller,
    integrations::{FormPart, form_of},
};
use service::{IntegrationView, Service};

use crate::{
    error::UiError,
    model::{
        document::text,
        integrations::form::{FORM, IntegrationForm},
        platform::notice::Notice,
    },
    pages::integrations::{form_document::document_of, form_values::FormValues, types::type_name},
    request::{Posted, parameters, posted, redirect_with_notice, rejection, report, set_status},
};

/// The form of an integration, or of a new one of a type. When it was posted and the integration is stored, the
/// response redirects to its page. A rejected form says why and keeps the posted values, except secrets.
pub(super) async fn fill(
    service: &Service,
    caller: &Caller,
    id: &str,
    kind: &str,
) -> Result<IntegrationForm, UiError> {
    let stored = find(service, caller, id).await?;
    let stored = stored.as_ref();
    let kind = stored.map_or(kind, |stored| text(&stored.integration.document, "type"));
    let parts = parts_of(kind)?;
    let form = posted();
    let mut notice = Notice::default();
    if let Some(form) = &form
        && let Err(error) = save(service, caller, stored, kind, &parts, form).await
    {
        notice = Notice::rejected(FORM, error, Vec::new());
    }
    let values = FormValues::new(stored, form.as_ref());
    Ok(values.form(kind, &parts, notice))
}

/// The integration with this id; `None` for a new one.
async fn find(
    service: &Service,
    caller: &Caller,
    id: &str,
) -> Result<Option<IntegrationView>, UiError> {
    if id.is_empty() {
        return Ok(None);
    }
    let found = service.integrations().find(caller, parameters::id(id)?);
    let found = report(found.await)?;
    // The form contains the URL of a webhook.
    let shown = vec![&found.integration];
    report(service.objects().record_webhook_reads(caller, shown).await)?;
    Ok(Some(found))
}

fn parts_of(kind: &str) -> Result<Vec<FormPart>, UiError> {
    form_of(kind).ok_or_else(|| {
        set_status(404);
        UiError::NotFound(format!("There is no type of integration called {kind}."))
    })
}

async fn save(
    service: &Service,
    caller: &Caller,
    stored: Option<&IntegrationView>,
    kind: &str,
    parts: &[FormPart],
    form: &Posted,
) -> Result<(), UiError> {
    let document = document_of(kind, parts, form)?;
    let integrations = service.integrations();
    let (saved, done) = match stored {
        None => (
            integrations.create(caller, &document).await,
            format!(
                "The {} integration is created. Validate it here.",
                type_name(kind)
            ),
        ),
        Some(stored) => (
            integrations
                .update(caller, stored.integration.id, &document)
                .await,
            "The integration is saved.".to_owned(),
        ),
    };
    let saved = saved.map_err(rejection)?;
    redirect_with_notice(&format!("/integrations/{}", saved.integration.id), done);
    Ok(())
}
