//! Each documented query parameter of each list has its effect (docs/contract.md#lists). A list or a parameter of the
//! OpenAPI document without a row fails the test.

mod effects;
mod record_rows;
mod rows;
mod world;

use std::collections::BTreeSet;

use domain::identity::role::Role;
use server::api::openapi;
use testbed::on_both;

use self::{
    rows::rows,
    world::{World, world},
};
use crate::objects::documents::{Client, id};

/// The parameters that a list needs to be compared with itself. A later value of the same name replaces them.
fn fixed(route: &str, parameter: &str, world: &World) -> String {
    let given = match route {
        "/v2/event/find" => vec![("query", "sf_operation:CREATE".to_owned())],
        "/v2/usage" => vec![
            ("from", world.from.to_string()),
            ("to", world.to.to_string()),
            ("step", "minute".to_owned()),
        ],
        _ => Vec::new(),
    };
    let kept = given.iter().filter(|(name, _)| *name != parameter);
    let kept: Vec<_> = kept
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    kept.join("&")
}

/// Every list of the document with each of its parameters. `/v2/audit/export` is lines and not a list; its test is
/// `audit::export::each_parameter_has_its_effect`.
fn documented() -> BTreeSet<(String, String)> {
    let document = openapi::document();
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.filter(|parameter| parameter["in"] == "query");
        let names: Vec<_> = parameters.map(|it| it["name"].as_str().unwrap()).collect();
        let schema = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        // What is not below /v2 is a proof, and the export is a stream.
        let may_be_list =
            path.starts_with("/v2/") && path != "/v2/audit/export" && !names.is_empty();
        let is_list = schema["type"] == "array" || (may_be_list && !path.ends_with('}'));
        for name in names.into_iter().chain([""]).filter(|_| is_list) {
            found.insert((path.clone(), name.to_owned()));
        }
    }
    found
}

on_both! {
    async fn every_documented_parameter_of_every_list_has_its_effect(database: Database) {
        let client = Client::of(database, Role::Admin).await;
        let world = world(&client).await;
        let rows = rows(&world);
        let tested: BTreeSet<_> = rows.iter().map(|row| (row.0.to_owned(), row.1.to_owned())).collect();
        assert_eq!(tested, documented());
        let mut without_effect = Vec::new();
        for (route, parameter, query, has_effect) in &rows {
            let detectors = client.done("GET", "/v2/detector", None).await;
            let path = route.replace("{id}", id(&detectors["results"][0]));
            let all = client.done("GET", &format!("{path}?{}", fixed(route, "", &world)), None).await;
            let fixed = fixed(route, parameter, &world);
            let some = client.done("GET", &format!("{path}?{fixed}&{query}"), None).await;
            if !has_effect(&all, &some) {
                without_effect.push(format!("{route} {query}: {some} of {all}"));
            }
        }
        assert!(without_effect.is_empty(), "{without_effect:#?}");
    }
}
