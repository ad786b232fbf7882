//! Pages and their server functions: the browser's door to the service.
//!
//! Who is signed in is found out once a request, here, and handed to the pages with the service and the request's
//! meta. Whether a change was asked for by our own page is the door's question.

use app::{
    error::UiError,
    pages::platform::docs::ApiDocument,
    request::context::{Denial, Posted, RequestContext, find_in, session_cookie_name},
};
use axum::{
    Form, Json, Router,
    body::{Body, Bytes},
    extract::{FromRequest as _, FromRequestParts, Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, RETRY_AFTER},
        request::Parts,
    },
    response::{IntoResponse, Response},
    routing::{any, get},
};
use leptos::prelude::provide_context;
use service::Service;
use tower_http::compression::{
    CompressionLayer,
    predicate::{NotForContentType, Predicate, SizeAbove},
};

use crate::{
    api::platform::{
        body,
        error::{ApiError, OUTAGE_RETRY_SECONDS},
        openapi,
    },
    middleware::{
        catch::survive, cookies, denial, entry, public_url::PublicUrl,
        request_meta::IncomingRequest,
    },
    site::{Site, download},
};

/// Pages tell their address to ourselves and to nobody else. With `no-referrer` a browser would send `Origin: null`
/// with every form of ours, so that on plain http nobody could tell our forms from a stranger's, and a form without
/// scripts would not find its way back.
const TO_OURSELVES: HeaderValue = HeaderValue::from_static("same-origin");

/// Bytes of a form: a whole document ([`domain::platform::limits::BODY_BYTES`]) may be typed into one, and a form writes most signs
/// of JSON as three.
const FORM_BYTES: usize = 3 * domain::platform::limits::BODY_BYTES;

/// How a plain form is sent.
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

#[derive(Clone)]
struct Pages {
    service: Service,
    site: Site,
}

/// Everything that is not the API: server functions, files, pages.
pub(crate) fn routes(service: Service, site: Site) -> Router {
    let pages = Pages { service, site };
    let compression = CompressionLayer::new().br(true).gzip(true).compress_when(
        // Compressed copies of files are made when they are built.
        SizeAbove::new(1_024)
            .and(NotForContentType::IMAGES)
            .and(NotForContentType::const_new("application/wasm")),
    );
    let router = Router::new().route("/ui/{*function}", any(run_server_function));
    // Listing the pages also starts what Leptos runs its tasks on.
    let paths = leptos_axum::generate_route_list(app::App);
    let router = paths.iter().fold(router, |router, page| {
        let methods = get(render_page);
        let takes_form = app::takes_form(page.path());
        router.route(
            page.path(),
            if takes_form {
                methods.post(answer_form)
            } else {
                methods
            },
        )
    });
    router
        .method_not_allowed_fallback(refuse_method)
        .fallback(answer_other)
        .layer(compression)
        // As long as it is: nobody waits for it to be compressed as well.
        .route("/audit/export", get(export_record))
        .with_state(pages)
}

async fn render_page(State(pages): State<Pages>, request: Request) -> Response {
    survive(render(pages, request, None))
        .await
        .unwrap_or_else(ApiError::in_words)
}

/// The page that a form was posted to, with what was typed.
async fn answer_form(State(pages): State<Pages>, request: Request) -> Response {
    survive(async {
        match read_form(request).await {
            Ok((request, posted)) => render(pages, request, Some(posted)).await,
            Err(error) => error.in_words(),
        }
    })
    .await
    .unwrap_or_else(ApiError::in_words)
}

async fn read_form(request: Request) -> Result<(Request, Posted), ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = body::collect_within(body, FORM_BYTES).await?;
    refuse_nul(&bytes)?;
    let form = Request::from_parts(parts.clone(), Body::from(bytes));
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(form, &())
        .await
        .map_err(|_| ApiError::bad_request("The form could not be read."))?;
    let request = Request::from_parts(parts, Body::empty());
    Ok((request, Posted::new(fields)))
}

/// The record, for an administrator to take away.
async fn export_record(State(pages): State<Pages>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    survive(async {
        let context = match context_of(&pages.service, &parts).await {
            Ok(context) => context,
            Err(error) => return error.in_words(),
        };
        let export = download::export(&pages.service, context.caller, &parts.uri).await;
        export.unwrap_or_else(ApiError::in_words)
    })
    .await
    .unwrap_or_else(ApiError::in_words)
}

/// A file, or nothing we have.
async fn answer_other(State(pages): State<Pages>, request: Request) -> Response {
    if entry::is_api(request.uri().path()) {
        return ApiError::not_found("There is no such call.").into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refuse_method().await;
    }
    let file = pages
        .site
        .answer(request.method(), request.uri().path(), request.headers());
    if let Some(file) = file {
        return file;
    }
    if request.uri().path().starts_with("/pkg/") {
        return ApiError::not_found("There is no such file.").in_words();
    }
    let mut response = render_page(State(pages), request).await;
    if response.status().is_success() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

async fn refuse_method() -> Response {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "This page can only be read; nothing can be sent to it.",
    )
    .in_words()
}

async fn render(pages: Pages, request: Request, posted: Option<Posted>) -> Response {
    let (parts, body) = request.into_parts();
    let context = match context_of(&pages.service, &parts).await {
        Ok(context) => context,
        Err(error) => return error.in_words(),
    };
    let path = parts.uri.path().to_owned();
    let request = Request::from_parts(parts, body);
    let assets = pages.site.assets();
    let denial = Denial::default();
    let provide = {
        let (service, context, posted) = (pages.service.clone(), context.clone(), posted.clone());
        let denial = denial.clone();
        move || {
            provide(&service, &context);
            if let Some(posted) = &posted {
                provide_context(posted.clone());
                provide_context(denial.clone());
            }
        }
    };
    let render = leptos_axum::render_app_async_with_context(provide, move || {
        app::shell(assets.clone(), app::request::context::theme())
    });
    let mut response = render(request).await;
    if let (true, Some(caller), Some(posted)) = (denial.was_answered(), &context.caller, &posted)
        && let Some(refused) = denial::of_page(&path, posted.fields())
    {
        denial::record(&pages.service, caller, refused).await;
    }
    if response.headers().contains_key(CONTENT_SECURITY_POLICY) {
        response.headers_mut().insert(REFERRER_POLICY, TO_OURSELVES);
    }
    saying_when(response)
}

/// A page or a form's answer that says "not now" says when.
fn saying_when(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        let headers = response.headers_mut();
        headers
            .entry(RETRY_AFTER)
            .or_insert(HeaderValue::from(OUTAGE_RETRY_SECONDS));
    }
    response
}

async fn run_server_function(State(pages): State<Pages>, request: Request) -> Response {
    let known = leptos::server_fn::axum::get_server_fn_service(
        request.uri().path(),
        request.method().clone(),
    );
    if known.is_none() {
        return ApiError::not_found("There is no such call.").in_words();
    }
    let by_script = accepts_json(request.headers());
    let refuse = |error: ApiError| {
        if by_script {
            as_script_reads(&error)
        } else {
            error.in_words()
        }
    };
    survive(async { run(pages, request).await.unwrap_or_else(refuse) })
        .await
        .unwrap_or_else(refuse)
}

/// Whether a script of ours asks, which reads an error as pages tell it.
fn accepts_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.starts_with("application/json"))
}

/// What went wrong, for a script of ours.
fn as_script_reads(error: &ApiError) -> Response {
    let told = match error.status() {
        StatusCode::SERVICE_UNAVAILABLE => UiError::Unavailable,
        status if status.is_client_error() => UiError::Rejected {
            field: String::new(),
            message: error.message().to_owned(),
        },
        _ => UiError::Internal,
    };
    error.with_retry_after((error.status(), Json(told)).into_response())
}

async fn run(pages: Pages, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = body::collect(body).await?;
    refuse_nul(&bytes)?;
    let context = context_of(&pages.service, &parts).await?;
    let path = parts.uri.path().to_owned();
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    let denial = Denial::default();
    let response = {
        let (service, context, denial) = (pages.service.clone(), context.clone(), denial.clone());
        let provide = move || {
            provide(&service, &context);
            provide_context(denial.clone());
        };
        leptos_axum::handle_server_fns_with_context(provide, request).await
    };
    if let (true, Some(caller)) = (denial.was_answered(), &context.caller)
        && let Some(refused) = denial::of_form(&path, &fields(bytes).await)
    {
        denial::record(&pages.service, caller, refused).await;
    }
    with_its_status(response.into_response())
        .await
        .map(saying_when)
}

/// The fields of a form.
async fn fields(bytes: Bytes) -> Vec<(String, String)> {
    let mut request = Request::new(Body::from(bytes));
    *request.method_mut() = Method::POST;
    request.headers_mut().insert(CONTENT_TYPE, FORM);
    let form = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    form.map(|Form(fields)| fields).unwrap_or_default()
}

/// Leptos answers 500 for a form it cannot read, which is the client's mistake. The error itself knows its status.
async fn with_its_status(response: Response) -> Result<Response, ApiError> {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = body::collect(body).await?;
    let error: Option<UiError> = serde_json::from_slice(&bytes).ok();
    if let Some(status) = error.and_then(|error| StatusCode::from_u16(error.status()).ok()) {
        parts.status = status;
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// Refuses U+0000 in a form or a query: PostgreSQL's texts cannot hold it, and nobody types it.
fn refuse_nul(text: &[u8]) -> Result<(), ApiError> {
    if text.contains(&0) || text.windows(3).any(|window| window == b"%00") {
        return Err(ApiError::bad_request(
            "The form holds the character U+0000, which cannot be stored.",
        ));
    }
    Ok(())
}

fn provide(service: &Service, context: &RequestContext) {
    provide_context(service.clone());
    provide_context(context.clone());
    provide_context(ApiDocument(openapi::shared));
}

/// What a page gets of its request: the meta, and the signed-in caller.
async fn context_of(service: &Service, parts: &Parts) -> Result<RequestContext, ApiError> {
    refuse_nul(parts.uri.query().unwrap_or_default().as_bytes())?;
    let incoming = parts
        .extensions
        .get::<IncomingRequest>()
        .ok_or_else(ApiError::internal)?;
    let headers = &parts.headers;
    let meta = incoming.meta_of(parts);
    let secure_cookies = cookies::are_secure(incoming.over_tls, headers);
    let caller = match find_in(headers, session_cookie_name(secure_cookies)) {
        Some(secret) => {
            service
                .identity()
                .authenticate_session(secret, meta.clone())
                .await?
        }
        None => None,
    };
    let PublicUrl(public_url) = match PublicUrl::from_request_parts(&mut parts.clone(), &()).await {
        Ok(url) => url,
        Err(never) => match never {},
    };
    Ok(RequestContext {
        meta,
        caller,
        secure_cookies,
        public_url,
    })
}
