//! The message about tokens after a change of the password, and the checkbox that revokes them, without scripts.

use axum::http::StatusCode;
use domain::{
    audit::{
        event::Action,
        query::{AuditFilter, PageDirection},
    },
    identity::role::Role,
};
use service::SignedIn;
use testbed::on_both;

use crate::support::{App, PASSWORD, request_meta};

impl App {
    /// Changes the password on Account Settings and returns the page that follows.
    async fn change_password(
        &self,
        signed_in: &SignedIn,
        old: &str,
        new: &str,
        rest: &str,
    ) -> String {
        let fields = format!(
            "oldPassword={}&password={}{rest}",
            old.replace(' ', "+"),
            new.replace(' ', "+")
        );
        let answer = self
            .form(signed_in, "/ui/password/change", &fields)
            .await
            .send()
            .await;
        answer.expect(StatusCode::SEE_OTHER);
        let set = answer.headers.get_all("set-cookie").iter();
        let mut cookies: Vec<_> = set
            .map(|cookie| {
                cookie
                    .to_str()
                    .unwrap()
                    .split(';')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        cookies.push(format!("countersign_session={}", signed_in.cookie.reveal()));
        self.get("/account")
            .header("cookie", cookies.join("; ").as_bytes())
            .send()
            .await
            .text()
    }
}

on_both! {
    async fn a_changed_password_leaves_tokens_unless_the_user_chooses_to_revoke_them(database: Database) {
        let app = App::start(database).await;
        let ada = app.member("Ada", Role::Admin).await;
        let sign_in = async |password: &str| app.service.identity().sign_in(&ada.email, password, &request_meta()).await.unwrap();
        let (here, there) = (sign_in(PASSWORD).await, sign_in(PASSWORD).await);
        let generated = app.generated_token(&app.browser_of(&there).await).await;
        let in_a_script = app.session_token(&ada).await;
        let status = async |token: &str| app.get("/v2/session").token(token).send().await.status;

        let (second, third) = ("another four unrelated words", "five other entirely unrelated words");
        let page = app.change_password(&here, PASSWORD, second, "").await;
        assert!(page.contains("Ended: 1 other session, 1 token. Still live: 1 token."), "{page}");
        assert!(page.contains("name=\"revoke\""), "the form offers to revoke tokens");
        assert_eq!([status(&generated).await, status(&in_a_script).await], [StatusCode::UNAUTHORIZED, StatusCode::OK]);

        let page = app.change_password(&here, second, third, "&revoke=true").await;
        assert!(page.contains("Ended: 0 other sessions, 1 token."), "{page}");
        assert!(!page.contains("Still live"), "{page}");
        assert_eq!(status(&in_a_script).await, StatusCode::UNAUTHORIZED);

        let filter = AuditFilter { action: Some(Action::Revoke), ..AuditFilter::default() };
        let administrator = app.browser_of(&here).await;
        let events = app.service.audit().list_events(&administrator, &filter, PageDirection::NEWEST, 10).await.unwrap();
        assert_eq!(events.rows.len(), 2, "each token has an event");
    }
}
