//! Server functions, which forms and scripts of our pages call.

use app::{error::UiError, request::Denial};
use axum::{
    Form, Json,
    body::{Body, Bytes},
    extract::{FromRequest as _, Request},
    http::{HeaderValue, Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use domain::platform::limits;
use leptos::prelude::provide_context;
use service::Service;

use super::{
    context::{accepts_json, collect_form, provide, reject_nul, request_context},
    denial::of_form,
    form_key, form_token,
};
use crate::{
    api::platform::{bytes, error::ApiError},
    middleware::{catch::catch, denial},
};

/// The content type of a form without scripts.
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

/// Runs the server function at the request's path.
pub(super) async fn respond(service: &Service, request: Request) -> Response {
    let known = leptos::server_fn::axum::get_server_fn_service(
        request.uri().path(),
        request.method().clone(),
    );
    if known.is_none() {
        return ApiError::not_found("There is no such call.").into_plain();
    }
    let by_script = accepts_json(request.headers());
    let fail = |error: ApiError| {
        if by_script {
            script_error(&error)
        } else {
            error.into_plain()
        }
    };
    catch(async { run(service, request).await.unwrap_or_else(fail) })
        .await
        .unwrap_or_else(|none| fail(none.into()))
}

/// Returns an error for a script of ours.
fn script_error(error: &ApiError) -> Response {
    let body = match error.status() {
        StatusCode::SERVICE_UNAVAILABLE => UiError::Unavailable,
        status if status.is_client_error() => UiError::Rejected {
            field: String::new(),
            message: error.message().to_owned(),
        },
        _ => UiError::Internal,
    };
    error.with_retry_after((error.status(), Json(body)).into_response())
}

async fn run(service: &Service, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let mut context = request_context(service, &parts).await?;
    let bytes = collect_form(body, &context, limits::BODY_BYTES).await?;
    reject_nul(&bytes)?;
    let path = parts.uri.path().to_owned();
    if let Some(caller) = form_token::needing_token(&context, &parts.headers) {
        let fields = fields(bytes.clone()).await;
        form_token::check(service, caller, &fields).await?;
        form_key::read_key(&mut context, parts.uri.query(), &fields)?;
    }
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    let denial = Denial::default();
    let response = {
        let (service, context, denial) = (service.clone(), context.clone(), denial.clone());
        let provide = move || {
            provide(&service, &context);
            provide_context(denial.clone());
        };
        leptos_axum::handle_server_fns_with_context(provide, request).await
    };
    if let (true, Some(caller)) = (denial.was_answered(), &context.caller)
        && let Some(denied) = of_form(&path, &fields(bytes).await)
    {
        denial::record(service, caller, denied).await;
    }
    with_status_of_error(response.into_response()).await
}

/// Returns the fields of a form.
async fn fields(bytes: Bytes) -> Vec<(String, String)> {
    let mut request = Request::new(Body::from(bytes));
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(CONTENT_TYPE, FORM);
    let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    form.map(|Form(fields)| fields).unwrap_or_default()
}

/// Sets the status that the error in the body has. Leptos responds with 500 to a malformed form, which is the client's
/// mistake.
async fn with_status_of_error(response: Response) -> Result<Response, ApiError> {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = bytes::collect(body).await?;
    let error: Option<UiError> = serde_json::from_slice(&bytes).ok();
    if let Some(status) = error.and_then(|error| StatusCode::from_u16(error.status()).ok()) {
        parts.status = status;
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
