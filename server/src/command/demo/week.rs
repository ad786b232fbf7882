//! The week before the demonstration starts: what members and their scripts did, in order.

use domain::platform::timestamp::Timestamp;
use service::{Clock, Service};

use super::{
    access::{browser, create_organization, issue_org_token, script, script_of_browser},
    objects::{
        DEPLOY_CHARTS, LATENCY_CHARTS, create_dashboard, create_detectors, create_group,
        create_team, describe_dashboard,
    },
    people::{ADA, CURL, GRACE, KAREN, TERRAFORM},
    traffic::Program,
};

/// Performs the operations of the week that ends at `now`. Returns the secret of an org token.
pub(super) async fn run(
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
    week.advance_to_days_ago(7).await;
    let members = create_organization(service).await?;
    let ada = browser(service, &ADA, "203.0.113.7").await?;
    let team = create_team(service, &ada, members).await?;

    week.advance_to_days_ago(6).await;
    let (terraform, secret) = script(service, &GRACE, "198.51.100.9", TERRAFORM).await?;
    let group = create_group(service, &terraform, team).await?;
    let name = "Checkout latency";
    let latency = create_dashboard(service, &terraform, group, name, LATENCY_CHARTS).await?;
    week.start(Program::terraform(secret, group, latency));
    let (wallboard, secret) = script(service, &KAREN, "192.0.2.44", CURL).await?;
    week.start(Program::wallboard(secret));
    let org_token = issue_org_token(service).await?;
    week.start(Program::pipeline(org_token.clone()));

    week.advance_to_days_ago(5).await;
    create_detectors(service, &terraform, team).await?;

    week.advance_to_days_ago(4).await;
    let (terminal, secret) =
        script_of_browser(service, &ada, "Look at this week's deploys").await?;
    week.start(Program::terminal(secret));
    create_dashboard(service, &terminal, group, "Deploys", DEPLOY_CHARTS).await?;

    week.advance_to_days_ago(2).await;
    let description = "The p99 is what we promise: 300 ms.";
    describe_dashboard(service, &terraform, latency, description).await?;
    week.start(Program::with_unknown_token());

    week.advance_to_days_ago(1).await;
    let deleted = service
        .objects()
        .delete_dashboard(&wallboard, latency)
        .await;
    anyhow::ensure!(
        deleted.is_err(),
        "a read-only member could delete a dashboard"
    );
    week.advance_to_days_ago(0).await;
    Ok(org_token)
}

struct Week<'a> {
    service: &'a Service,
    clock: &'a Clock,
    now: Timestamp,
    /// Programs that call the API for the rest of the week.
    programs: Vec<Program>,
}

impl Week<'_> {
    fn start(&mut self, program: Program) {
        self.programs.push(program);
    }

    /// Sets the clock to so many days before now. The programs make their calls hour by hour.
    async fn advance_to_days_ago(&self, days: i64) {
        let end = self.now.plus_days(-days);
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
}
