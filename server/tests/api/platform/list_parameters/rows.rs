//! The table: each list with each of its parameters. Rows of records are beside it.

use serde_json::Value;

use super::{
    effects::{
        Effect, added, descends, has_results, is_empty, named, only, results, reverses, skips,
        takes,
    },
    record_rows::{audit_rows, usage_rows},
    world::World,
};

/// A list, one of its parameters (empty for the list itself), a query with it, and its effect.
pub(super) type Row = (&'static str, &'static str, String, Effect);

/// The rows that all lists of objects share.
fn page(route: &'static str) -> [Row; 4] {
    let query = |text: &str| text.to_owned();
    [
        (route, "", String::new(), has_results()),
        (route, "limit", query("limit=2"), takes(2)),
        (route, "offset", query("offset=1"), skips(1)),
        (
            route,
            "orderBy",
            query("orderBy=-sf_lastUpdated"),
            descends(),
        ),
    ]
}

pub(super) fn rows(world: &World) -> Vec<Row> {
    let mut rows: Vec<Row> = object_rows(world);
    rows.extend(audit_rows(world));
    rows.extend(usage_rows(world));
    rows.extend(template_rows(world));
    for empty in ["/v2/detector/{id}/events", "/v2/detector/{id}/incidents"] {
        rows.push((empty, "", String::new(), is_empty()));
    }
    for plain in [
        "/v2/role",
        "/v2/organization/custom-categories",
        "/v2/automated-archival/exempt-metrics",
    ] {
        rows.push((plain, "", String::new(), Box::new(|all, _| all.is_array())));
    }
    for (parameter, query) in [
        ("", ""),
        ("includeResolved", "includeResolved=true"),
        ("query", "query=a"),
        ("limit", "limit=1"),
        ("offset", "offset=1"),
    ] {
        rows.push(("/v2/incident", parameter, query.to_owned(), is_empty()));
    }
    rows
}

fn object_rows(world: &World) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for route in [
        "/v2/dashboard",
        "/v2/dashboardgroup",
        "/v2/chart",
        "/v2/detector",
        "/v2/alertmuting",
        "/v2/crosslink",
        "/v2/slo",
        "/v2/metricruleset",
        "/v2/alert/emailtemplate",
        "/v2/navigator",
        "/v2/dimension",
        "/v2/metric",
        "/v2/metrictimeseries",
        "/v2/tag",
        "/v2/integration",
        "/v2/team",
        "/v2/token",
        "/v2/organization/member",
    ] {
        rows.extend(page(route));
    }
    for route in [
        "/v2/dashboard",
        "/v2/dashboardgroup",
        "/v2/chart",
        "/v2/detector",
        "/v2/slo",
        "/v2/alert/emailtemplate",
        "/v2/team",
        "/v2/token",
    ] {
        rows.push((
            route,
            "name",
            "name=ET".to_owned(),
            named("name", &["beta"]),
        ));
    }
    let World {
        chart,
        dashboard,
        group,
        team,
        user,
        ..
    } = world;
    let creator = user.clone();
    let mut add = |route, parameter, value: &str, effect| {
        let query = format!("{parameter}={value}");
        rows.push((route, parameter, query, effect));
    };
    add(
        "/v2/dashboard",
        "tags",
        "gamma&tags=none",
        named("name", &["gamma"]),
    );
    add("/v2/dashboard", "chartId", chart, named("name", &["alpha"]));
    add("/v2/dashboard", "groupId", group, named("name", &["alpha"]));
    add(
        "/v2/dashboardgroup",
        "dashboardId",
        dashboard,
        named("name", &["alpha"]),
    );
    add(
        "/v2/dashboardgroup",
        "teamId",
        team,
        named("name", &["beta"]),
    );
    let none = Box::new(|_: &Value, some: &Value| results(some).is_empty() && some["count"] == 0);
    add("/v2/dashboardgroup", "excludeCustom", "true", none);
    add(
        "/v2/chart",
        "tags",
        "b&tags=team:y",
        named("name", &["gamma", "alpha"]),
    );
    add(
        "/v2/detector",
        "tags",
        "b&tags=team:y",
        named("name", &["gamma", "alpha"]),
    );
    add(
        "/v2/detector",
        "prefixTags",
        "team:",
        named("name", &["beta", "alpha"]),
    );
    add(
        "/v2/detector",
        "prefixTagExclusions",
        "team:&prefixTagExclusions=x",
        named("name", &["gamma"]),
    );
    add(
        "/v2/alertmuting",
        "include",
        "future",
        named("description", &["gamma"]),
    );
    add(
        "/v2/alertmuting",
        "query",
        "ET",
        named("description", &["beta"]),
    );
    add(
        "/v2/crosslink",
        "context",
        dashboard,
        named("propertyName", &["gamma"]),
    );
    add(
        "/v2/metricruleset",
        "query",
        "ET",
        named("metricName", &["beta"]),
    );
    add(
        "/v2/navigator",
        "name",
        "ET",
        named("displayName", &["beta"]),
    );
    add(
        "/v2/dimension",
        "query",
        "host:b*",
        named("value", &["beta"]),
    );
    add("/v2/metric", "query", "b*", named("name", &["beta"]));
    add("/v2/tag", "query", "name:b*", named("name", &["beta"]));
    let of_beta = only(|series| series["dimensions"]["host"] == "beta");
    add("/v2/metrictimeseries", "query", "host:beta", of_beta);
    add("/v2/integration", "name", "B?t*", named("name", &["beta"]));
    add(
        "/v2/integration",
        "type",
        "PagerDuty",
        named("name", &["gamma"]),
    );
    add(
        "/v2/integration",
        "userParam",
        "creator",
        added(|it| it["createdByName"] == "Ada"),
    );
    add(
        "/v2/organization/member",
        "query",
        "sf_role:admin",
        only(move |it| it["id"] == creator),
    );
    rows
}

/// Lists of templates have their addresses.
fn template_rows(world: &World) -> Vec<Row> {
    let alpha = || {
        let alpha = world.template.clone();
        only(move |item| *item == alpha.as_str())
    };
    let id = world.template.rsplit('/').next().unwrap_or_default();
    let includes_both = Box::new(|_: &Value, some: &Value| {
        results(some).len() == 1 && some["includes"].as_array().is_some_and(|it| it.len() == 2)
    });
    let route = "/v2/template";
    let of_id = format!("id={id}");
    let query = |text: &str| text.to_owned();
    vec![
        (route, "", String::new(), has_results()),
        (route, "search", query("search=LPH"), alpha()),
        (
            route,
            "rootElement",
            query("rootElement=Dashboard"),
            alpha(),
        ),
        (route, "id", of_id, alpha()),
        (route, "title", query("title=alpha"), alpha()),
        (route, "orderBy", query("orderBy=-updatedAt"), reverses()),
        (route, "size", query("size=2"), takes(2)),
        (route, "offset", query("offset=1"), skips(1)),
        (
            route,
            "import",
            query("title=alpha&import=ALL_CHILDREN"),
            includes_both,
        ),
    ]
}
