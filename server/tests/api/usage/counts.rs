//! Usage: counts compared with a ledger of the calls made, who may see them, and invalid queries.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use domain::identity::role::Role;
use serde_json::{Value, json};
use testbed::on_both;

use crate::support::{App, START};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// The calls that a test has made.
struct Ledger<'a> {
    app: &'a App,
    calls: Vec<Entry>,
}

/// A call: its actor, the last four characters of its token, method and route, status class, and time.
struct Entry {
    actor: String,
    last4: String,
    route: String,
    class: String,
    at: i64,
}

impl Ledger<'_> {
    /// Makes a call and adds it to the ledger. An unknown token has no actor.
    async fn call(&mut self, actor: &str, token: &str, method: &str, route: &str) -> StatusCode {
        let path = route.replace("{id}", "AAAAAAAAAAE");
        let method_of = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = self.app.ask(method_of, &path).token(token).send().await;
        self.add(actor, token, &format!("{method} {route}"), answer.status);
        answer.status
    }

    fn add(&mut self, actor: &str, token: &str, route: &str, status: StatusCode) {
        let of_known = |text: &str| if actor.is_empty() { "" } else { text }.to_owned();
        self.calls.push(Entry {
            actor: of_known(actor),
            last4: of_known(&token[token.len() - 4..]),
            route: route.to_owned(),
            class: format!("{}xx", status.as_u16() / 100),
            at: self.app.clock.now().as_millis(),
        });
    }

    /// The number of calls by `key`: the total and the count of each minute from the start.
    fn counted(
        &self,
        key: impl Fn(&Entry) -> &str,
        steps: usize,
    ) -> BTreeMap<String, (i64, Vec<i64>)> {
        let first = START.as_millis().div_euclid(MINUTE);
        let mut counted: BTreeMap<String, (i64, Vec<i64>)> = BTreeMap::new();
        for call in &self.calls {
            let place = usize::try_from(call.at.div_euclid(MINUTE) - first).unwrap();
            let count = counted
                .entry(key(call).to_owned())
                .or_insert_with(|| (0, vec![0; steps]));
            count.0 += 1;
            count.1[place] += 1;
        }
        counted
    }
}

/// The groups of a response by name, with their total and series.
fn groups(answer: &Value) -> BTreeMap<String, (i64, Vec<i64>)> {
    let results = answer["results"].as_array().unwrap().iter();
    let named = results.map(|group| {
        let name = if let Some(route) = group.get("route") {
            format!(
                "{} {}",
                route["method"].as_str().unwrap(),
                route["path"].as_str().unwrap()
            )
        } else {
            [
                &group["user"]["name"],
                &group["token"]["last4"],
                &group["statusClass"],
            ]
            .into_iter()
            .find_map(Value::as_str)
            .unwrap_or_default()
            .to_owned()
        };
        let series = group["series"].as_array().unwrap().iter();
        let series = series.map(|calls| calls.as_i64().unwrap()).collect();
        (name, (group["total"]["calls"].as_i64().unwrap(), series))
    });
    named.collect()
}

impl App {
    async fn usage(&self, token: &str, query: &str) -> Value {
        let answer = self
            .get(&format!("/v2/usage?{query}"))
            .token(token)
            .send()
            .await;
        answer.expect(StatusCode::OK);
        answer.json()
    }
}

/// The query range of a test, in steps of a minute.
fn by_the_minute(minutes: i64) -> String {
    let from = START.as_millis();
    format!(
        "from={from}&to={}&step=minute",
        from.div_euclid(MINUTE) * MINUTE + minutes * MINUTE
    )
}

on_both! {
    async fn every_call_is_counted_once_with_any_outcome(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await);
        let (ada_browser, grace_browser) = (app.browser(&ada).await, app.browser(&grace).await);
        let admin = app.generated_token(&ada_browser).await;
        let (first, second) = (app.generated_token(&grace_browser).await, app.generated_token(&grace_browser).await);
        let ci = app.org_token("ci", Role::Power).await;
        let mut ledger = Ledger { app: &app, calls: Vec::new() };
        for minute in 0..4 {
            app.clock.set(START.plus_seconds(minute * 60));
            for _ in 0..=minute {
                ledger.call("Grace", &first, "GET", "/v2/team").await;
            }
            ledger.call("Grace", &second, "GET", "/v2/team/{id}").await;
            assert_eq!(ledger.call("Grace", &first, "GET", "/v2/organization").await, StatusCode::FORBIDDEN);
            ledger.call("Ada", &admin, "GET", "/v2/organization").await;
            assert_eq!(ledger.call("ci", &ci, "POST", "/v2/dashboard").await, StatusCode::BAD_REQUEST);
            // Counts while further calls follow.
            ledger.call("Ada", &admin, "GET", "/v2/usage").await;
        }
        assert_eq!(ledger.call("Grace", &second, "DELETE", "/v2/session").await, StatusCode::NO_CONTENT);
        // A revoked token is still attributed to its owner.
        assert_eq!(ledger.call("Grace", &second, "GET", "/v2/team").await, StatusCode::UNAUTHORIZED);
        for foreign in ["garbage", "csu_000000000000000000000000000000000000"] {
            assert_eq!(ledger.call("", foreign, "GET", "/v2/team").await, StatusCode::UNAUTHORIZED);
        }
        let range = by_the_minute(5);
        for (by, key) in [
            ("user", (|call| &call.actor) as fn(&Entry) -> &str),
            ("token", |call| &call.last4),
            ("route", |call| &call.route),
            ("status", |call| &call.class),
        ] {
            let answer = app.usage(&admin, &format!("groupBy={by}&{range}")).await;
            assert_eq!((&answer["groupBy"], &answer["total"]["calls"]), (&json!(by), &json!(ledger.calls.len())));
            assert_eq!(groups(&answer), ledger.counted(key, 5), "{by}");
            ledger.add("Ada", &admin, "GET /v2/usage", StatusCode::OK);
        }
    }

    async fn calls_are_counted_by_hour_and_day_and_filtered(database: Database) {
        let app = App::start(database).await;
        let grace = app.member("Grace", Role::Power).await;
        let browser = app.browser(&app.member("Ada", Role::Admin).await).await;
        let (admin, token) = (app.generated_token(&browser).await, app.session_token(&grace).await);
        for hour in 0..30 {
            app.clock.set(START.plus_seconds(hour * 3_600));
            app.get("/v2/team").token(&token).send().await.expect(StatusCode::OK);
            app.get("/v2/organization").token(&token).send().await.expect(StatusCode::FORBIDDEN);
        }
        let (from, to) = (START.as_millis(), START.as_millis() + 29 * HOUR + 1);
        let query = |more: &str| format!("from={from}&to={to}&userId={}&{more}", grace.id);
        let hours = app.usage(&admin, &query("step=hour&groupBy=route")).await;
        let each = vec![1; 30];
        assert_eq!(groups(&hours), BTreeMap::from([
            ("GET /v2/team".to_owned(), (30, each.clone())), ("GET /v2/organization".to_owned(), (30, each)),
        ]));
        assert_eq!(hours["from"].as_i64(), Some(from.div_euclid(HOUR) * HOUR));
        assert_eq!(hours["stepMs"], HOUR);
        let days = app.usage(&admin, &query("step=day")).await;
        assert_eq!(days["total"], hours["total"]);
        assert_eq!((&days["total"]["calls"], &days["total"]["refused"]), (&json!(60), &json!(30)));
        let class = app.usage(&admin, &query("step=hour&statusClass=4xx&groupBy=route")).await;
        assert_eq!(groups(&class).into_keys().collect::<Vec<_>>(), ["GET /v2/organization"]);
        for route in ["/v2/team", "GET%20/v2/team"] {
            let route = app.usage(&admin, &query(&format!("step=hour&route={route}"))).await;
            assert_eq!(route["total"]["calls"], 30);
        }
        let id = first_token(&app.usage(&admin, &query("groupBy=token")).await);
        let with = app.usage(&admin, &query(&format!("tokenId={id}&step=day"))).await;
        assert_eq!(with["total"]["calls"], 60);
        let signed_in = format!("userId=unknown&groupBy=route&{}", by_the_minute(1));
        assert_eq!(groups(&app.usage(&admin, &signed_in).await).into_keys().collect::<Vec<_>>(), ["POST /v2/session"]);
    }

    async fn the_busiest_groups_are_listed_and_the_rest_are_summed_as_others(database: Database) {
        let app = App::start(database).await;
        let admin = app.generated_token(&app.browser(&app.member("Ada", Role::Admin).await).await).await;
        let from = START.as_millis();
        for busy in 1..=5 {
            let token = app.org_token(&format!("agent {busy}"), Role::ReadOnly).await;
            for _ in 0..busy {
                app.get("/v2/team").token(&token).send().await.expect(StatusCode::OK);
            }
        }
        let two = app.usage(&admin, &format!("limit=2&from={from}&to={}", from + 1)).await;
        let names: Vec<_> = groups(&two).into_keys().collect();
        assert_eq!(names, ["agent 4", "agent 5"]);
        assert_eq!((&two["count"], &two["others"]["total"]["calls"]), (&json!(5), &json!(6)));
        assert_eq!(two["results"][0]["user"]["type"], "ORG_TOKEN");
        // The sixth actor is the administrator, whose own usage query is counted by now.
        let all = app.usage(&admin, &format!("limit=100&from={from}&to={}", from + 1)).await;
        assert_eq!((&all["count"], all.get("others")), (&json!(6), None));
    }

    async fn members_see_their_own_usage_and_administrators_all(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await);
        let admin = app.session_token(&ada).await;
        let (token, ci) = (app.session_token(&grace).await, app.org_token("ci", Role::Power).await);
        for token in [&admin, &token, &token, &ci] {
            app.get("/v2/team").token(token).send().await.expect(StatusCode::OK);
        }
        let own = app.usage(&token, "route=/v2/team").await;
        assert_eq!(groups(&own).into_iter().map(|(name, count)| (name, count.0)).collect::<Vec<_>>(), [("Grace".to_owned(), 2)]);
        assert_eq!(own["results"][0]["user"]["email"], grace.email);
        let same = app.usage(&token, &format!("route=/v2/team&userId={}", grace.id)).await;
        assert_eq!(same["total"]["calls"], 2);
        let reader = app.session_token(&app.member("Karen", Role::Usage).await).await;
        let all = app.usage(&reader, "route=/v2/team").await;
        assert_eq!(groups(&all).into_keys().collect::<Vec<_>>(), ["Ada", "Grace", "ci"], "the role usage reads all usage");
        assert_eq!(app.usage(&reader, &format!("route=/v2/team&userId={}", ada.id)).await["total"]["calls"], 1);
        let org = app.usage(&ci, "route=/v2/team").await;
        assert_eq!(groups(&org).into_keys().collect::<Vec<_>>(), ["ci"]);
        for other in [ada.id.to_string(), "unknown".to_owned()] {
            let denied = app.get(&format!("/v2/usage?userId={other}")).token(&token).send().await;
            denied.expect_error(StatusCode::FORBIDDEN, "Only administrators and users with the role usage see the usage of others.");
        }
        let theirs = first_token(&app.usage(&admin, &format!("groupBy=token&userId={}", ada.id)).await);
        assert_eq!(app.usage(&token, &format!("tokenId={theirs}")).await["total"]["calls"], 0);
        let all = app.usage(&admin, "route=/v2/team").await;
        assert_eq!(groups(&all).into_keys().collect::<Vec<_>>(), ["Ada", "Grace", "ci"]);
    }

    async fn removed_members_and_tokens_are_still_named(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await);
        let (admin, token) = (app.session_token(&ada).await, app.session_token(&grace).await);
        let ci = app.org_token("ci", Role::Power).await;
        for token in [&token, &ci] {
            app.get("/v2/team").token(token).send().await.expect(StatusCode::OK);
        }
        app.usage(&admin, "").await;
        for gone in [format!("/v2/organization/member/{}", grace.id), "/v2/token/ci".to_owned()] {
            app.delete(&gone).token(&admin).send().await.expect(StatusCode::NO_CONTENT);
        }
        assert_eq!(groups(&app.usage(&admin, "route=/v2/team").await).into_keys().collect::<Vec<_>>(), ["Grace", "ci"]);
        let tokens = app.usage(&admin, "route=/v2/team&groupBy=token").await;
        let last4 = |token: &str| token[token.len() - 4..].to_owned();
        let mut expected = [last4(&token), last4(&ci)];
        expected.sort();
        assert_eq!(groups(&tokens).into_keys().collect::<Vec<_>>(), expected);
    }

    async fn an_invalid_usage_query_is_a_400(database: Database) {
        let app = App::start(database).await;
        let token = app.session_token(&app.member("Ada", Role::Admin).await).await;
        let check = async |query: &str, expected: &str| {
            let answer = app.get(&format!("/v2/usage?{query}")).token(&token).send().await;
            answer.expect(StatusCode::BAD_REQUEST);
            assert!(answer.message().contains(expected), "{query}: {}", answer.message());
        };
        check("groupBy=colour", "groupBy must be user, token, route or status.").await;
        check("step=second", "step must be").await;
        check("from=yesterday", "from must be a number of milliseconds").await;
        check("from=5&to=5", "from must be before to.").await;
        let two_days_ago = app.clock.now().plus_days(-2).as_millis();
        check(&format!("from={two_days_ago}&step=minute"), "more than 1500 steps").await;
        check("from=0&step=minute", "are kept for 14 days").await;
        check("from=0&step=6h", "are kept for 400 days").await;
        check("from=0&to=9223372036854775807", "more than 1500 steps").await;
        check("from=-9223372036854775808&to=9223372036854775807&step=day", "more than 1500 steps").await;
        check("statusClass=9xx", "statusClass must be one like 2xx.").await;
        check("limit=0", "limit must be a number from 1 to 100.").await;
        check("limit=101", "limit must be").await;
        check("userId=invalid", "").await;
        check("tokenId=x", "").await;
        let nothing = app.usage(&token, "from=-5&to=-4&step=day").await;
        assert_eq!((&nothing["count"], &nothing["results"]), (&json!(0), &json!([])));
    }
}

/// The id of the first token in a response.
fn first_token(answer: &Value) -> String {
    answer["results"][0]["token"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}
