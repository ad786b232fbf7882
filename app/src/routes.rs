//! The routes of all pages. Start here to find a page by its URL.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    any_nested_route::IntoAnyNestedRoute,
    components::{Route, Router, Routes},
    path,
};

use crate::pages::{
    audit::{list::AuditPage, verification::VerificationPage},
    identity::{
        categories::page::CategoriesPage,
        confirm::ConfirmPage,
        invitation::InvitationPage,
        invitations::{InvitationLinkPage, InvitationsPage, NewInvitationPage},
        members::{detail::MemberPage, list::OrganizationPage},
        setup::SetupPage,
        sign_in::SignInPage,
        teams::{
            detail::TeamPage,
            form::{EditTeamPage, NewTeamPage},
            list::TeamsPage,
        },
    },
    ingest::catalog::{DimensionsPage, MetricsPage},
    integrations::{
        detail::IntegrationPage,
        form::{EditIntegrationPage, NewIntegrationPage},
        list::IntegrationsPage,
    },
    objects::{
        dashboard_groups::{detail::DashboardGroupPage, list::DashboardGroupsPage},
        dashboards::{detail::DashboardPage, list::DashboardsPage},
        detectors::{detail::DetectorPage, list::DetectorsPage},
        document::page::{
            DashboardDocumentPage, DataLinkDocumentPage, DetectorDocumentPage, GroupDocumentPage,
            MutingRuleDocumentPage, NewDashboardDocumentPage, NewDataLinkPage,
            NewDetectorDocumentPage, NewGroupDocumentPage, NewMutingRulePage, NewSloPage,
            SloDocumentPage,
        },
        form::page::{
            EditDashboardPage, EditDetectorPage, EditGroupPage, NewDashboardPage, NewDetectorPage,
            NewGroupPage,
        },
        import::page::{ImportDashboardPage, ImportGroupPage},
        permissions::form::{
            DashboardPermissionsPage, DetectorPermissionsPage, GroupPermissionsPage,
        },
        shared::{
            detail::{DataLinkPage, MutingRulePage, SloPage},
            list::{DataLinksPage, MutingRulesPage, SlosPage},
        },
    },
    platform::{docs::DocsPage, home::HomePage, not_found::NotFoundPage},
    tokens::{
        account::{new_token::FreshTokenPage, page::AccountPage},
        org_tokens::{
            detail::AccessTokenPage,
            form::{EditAccessTokenPage, NewAccessTokenPage},
            list::AccessTokensPage,
            secret_page::AccessTokenSecretPage,
        },
        user_tokens::{detail::TokenPage, list::TokensPage},
    },
    usage::page::UsagePage,
};

/// The routes. Each page is rendered completely before it is sent, so that title, status and data are correct without
/// scripts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    prepare_response();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async />
                <Route path=path!("/audit/verification") view=VerificationPage ssr=SsrMode::Async />
                <Route path=path!("/catalog/dimensions") view=DimensionsPage ssr=SsrMode::Async />
                <Route path=path!("/catalog/metrics") view=MetricsPage ssr=SsrMode::Async />
                <Route path=path!("/docs") view=DocsPage ssr=SsrMode::Async />
                <Route path=path!("/usage") view=UsagePage ssr=SsrMode::Async />
                <IdentityRoutes />
                <TokensRoutes />
                <ObjectsRoutes />
                <SharedRoutes />
                <IntegrationsRoutes />
            </Routes>
        </Router>
    }
}

/// Pages of sign-in, the organization and teams.
#[component(transparent)]
fn IdentityRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/signin") view=SignInPage ssr=SsrMode::Async />
        <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async />
        <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
        <Route path=path!("/invitation") view=InvitationPage ssr=SsrMode::Async />
        <Route path=path!("/organization") view=OrganizationPage ssr=SsrMode::Async />
        <Route path=path!("/organization/members/:id") view=MemberPage ssr=SsrMode::Async />
        <Route path=path!("/organization/invitations") view=InvitationsPage ssr=SsrMode::Async />
        <Route path=path!("/organization/invitations/new") view=NewInvitationPage ssr=SsrMode::Async />
        <Route path=path!("/organization/invitations/link") view=InvitationLinkPage ssr=SsrMode::Async />
        <Route path=path!("/organization/categories") view=CategoriesPage ssr=SsrMode::Async />
        <Route path=path!("/teams") view=TeamsPage ssr=SsrMode::Async />
        <Route path=path!("/teams/new") view=NewTeamPage ssr=SsrMode::Async />
        <Route path=path!("/teams/:id") view=TeamPage ssr=SsrMode::Async />
        <Route path=path!("/teams/:id/edit") view=EditTeamPage ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages of Account Settings, user tokens and access tokens.
#[component(transparent)]
fn TokensRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async />
        <Route path=path!("/account/token") view=FreshTokenPage ssr=SsrMode::Async />
        <Route path=path!("/access-tokens") view=AccessTokensPage ssr=SsrMode::Async />
        <Route path=path!("/access-tokens/new") view=NewAccessTokenPage ssr=SsrMode::Async />
        <Route path=path!("/access-tokens/:id") view=AccessTokenPage ssr=SsrMode::Async />
        <Route path=path!("/access-tokens/:id/edit") view=EditAccessTokenPage ssr=SsrMode::Async />
        <Route path=path!("/access-tokens/:id/secret") view=AccessTokenSecretPage ssr=SsrMode::Async />
        <Route path=path!("/tokens") view=TokensPage ssr=SsrMode::Async />
        <Route path=path!("/tokens/:id") view=TokenPage ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages of dashboards, dashboard groups and detectors.
#[component(transparent)]
fn ObjectsRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/dashboards") view=DashboardsPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/new") view=NewDashboardPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/new/document") view=NewDashboardDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/import") view=ImportDashboardPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/:id") view=DashboardPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/:id/edit") view=EditDashboardPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/:id/document") view=DashboardDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/dashboards/:id/permissions") view=DashboardPermissionsPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups") view=DashboardGroupsPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/new") view=NewGroupPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/new/document") view=NewGroupDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/import") view=ImportGroupPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/:id") view=DashboardGroupPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/:id/edit") view=EditGroupPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/:id/document") view=GroupDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/dashboard-groups/:id/permissions") view=GroupPermissionsPage ssr=SsrMode::Async />
        <Route path=path!("/detectors") view=DetectorsPage ssr=SsrMode::Async />
        <Route path=path!("/detectors/new") view=NewDetectorPage ssr=SsrMode::Async />
        <Route path=path!("/detectors/new/document") view=NewDetectorDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/detectors/:id") view=DetectorPage ssr=SsrMode::Async />
        <Route path=path!("/detectors/:id/edit") view=EditDetectorPage ssr=SsrMode::Async />
        <Route path=path!("/detectors/:id/document") view=DetectorDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/detectors/:id/permissions") view=DetectorPermissionsPage ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages of alert muting rules, data links and SLOs.
#[component(transparent)]
fn SharedRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/muting-rules") view=MutingRulesPage ssr=SsrMode::Async />
        <Route path=path!("/muting-rules/new") view=NewMutingRulePage ssr=SsrMode::Async />
        <Route path=path!("/muting-rules/:id") view=MutingRulePage ssr=SsrMode::Async />
        <Route path=path!("/muting-rules/:id/document") view=MutingRuleDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/data-links") view=DataLinksPage ssr=SsrMode::Async />
        <Route path=path!("/data-links/new") view=NewDataLinkPage ssr=SsrMode::Async />
        <Route path=path!("/data-links/:id") view=DataLinkPage ssr=SsrMode::Async />
        <Route path=path!("/data-links/:id/document") view=DataLinkDocumentPage ssr=SsrMode::Async />
        <Route path=path!("/slos") view=SlosPage ssr=SsrMode::Async />
        <Route path=path!("/slos/new") view=NewSloPage ssr=SsrMode::Async />
        <Route path=path!("/slos/:id") view=SloPage ssr=SsrMode::Async />
        <Route path=path!("/slos/:id/document") view=SloDocumentPage ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// Pages of integrations.
#[component(transparent)]
fn IntegrationsRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/integrations") view=IntegrationsPage ssr=SsrMode::Async />
        <Route path=path!("/integrations/new") view=NewIntegrationPage ssr=SsrMode::Async />
        <Route path=path!("/integrations/:id") view=IntegrationPage ssr=SsrMode::Async />
        <Route path=path!("/integrations/:id/edit") view=EditIntegrationPage ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}

/// Sends the headers of a page, and provides the request id that a page shows when it fails.
#[cfg(feature = "ssr")]
fn prepare_response() {
    use crate::{model::platform::viewer::CurrentRequestId, request};
    request::send_page_headers();
    if let Ok(current) = request::current() {
        provide_context(CurrentRequestId(current.meta.id.to_string()));
    }
}

/// Whether the page at this route accepts a form posted to itself: it shows the typed values and a preview before
/// anything is stored.
#[cfg(feature = "ssr")]
#[must_use]
pub fn takes_form(route: &str) -> bool {
    const OF_OBJECTS: &[&str] = &[
        "/new",
        "/new/document",
        "/import",
        "/{id}/edit",
        "/{id}/document",
        "/{id}/permissions",
    ];
    let of_object = ["/dashboards", "/dashboard-groups", "/detectors"]
        .iter()
        .filter_map(|list| route.strip_prefix(list))
        .any(|rest| OF_OBJECTS.contains(&rest));
    let of_shared = ["/muting-rules", "/data-links", "/slos"]
        .iter()
        .filter_map(|list| route.strip_prefix(list))
        .any(|rest| ["/new", "/{id}/document"].contains(&rest));
    of_object || of_shared || ["/integrations/new", "/integrations/{id}/edit"].contains(&route)
}
