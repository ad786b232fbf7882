//! The validation of an integration: the last result, and the button that validates it again.

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    error::UiError, model::integrations::integration::ValidationResult,
    pages::integrations::state::ValidationState, ui::form::token::FormToken,
};

/// The panel on the page of an integration.
#[component]
pub(super) fn ValidationPanel(
    id: String,
    validation: ValidationResult,
    connects: bool,
) -> impl IntoView {
    let explanation = if connects {
        "Checks the settings, and whether the host it sends to accepts connections. No credential and no notification is sent."
    } else {
        "Checks the settings only: no host is configured to connect to. Invalid credentials show when a notification is sent."
    };
    view! {
        <section class="panel" aria-labelledby="validation-heading">
            <h2 id="validation-heading">"Validation"</h2>
            <LastResult validation />
            <form method="post" action=ValidateIntegration::url() class="form-line">
                <FormToken action=ValidateIntegration::url() />
                <input type="hidden" name="id" value=id />
                <button type="submit" class="button" aria-describedby="validation-explanation">"Validate"</button>
            </form>
            <p class="hint" id="validation-explanation">{explanation}</p>
        </section>
    }
}

#[component]
fn LastResult(validation: ValidationResult) -> impl IntoView {
    let reason = match &validation {
        ValidationResult::Missing => {
            return view! { <p class="quiet">"Not validated since its last update."</p> }
                .into_any();
        }
        ValidationResult::Passed(_) => None,
        ValidationResult::NotTried(_, reason) | ValidationResult::Failed(_, reason) => {
            Some(reason.clone())
        }
    };
    view! {
        <p><ValidationState validation /></p>
        {reason.map(|reason| view! { <p>{reason}</p> })}
    }
    .into_any()
}

/// Validates an integration.
///
/// # Errors
/// [`UiError::Rejected`] with the reason why it is not valid; [`UiError::Denied`] unless the caller is an
/// administrator.
#[server(prefix = "/ui", endpoint = "integration/validate")]
pub async fn validate_integration(
    /// The integration.
    id: String,
) -> Result<(), UiError> {
    use service::CheckOutcome;

    use crate::{
        model::platform::paths::INTEGRATIONS,
        request::{self, parameters},
    };
    let (service, caller) = request::signed_in()?;
    let validated = service
        .integrations()
        .validate(&caller, parameters::id(&id)?)
        .await;
    let form = request::Form::on("validate", format!("{INTEGRATIONS}/{id}"));
    match request::report(validated) {
        Ok(CheckOutcome::Reached) => form.saying("The integration is valid.").ends(Ok(())),
        Ok(CheckOutcome::NotTried(_)) => form
            .saying("The settings are complete. No connection was tried.")
            .ends(Ok(())),
        Ok(CheckOutcome::Failed(reason)) => form.ends(Err(UiError::rejected("", reason))),
        Err(error) => form.ends(Err(error)),
    }
}
