//! Attacks through pages: forms that markup in a stored text would post, and an open browser that is left alone.

use axum::http::StatusCode;
use domain::{
    audit::query::{AuditFilter, PageDirection},
    identity::role::Role,
    platform::limits,
};
use service::SignedIn;
use testbed::on_both;

use crate::support::{App, PASSWORD, request_meta};

async fn sign_in(app: &App, email: &str) -> SignedIn {
    app.service
        .identity()
        .sign_in(email, PASSWORD, &request_meta())
        .await
        .unwrap()
}

/// The values of the form tokens in a page, each with the path that its form is posted to.
fn form_tokens<'a>(page: &'a str, path: &'a str) -> Vec<(&'a str, Option<&'a str>)> {
    let forms = page
        .split("<form ")
        .skip(1)
        .map(|form| form.split("</form>").next().unwrap());
    let posted = forms.filter(|form| form.starts_with("method=\"post\""));
    posted
        .map(|form| {
            let head = form.split('>').next().unwrap();
            let action = head
                .split("action=\"")
                .nth(1)
                .map_or(path, |rest| rest.split('"').next().unwrap());
            let field = form.split("name=\"formToken\" value=\"").nth(1);
            (action, field.map(|rest| rest.split('"').next().unwrap()))
        })
        .collect()
}

on_both! {
    async fn a_form_without_the_token_of_its_session_and_path_changes_nothing(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await);
        let (admin, other) = (sign_in(&app, &ada.email).await, sign_in(&app, &grace.email).await);
        let fields = format!("id={}&roles[]=admin", grace.id);
        let tokens_of = async |signed_in: &SignedIn, path: &str| {
            let caller = app.browser_of(signed_in).await;
            app.service.identity().form_token(&caller, path).unwrap()
        };
        let wrong = [
            String::new(),
            "formToken=&".to_owned(),
            "formToken=00&".to_owned(),
            // What markup can take from another form of the page.
            format!("formToken={}&", tokens_of(&admin, "/ui/sign-out").await),
            // What an attacker can take from an own page.
            format!("formToken={}&", tokens_of(&other, "/ui/member/roles").await),
        ];
        for token in &wrong {
            let answer = app.post_as(&admin, "/ui/member/roles", &format!("{token}{fields}")).send().await;
            answer.expect(StatusCode::FORBIDDEN);
        }
        let new_group = format!("{}name=a", wrong[3]);
        app.post_as(&admin, "/dashboard-groups/new", &new_group).send().await.expect(StatusCode::FORBIDDEN);
        let system = app.service.system_caller().await.unwrap();
        let roles = async || app.service.identity().members().find(&system, grace.id).await.unwrap().member.roles;
        assert!(!roles().await.is_admin());
        let events = AuditFilter::default();
        let page = app.service.audit().list_events(&system, &events, PageDirection::NEWEST, 3).await.unwrap();
        let event = &page.rows[0].event;
        assert_eq!(event.changes[0].after, Some("foreign_form".into()));
        assert_eq!((event.by.actor_name.as_str(), event.object.name.as_str()), ("Ada", "/ui/member/roles"));

        app.form(&admin, "/ui/member/roles", &fields).await.send().await.expect(StatusCode::SEE_OTHER);
        assert!(roles().await.is_admin());
    }

    async fn every_form_of_a_page_has_its_token(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let grace = app.member("Grace", Role::Power).await;
        let admin = app.session_token(&ada).await;
        let browser = sign_in(&app, &ada.email).await;
        let cookie = format!("countersign_session={}", browser.cookie.reveal());
        let caller = app.browser_of(&browser).await;
        let team = app.post("/v2/team").token(&admin).json(&serde_json::json!({"name": "Ops"})).send().await.json();
        let member = format!("/organization/members/{}", grace.id);
        let mut paths = vec![
            "/".to_owned(), "/account".to_owned(), "/confirm".to_owned(), "/access-tokens/new".to_owned(), "/teams/new".to_owned(),
            "/organization/invitations/new".to_owned(), "/organization/categories".to_owned(), "/integrations/new?type=Webhook".to_owned(),
            "/dashboard-groups/new".to_owned(), "/dashboards/new".to_owned(), "/detectors/new".to_owned(), "/detectors/new/document".to_owned(),
            "/dashboards/import".to_owned(), "/dashboard-groups/import".to_owned(),
            "/muting-rules/new".to_owned(), "/data-links/new".to_owned(), "/slos/new".to_owned(),
            member.clone(), format!("/teams/{}", team["id"].as_str().unwrap()), format!("/teams/{}/edit", team["id"].as_str().unwrap()),
        ];
        for dialog in ["disable", "remove", "sign-out", "unlock"] {
            paths.push(format!("{member}?ask={dialog}"));
        }
        let mut seen = 0;
        for path in &paths {
            let answer = app.get(path).header("cookie", cookie.as_bytes()).send().await;
            answer.expect(StatusCode::OK);
            let here = path.split('?').next().unwrap();
            for (action, token) in form_tokens(&answer.text(), here) {
                let expected = app.service.identity().form_token(&caller, action).unwrap();
                assert_eq!(token, Some(expected.as_str()), "{action} on {path}");
                seen += 1;
            }
        }
        assert!(seen > 2 * paths.len(), "{seen} forms");
    }

    async fn an_open_browser_is_asked_for_the_password_before_it_grants_a_role(database: Database) {
        let app = App::start(database).await;
        let (ada, grace) = (app.member("Ada", Role::Admin).await, app.member("Grace", Role::Power).await);
        let admin = sign_in(&app, &ada.email).await;
        app.clock.set(app.clock.now().plus_seconds(limits::PASSWORD_VALID_SECONDS));
        let fields = format!("id={}&roles[]=admin", grace.id);
        let member = format!("/organization/members/{}", grace.id);
        let grant = async || {
            let form = app.form(&admin, "/ui/member/roles", &fields).await;
            let referer = format!("https://countersign.example{member}");
            let answer = form.header("referer", referer.as_bytes()).send().await;
            answer.expect(StatusCode::SEE_OTHER);
            answer.header("location").to_owned()
        };
        let asked = grant().await;
        assert!(asked.starts_with("/confirm?next=%2Forganization%2Fmembers%2F"), "{asked}");
        let confirm = format!("password={}&next={member}", PASSWORD.replace(' ', "+"));
        let confirmed = app.form(&admin, "/ui/confirm-password", &confirm).await.send().await;
        assert_eq!((confirmed.status, confirmed.header("location")), (StatusCode::SEE_OTHER, member.as_str()));
        assert!(!grant().await.starts_with("/confirm"));
        let system = app.service.system_caller().await.unwrap();
        assert!(app.service.identity().members().find(&system, grace.id).await.unwrap().member.roles.is_admin());
    }
}
