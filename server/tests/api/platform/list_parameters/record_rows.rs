//! The rows of the lists of what was recorded: audit events, calls, usage and data.

use serde_json::Value;

use super::{
    effects::{Effect, added, has_results, named, only, reverses, skips, takes},
    rows::Row,
    world::World,
};

pub(super) fn audit_rows(world: &World) -> Vec<Row> {
    let World {
        user,
        token,
        middle,
        ..
    } = world;
    let (at, actor, with) = (*middle, user.clone(), token.clone());
    let property = |name: &'static str, value: String| {
        only(move |entry| entry["properties"][name] == value.as_str())
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |route, parameter, value: &str, effect| {
        let query = format!("{parameter}={value}");
        rows.push((route, parameter, query, effect));
    };
    let events = "/v2/audit/events";
    add(events, "", "", has_results());
    let of_category = only(|entry| entry["metadata"]["sf_eventCategory"] == "CUSTOMER_AUDIT");
    add(events, "sf_eventCategory", "CUSTOMER_AUDIT", of_category);
    let of_type = only(|entry| entry["metadata"]["sf_eventType"] == "TEAM");
    add(events, "sf_eventType", "TEAM", of_type);
    add(events, "sortBy", "-timestamp", reverses());
    let reads = added(|entry| entry["properties"]["sf_requestMethod"] == "GET");
    add(events, "sf_requestMethod", "GET", reads);
    add(events, "sf_tokenId", token, property("sf_tokenId", with));
    add(events, "sf_actorId", user, property("sf_actorId", actor));
    let after = only(move |entry| entry["timestamp"].as_i64().unwrap() >= at);
    add(events, "cursor", &format!("{at}.0"), after);
    let find = "/v2/event/find";
    add(find, "", "", has_results());
    let of_type = only(|entry| entry["sf_eventType"] == "TEAM");
    add(find, "query", "sf_eventType:TEAM", of_type);
    add(find, "order_by", "-timestamp", reverses());
    for (route, [start, end]) in [
        (events, ["startTime", "endTime"]),
        (find, ["start_time", "end_time"]),
    ] {
        let millis = at.to_string();
        let from = only(move |entry| entry["timestamp"].as_i64().unwrap() >= at);
        add(route, start, &millis, from);
        let to = only(move |entry| entry["timestamp"].as_i64().unwrap() < at);
        add(route, end, &millis, to);
        add(route, "limit", "2", takes(2));
        add(route, "offset", "3", skips(3));
    }
    rows
}

pub(super) fn usage_rows(world: &World) -> Vec<Row> {
    let World {
        user,
        token,
        from,
        to,
        middle,
        ..
    } = world;
    let of_user = user.clone();
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |route, parameter, value: &str, effect| {
        let query = format!("{parameter}={value}");
        rows.push((route, parameter, query, effect));
    };
    let recent = "/v2/ingest/recent";
    add(recent, "", "", has_results());
    add(recent, "token", "beta", named("tokenName", &["beta"]));
    add(recent, "kind", "event", named("kind", &["event"]));
    add(recent, "limit", "2", takes(2));
    let calls = |usage: &Value| usage["total"]["calls"].as_i64().unwrap();
    let fewer = || -> Effect { Box::new(move |all, some| (1..calls(all)).contains(&calls(some))) };
    let usage = "/v2/usage";
    add(usage, "", "", has_results());
    add(
        usage,
        "groupBy",
        "route",
        added(|group| group["route"].is_object()),
    );
    let (earlier, later) = (from - 3_600_000, to + 3_600_000);
    let begins = Box::new(move |all: &Value, some: &Value| {
        some["from"].as_i64() == Some(earlier - earlier.rem_euclid(60_000))
            && all["from"] != some["from"]
    });
    add(usage, "from", &earlier.to_string(), begins);
    let ends = Box::new(move |all: &Value, some: &Value| {
        some["to"].as_i64().is_some_and(|end| end >= later) && all["to"] != some["to"]
    });
    add(usage, "to", &later.to_string(), ends);
    let hourly =
        Box::new(|all: &Value, some: &Value| all["step"] != "hour" && some["step"] == "hour");
    add(usage, "step", "hour", hourly);
    add(
        usage,
        "userId",
        user,
        only(move |group| group["user"]["id"] == of_user.as_str()),
    );
    add(usage, "tokenId", token, fewer());
    add(usage, "route", "/v2/team", fewer());
    add(usage, "statusClass", "4xx", fewer());
    add(usage, "limit", "1", takes(1));
    assert!(from < middle && middle < to);
    rows
}
