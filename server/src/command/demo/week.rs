//! What happened in the demonstration's week, act by act, as people and their scripts would have done it.

use anyhow::Context as _;
use domain::{
    identity::{
        actor::{Caller, RequestMeta},
        role::{Role, RoleSet},
    },
    platform::{
        document::Document,
        id::{Id, UserId},
        timestamp::Timestamp,
    },
};
use serde_json::{Value, json};
use service::{Clock, NewMember, Service};

use super::{
    people::{ADA, BROWSER, CURL, GRACE, KAREN, PASSWORD, Person, TERRAFORM},
    traffic::Program,
};

/// Lives through the week until now; an org token's secret, which can be read again in the product too.
pub(super) async fn live(
    service: &Service,
    clock: &Clock,
    now: Timestamp,
) -> anyhow::Result<String> {
    let mut week = Week {
        service,
        clock,
        now,
        programs: Vec::new(),
    };
    week.day(7).await;
    let (grace, karen) = week.found().await?;
    let ada = week.browser(&ADA, "203.0.113.7").await?;
    let team = service
        .identity()
        .teams()
        .create(&ada, &document(json!({
            "name": "Checkout", "description": "Whatever customers pay with", "members": [grace.to_string(), karen.to_string()],
        })))
        .await?;
    let team = team.team.id;
    week.day(6).await;
    let (terraform, secret) = week.scripted(&GRACE, "198.51.100.9", TERRAFORM).await?;
    let group = week.group(&terraform, team).await?;
    let latency = week
        .dashboard(
            &terraform,
            group,
            "Checkout latency",
            &[
                ("Latency p99", "data('checkout.request.duration').percentile(99).publish(label='p99')"),
                ("Requests", "data('checkout.request.count', rollup='rate').sum(by=['service']).publish(label='Requests')"),
                ("Errors", "data('checkout.request.count', filter=filter('error', 'true')).sum().publish(label='Errors')"),
                ("Queue depth", "data('checkout.queue.depth').max(by=['queue']).publish(label='Depth')"),
            ],
        )
        .await?;
    week.programs
        .push(Program::terraform(secret, group, latency));
    let (board, secret) = week.scripted(&KAREN, "192.0.2.44", CURL).await?;
    week.programs.push(Program::board(secret));
    let ci = week.org_token().await?;
    week.programs.push(Program::pipeline(ci.clone()));
    week.day(5).await;
    week.detectors(&terraform, team).await?;
    week.day(4).await;
    let (by_hand, secret) = week.generated(&ada, "Look at this week's deploys").await?;
    week.programs.push(Program::by_hand(secret));
    week.dashboard(
        &by_hand,
        group,
        "Deploys",
        &[
            (
                "Deploys per day",
                "data('deploy.finished', rollup='count').sum(over='1d').publish(label='Deploys')",
            ),
            (
                "Time to restore",
                "data('incident.duration').percentile(50, over='7d').publish(label='Median')",
            ),
        ],
    )
    .await?;
    week.day(2).await;
    let change = document(
        json!({"name": "Checkout latency", "description": "The p99 is what we promise: 300 ms."}),
    );
    service
        .objects()
        .update_dashboard(
            &terraform,
            latency,
            &keeping(service, &terraform, latency, change).await?,
        )
        .await?;
    week.programs.push(Program::forgotten());
    week.day(1).await;
    let refused = service.objects().delete_dashboard(&board, latency).await;
    anyhow::ensure!(refused.is_err(), "a reader could delete a dashboard");
    week.day(0).await;
    Ok(ci)
}

struct Week<'a> {
    service: &'a Service,
    clock: &'a Clock,
    now: Timestamp,
    /// What runs meanwhile.
    programs: Vec<Program>,
}

impl Week<'_> {
    /// Time passes until so many days before now, and programs run.
    async fn day(&self, before_now: i64) {
        let end = self.now.plus_days(-before_now);
        let mut hour_at = self.clock.now();
        while hour_at < end {
            self.clock.set(hour_at);
            for program in &self.programs {
                program.run(self.service, hour_at).await;
            }
            hour_at = hour_at.plus_seconds(3_600);
        }
        self.clock.set(end);
    }

    /// The pipeline's org token.
    async fn org_token(&self) -> anyhow::Result<String> {
        let system = self.service.system_caller().await?;
        let issued = self
            .service
            .tokens()
            .org()
            .create(&system, "ci", &["API"], Role::Power)
            .await?;
        Ok(issued.secret.reveal().to_owned())
    }

    /// Makes the organization and its people; the ids of the two who are no administrators.
    async fn found(&self) -> anyhow::Result<(UserId, UserId)> {
        self.service
            .identity()
            .create_organization("Analytical Engines")
            .await?;
        self.join(&ADA).await?;
        Ok((self.join(&GRACE).await?, self.join(&KAREN).await?))
    }

    async fn join(&self, person: &Person) -> anyhow::Result<UserId> {
        let new = NewMember {
            email: person.email.to_owned(),
            full_name: person.name.to_owned(),
            password: PASSWORD.to_owned(),
            roles: RoleSet::of(&[person.role]),
        };
        let system = self.service.system_caller().await?;
        Ok(self
            .service
            .identity()
            .members()
            .create(&system, &new)
            .await?
            .id)
    }

    /// This person, signed in to a browser.
    async fn browser(&self, person: &Person, address: &str) -> anyhow::Result<Caller> {
        let meta = self.meta("POST", "/signin", address, BROWSER);
        let signed_in = self
            .service
            .identity()
            .sign_in(person.email, PASSWORD, &meta)
            .await?;
        let caller = self
            .service
            .identity()
            .authenticate_session(signed_in.cookie.reveal(), meta)
            .await?;
        caller.context("the browser is signed in")
    }

    /// This person's script, with a token it got by password.
    async fn scripted(
        &self,
        person: &Person,
        address: &str,
        client: &str,
    ) -> anyhow::Result<(Caller, String)> {
        let meta = self.meta("POST", "/v2/session", address, client);
        let (issued, _) = self
            .service
            .identity()
            .issue_session_token(person.email, PASSWORD, None, &meta)
            .await?;
        self.with_token(issued.secret.reveal(), address, client)
            .await
    }

    /// A script with a token that was generated on Account Settings in this browser.
    async fn generated(&self, browser: &Caller, name: &str) -> anyhow::Result<(Caller, String)> {
        let issued = self.service.tokens().generate(browser, name).await?;
        self.with_token(issued.secret.reveal(), &browser.request.address, CURL)
            .await
    }

    /// Whoever has this token, and its text.
    async fn with_token(
        &self,
        secret: &str,
        address: &str,
        client: &str,
    ) -> anyhow::Result<(Caller, String)> {
        let meta = self.meta("POST", "/v2/dashboard", address, client);
        let caller = self
            .service
            .tokens()
            .authenticate(secret.as_bytes(), meta)
            .await?;
        Ok((caller, secret.to_owned()))
    }

    fn meta(&self, method: &str, path: &str, address: &str, client: &str) -> RequestMeta {
        RequestMeta {
            id: self.service.new_request_id(),
            method: method.to_owned().into(),
            path: path.to_owned(),
            address: address.into(),
            client: client.into(),
        }
    }

    async fn group(&self, caller: &Caller, team: Id) -> anyhow::Result<Id> {
        let group = document(json!({
            "name": "Checkout", "description": "From the cart to the receipt", "teams": [team.to_string()],
        }));
        Ok(self
            .service
            .objects()
            .create_dashboard_group(caller, &group, true)
            .await?
            .id)
    }

    /// What wakes the team up, and what only tells them.
    async fn detectors(&self, caller: &Caller, team: Id) -> anyhow::Result<()> {
        let alarms = [
            (
                "Checkout is slow",
                "data('checkout.request.duration').percentile(99)",
                "A > 300",
                "Critical",
            ),
            (
                "Checkout queue grows",
                "data('checkout.queue.depth').max()",
                "A > 1000",
                "Warning",
            ),
        ];
        for (name, signal, condition, severity) in alarms {
            let program = format!(
                "A = {signal}.publish('A', enable=False)\ndetect(when({condition}, '5m')).publish('{name}')\n"
            );
            let detector = document(json!({
                "name": name, "programText": program, "teams": [team.to_string()], "tags": ["checkout"],
                "rules": [{
                    "detectLabel": name, "severity": severity,
                    "notifications": [{"type": "Team", "team": team.to_string()}],
                }],
            }));
            self.service
                .objects()
                .create_detector(caller, &detector)
                .await?;
        }
        Ok(())
    }

    /// A dashboard with these charts, by name and program, three to a row.
    async fn dashboard(
        &self,
        caller: &Caller,
        group: Id,
        name: &str,
        charts: &[(&str, &str)],
    ) -> anyhow::Result<Id> {
        let mut placed = Vec::new();
        for (place, (chart, program)) in charts.iter().enumerate() {
            let id = self
                .service
                .objects()
                .create_chart(caller, &chart_of(chart, program))
                .await?
                .id;
            placed.push(json!({
                "chartId": id.to_string(), "row": place / 3, "column": place % 3 * 4, "width": 4, "height": 1,
            }));
        }
        let dashboard = document(json!({
            "name": name, "groupId": group.to_string(), "charts": placed, "tags": ["checkout"],
        }));
        Ok(self
            .service
            .objects()
            .create_dashboard(caller, &dashboard)
            .await?
            .id)
    }
}

fn chart_of(name: &str, program: &str) -> Document {
    document(json!({
        "name": name,
        "programText": program,
        "options": {"type": "TimeSeriesChart", "defaultPlotType": "LineChart"},
    }))
}

/// The dashboard as it is, with this change: an update says everything (docs/contract.md#updates).
async fn keeping(
    service: &Service,
    caller: &Caller,
    id: Id,
    change: Document,
) -> anyhow::Result<Document> {
    let mut whole = service.objects().find_dashboard(caller, id).await?.document;
    whole.extend(change);
    Ok(whole)
}

fn document(value: Value) -> Document {
    match value {
        Value::Object(document) => document,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Document::new()
        }
    }
}
