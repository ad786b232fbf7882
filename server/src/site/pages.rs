//! Routes for browsers, and pages rendered by `app`.
//!
//! The session cookie is authenticated once a request, in [`super::context`]. Whether a change comes from one of our
//! own pages was checked by the entry service.

use app::{
    request::{Denial, Posted, RequestContext},
    ui::form::token::{FORM_TOKEN, IDEMPOTENCY_KEY},
};
use axum::{
    Form, Router,
    body::Body,
    extract::{FromRequest as _, Path, Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{ALLOW, CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER},
    },
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use domain::{objects::package::PackageType, platform::limits};
use leptos::prelude::provide_context;
use service::Service;
use tower_http::compression::{
    CompressionLayer,
    predicate::{NotForContentType, Predicate, SizeAbove},
};

use super::{
    context::{collect_form, provide, reject_nul, request_context},
    denial::of_page,
    export::export,
    foreign_form::reject_foreign_forms,
    form_key, form_token, forms,
    package::package,
    static_files::Site,
};
use crate::{
    api::platform::{
        error::{ApiError, OUTAGE_RETRY_SECONDS},
        other_method::other_method,
    },
    middleware::{
        catch::{HandlerFailure, catch},
        denial, entry,
        error_page::accepts_html,
    },
};

/// Pages send their address to this server only. With `no-referrer` a browser would send `Origin: null` with our
/// forms, so that on plain http they could not be distinguished from those of another site, and a form without scripts
/// could not return to its page (docs/decisions/0018-referrer-policy-same-origin.md).
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");

/// The largest form: a document of [`domain::platform::limits::BODY_BYTES`] may be typed into one, and a form encodes
/// most punctuation of JSON as three bytes.
const FORM_BYTES: usize = 3 * limits::BODY_BYTES;

#[derive(Clone)]
struct Pages {
    service: Service,
    site: Site,
}

/// Returns the routes for everything that is not the API: server functions, pages, files.
pub(crate) fn routes(service: Service, site: Site) -> Router {
    let compression = CompressionLayer::new().br(true).gzip(true).compress_when(
        // Files have compressed copies, made when they were built.
        SizeAbove::new(1_024)
            .and(NotForContentType::IMAGES)
            .and(NotForContentType::const_new("application/wasm")),
    );
    let router = Router::new().route("/ui/{*function}", post(run_server_function));
    // This also starts the executor that Leptos runs its tasks on.
    let paths = leptos_axum::generate_route_list(app::App);
    let router = paths.iter().fold(router, |router, page| {
        router.route(page.path(), page_methods(page.path()))
    });
    // Exports are not compressed: they are long, and compression would delay them.
    let uncompressed = Router::new()
        .route("/audit/export", get(export_audit_log))
        .route("/dashboards/{id}/export", get(export_dashboard))
        .route("/dashboard-groups/{id}/export", get(export_group))
        .method_not_allowed_fallback(other_method);
    let foreign_forms = from_fn_with_state(service.clone(), reject_foreign_forms);
    router
        .route_layer(foreign_forms)
        .method_not_allowed_fallback(other_method)
        .fallback(file_or_page)
        .layer(compression)
        .merge(uncompressed)
        .with_state(Pages { service, site })
}

fn page_methods(path: &str) -> MethodRouter<Pages> {
    let methods = get(render_page);
    if app::takes_form(path) {
        methods.post(answer_form)
    } else {
        methods
    }
}

async fn render_page(State(pages): State<Pages>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    catch(async {
        match request_context(&pages.service, &parts).await {
            Ok(context) => {
                let request = Request::from_parts(parts, body);
                render(&pages, context, request, None).await
            }
            Err(error) => error.into_plain(),
        }
    })
    .await
    .unwrap_or_else(plain)
}

/// Renders the page that a form was posted to, with the fields that were sent.
async fn answer_form(State(pages): State<Pages>, request: Request) -> Response {
    catch(async {
        match read_form(&pages.service, request).await {
            Ok((context, request, posted)) => render(&pages, context, request, Some(posted)).await,
            Err(error) => error.into_plain(),
        }
    })
    .await
    .unwrap_or_else(plain)
}

async fn run_server_function(State(pages): State<Pages>, request: Request) -> Response {
    let response = forms::respond(&pages.service, request).await;
    with_retry_after(response)
}

async fn export_audit_log(State(pages): State<Pages>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    catch(async {
        let context = match request_context(&pages.service, &parts).await {
            Ok(context) => context,
            Err(error) => return error.into_plain(),
        };
        let export = export(&pages.service, context.caller, &parts.uri).await;
        export.unwrap_or_else(ApiError::into_plain)
    })
    .await
    .unwrap_or_else(plain)
}

async fn export_dashboard(pages: State<Pages>, id: Path<String>, request: Request) -> Response {
    export_package(pages, PackageType::Dashboard, id, request).await
}

async fn export_group(pages: State<Pages>, id: Path<String>, request: Request) -> Response {
    export_package(pages, PackageType::Group, id, request).await
}

async fn export_package(
    State(pages): State<Pages>,
    kind: PackageType,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    catch(async {
        let context = match request_context(&pages.service, &parts).await {
            Ok(context) => context,
            Err(error) => return error.into_plain(),
        };
        let package = package(&pages.service, context.caller, kind, &id).await;
        package.unwrap_or_else(ApiError::into_plain)
    })
    .await
    .unwrap_or_else(plain)
}

/// Returns a file, or the page for an unknown address. A program gets the error body of the API
/// (docs/contract.md#routing).
async fn file_or_page(State(pages): State<Pages>, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let method = if reads {
        request.method()
    } else {
        &Method::HEAD
    };
    let file = pages
        .site
        .respond(method, request.uri().path(), request.headers());
    if let Some(file) = file {
        return if reads {
            file
        } else {
            read_only(request).await
        };
    }
    if entry::is_api(request.uri().path()) || !accepts_html(request.headers()) {
        return ApiError::not_found("There is no such call.").into_response();
    }
    if !reads {
        return ApiError::not_found("There is no such page.").into_plain();
    }
    if request.uri().path().starts_with("/pkg/") {
        return ApiError::not_found("There is no such file.").into_plain();
    }
    let mut response = render_page(State(pages), request).await;
    if response.status().is_success() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// 405 for a file.
async fn read_only(request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut response = other_method(parts.method, parts.uri, parts.headers).await;
    let allowed = HeaderValue::from_static("GET,HEAD");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

/// Authenticates the session before the form is read, because an anonymous form is short.
async fn read_form(
    service: &Service,
    request: Request,
) -> Result<(RequestContext, Request, Posted), ApiError> {
    let (parts, body) = request.into_parts();
    let mut context = request_context(service, &parts).await?;
    let bytes = collect_form(body, &context, FORM_BYTES).await?;
    reject_nul(&bytes)?;
    let form = Request::from_parts(parts.clone(), Body::from(bytes));
    let Form(fields) = Form::<Vec<(String, String)>>::from_request(form, &())
        .await
        .map_err(|_| ApiError::bad_request("The form could not be read."))?;
    if let Some(caller) = form_token::needing_token(&context, &parts.headers) {
        form_token::check(service, caller, &fields).await?;
        form_key::read_key(&mut context, parts.uri.query(), &fields)?;
    }
    let fields = fields
        .into_iter()
        .filter(|(name, _)| name != FORM_TOKEN && name != IDEMPOTENCY_KEY);
    let request = Request::from_parts(parts, Body::empty());
    Ok((context, request, Posted::new(fields.collect())))
}

async fn render(
    pages: &Pages,
    context: RequestContext,
    request: Request,
    posted: Option<Posted>,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let denial = Denial::default();
    let provide = provider(&pages.service, &context, posted.as_ref(), &denial);
    let assets = pages.site.assets();
    let render = leptos_axum::render_app_async_with_context(provide, move || {
        app::shell(assets.clone(), app::request::theme())
    });
    let mut response = render(Request::from_parts(parts, body)).await;
    if let (true, Some(caller), Some(posted)) = (denial.was_answered(), &context.caller, &posted)
        && let Some(denied) = of_page(&path, posted.fields())
    {
        denial::record(&pages.service, caller, denied).await;
    }
    if response.headers().contains_key(CONTENT_SECURITY_POLICY) {
        response.headers_mut().insert(REFERRER_POLICY, SAME_ORIGIN);
    }
    with_retry_after(response)
}

/// Returns the function that fills the Leptos context of a page.
fn provider(
    service: &Service,
    context: &RequestContext,
    posted: Option<&Posted>,
    denial: &Denial,
) -> impl Fn() + Clone + Send + Sync + 'static {
    let (service, context, denial) = (service.clone(), context.clone(), denial.clone());
    let posted = posted.cloned();
    move || {
        provide(&service, &context);
        if let Some(posted) = &posted {
            provide_context(posted.clone());
            provide_context(denial.clone());
        }
    }
}

fn plain(failure: HandlerFailure) -> Response {
    ApiError::from(failure).into_plain()
}

/// Sets `Retry-After` on every 503 (docs/contract.md#throttling).
fn with_retry_after(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        let headers = response.headers_mut();
        headers
            .entry(RETRY_AFTER)
            .or_insert(HeaderValue::from(OUTAGE_RETRY_SECONDS));
    }
    response
}
