//! Members: invitations, search, role grants and sign-out; and the organization's settings.

use domain::{
    audit::event::{Action, ObjectType},
    identity::{
        member::{InvitationDraft, MemberChange},
        role::{Role, RoleSet},
        role_grant::RoleGrant,
    },
    platform::{id::UserId, limits, page::OffsetPage},
};
use serde_json::{Value, json};
use service::{Invited, OtherTokens, ServiceError};
use testbed::on_both;

use crate::{
    objects::support::{PAGE, document, field, status, user_id},
    support::{PASSWORD, START, Stage, request},
};

fn draft(given: Value) -> InvitationDraft {
    InvitationDraft::read(&document(given)).unwrap()
}

fn to(email: &str) -> InvitationDraft {
    draft(json!({ "email": email }))
}

fn change(given: Value) -> MemberChange {
    MemberChange::read(&document(given)).unwrap()
}

fn grant(kind: &str, ids: &[domain::platform::id::Id], roles: &[&str]) -> RoleGrant {
    let given = json!({"objectType": kind, "objectIds": ids, "roleNames": roles});
    RoleGrant::read(&document(given)).unwrap()
}

/// The seconds to wait and the message of a rate-limit error.
fn wait<T: std::fmt::Debug>(outcome: Result<T, ServiceError>) -> (u64, String) {
    match outcome {
        Err(ServiceError::Limited {
            retry_after_seconds,
            message,
        }) => (retry_after_seconds, message),
        other => panic!("not rate limited: {other:?}"),
    }
}

impl Stage {
    async fn invite(
        &self,
        caller: &domain::identity::actor::Caller,
        draft: InvitationDraft,
    ) -> Result<Invited, ServiceError> {
        self.service
            .identity()
            .invitations()
            .invite(caller, &draft)
            .await
    }

    async fn accept(&self, invited: &Invited) -> Result<(), ServiceError> {
        let claim = invited.claim.reveal();
        self.service
            .identity()
            .invitations()
            .accept(claim, "Grace Hopper", PASSWORD, &request())
            .await
    }
}

on_both! {
    async fn sessions_ended_by_an_administrator_are_logged_under_their_owner(database: Database) {
        let stage = Stage::set_up(database).await;
        let grace = stage.caller("Grace", Role::Admin).await;
        for (name, how) in [("Ada", 0), ("Mary", 1), ("Joan", 2), ("Karen", 3)] {
            let member = stage.member(name, Role::Power).await;
            let session_id = stage.browser(&member.email).await.session_id().unwrap();
            let service = &stage.service;
            match how {
                0 => service.identity().members().disable(&grace, member.id).await,
                1 => service.identity().members().remove(&grace, member.id).await,
                2 => service.identity().sign_member_out(&grace, member.id).await,
                _ => service.identity().members().set_password(&grace, member.id, "a completely new one", OtherTokens::Keep).await.map(drop),
            }
            .unwrap();
            let events = stage.history(session_id.0).await;
            let logged: Vec<_> = events.iter().map(|event| (event.action, event.object.name.as_str())).collect();
            assert_eq!(logged, [(Action::SignOut, &*member.email), (Action::SignIn, &*member.email)], "{name}");
        }
    }

    async fn an_invitation_link_creates_a_member_once(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let given = json!({"email": "Grace@example.com", "fullName": "Grace", "title": "Admiral", "roles": ["usage"]});
        let invited = stage.invite(&admin, draft(given)).await.unwrap();
        assert!(!format!("{invited:?}").contains(invited.claim.reveal()));
        let all = stage.service.identity().members().search(&admin, "", "", PAGE).await.unwrap();
        assert_eq!(all.count, 1, "an invited person is not a member yet");
        let view = stage.service.identity().invitations().find(invited.claim.reveal()).await.unwrap().unwrap();
        assert_eq!((view.organization.as_str(), view.email.as_str(), view.full_name.as_str()), ("Analytical Engines", "grace@example.com", "Grace"));

        let weak = stage.service.identity().invitations().accept(invited.claim.reveal(), "Grace", "short", &request()).await;
        assert_eq!(field(weak), "password");
        stage.pass_millis(1_000);
        stage.accept(&invited).await.unwrap();
        assert_eq!(field(stage.accept(&invited).await), "claim");
        assert_eq!(stage.service.identity().invitations().find(invited.claim.reveal()).await.unwrap(), None);

        let grace = stage.service.identity().members().find(&admin, UserId(invited.id)).await.unwrap().member;
        assert_eq!((grace.full_name.as_str(), grace.title.as_deref()), ("Grace Hopper", Some("Admiral")));
        assert_eq!((grace.roles, grace.created_by), (RoleSet::of(&[Role::Usage]), user_id(&admin)));
        assert_eq!((grace.created_at, grace.updated_by), (START.plus_seconds(1), invited.id));
        stage.browser("grace@example.com").await;
        let history = stage.history(invited.id).await;
        let logged: Vec<_> = history.iter().map(|event| (event.action, event.by.actor_id)).collect();
        assert_eq!(logged, [(Action::Create, invited.id), (Action::Invite, user_id(&admin))]);
        assert_eq!(history[0].changes.last().unwrap().after, Some(json!(user_id(&admin))));
        assert_eq!(field(stage.invite(&admin, to("grace@example.com")).await), "email");
    }

    async fn an_invitation_ends_when_it_expires_is_replaced_or_its_sender_loses_the_role(database: Database) {
        let stage = Stage::set_up(database).await;
        let (admin, other) = (stage.caller("Root", Role::Admin).await, stage.caller("Other", Role::Admin).await);
        let old = stage.invite(&admin, to("a@example.com")).await.unwrap();
        stage.pass_millis(limits::INVITATION_REPEAT_SECONDS * 1_000);
        let new = stage.invite(&admin, to("a@example.com")).await.unwrap();
        assert_eq!(field(stage.accept(&old).await), "claim");
        stage.pass_millis(limits::INVITATION_LIFETIME_DAYS * 86_400_000 - 1);
        assert!(stage.service.identity().invitations().find(new.claim.reveal()).await.unwrap().is_some());
        stage.pass_millis(1);
        assert_eq!(field(stage.accept(&new).await), "claim");

        let kept = stage.invite(&other, draft(json!({"email": "b@example.com", "admin": true}))).await.unwrap();
        stage.service.identity().members().update(&admin, UserId(user_id(&other)), &change(json!({"admin": false}))).await.unwrap();
        assert_eq!(field(stage.accept(&kept).await), "claim", "a link is invalid when its sender may no longer invite");
        assert_eq!(field(stage.service.identity().invitations().accept("nonsense", "A", PASSWORD, &request()).await), "claim");
    }

    async fn only_administrators_invite_and_within_rate_limits(database: Database) {
        let stage = Stage::set_up(database).await;
        let (admin, power) = (stage.caller("Root", Role::Admin).await, stage.caller("A", Role::Power).await);
        let token = stage.org_token(&admin, "ci", Role::Power).await;
        for caller in [&power, &token] {
            assert_eq!(status(&stage.invite(caller, to("b@example.com")).await), 403);
        }
        stage.invite(&admin, to("b@example.com")).await.unwrap();
        stage.pass_millis(1_500);
        let (seconds, message) = wait(stage.invite(&admin, to("B@example.com")).await);
        assert_eq!(seconds, 59);
        assert_eq!(message, "Email b@example.com was already invited to this org recently; please wait before inviting them again.");
        let several = [to("c@example.com"), to("a@example.com")];
        assert_eq!(field(stage.service.identity().invitations().invite_all(&admin, &several).await), "email", "one of the addresses belongs to a member already");
        stage.invite(&admin, to("c@example.com")).await.unwrap();

        let many: Vec<_> = (0..limits::INVITATIONS_PER_DAY - 2).map(|number| to(&format!("n{number}@example.com"))).collect();
        assert_eq!(stage.service.identity().invitations().invite_all(&admin, &many).await.unwrap().len(), many.len());
        let (seconds, message) = wait(stage.invite(&admin, to("d@example.com")).await);
        assert_eq!(message, "Too many invites sent; please wait before inviting more users to this org.");
        assert_eq!(seconds, 86_399, "the first invitation is a second and a half old");
        stage.pass_millis(i64::try_from(seconds).unwrap() * 1_000);
        stage.invite(&admin, to("d@example.com")).await.unwrap();
    }

    async fn one_of_two_concurrent_acceptances_creates_a_member(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let invited = stage.invite(&admin, to("grace@example.com")).await.unwrap();
        let other = stage.another_node().await;
        let (meta, claim) = (request(), invited.claim.reveal());
        let (first, second) = tokio::join!(
            stage.accept(&invited),
            other.identity().invitations().accept(claim, "Another name", PASSWORD, &meta)
        );
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1);
        assert_eq!(stage.service.identity().members().search(&admin, "", "", PAGE).await.unwrap().count, 2);

        let (draft_one, draft_two) = ([to("z@example.com")], [to("z@example.com")]);
        let (first, second) = tokio::join!(
            stage.service.identity().invitations().invite_all(&admin, &draft_one),
            other.identity().invitations().invite_all(&admin, &draft_two)
        );
        assert_eq!(u8::from(first.is_ok()) + u8::from(second.is_ok()), 1);
    }

    async fn two_administrators_who_demote_each_other_leave_one_administrator(database: Database) {
        let stage = Stage::set_up(database).await;
        let (a, b) = (stage.caller("A", Role::Admin).await, stage.caller("B", Role::Admin).await);
        let other = stage.another_node().await;
        let none = change(json!({"admin": false}));
        let (first, second) = tokio::join!(
            stage.service.identity().members().update(&a, UserId(user_id(&b)), &none),
            other.identity().members().update(&b, UserId(user_id(&a)), &none)
        );
        let mut statuses = [status(&first), status(&second)];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400]);
        let winner = if first.is_ok() { &a } else { &b };
        let left = stage.service.identity().members().search(winner, "sf_role:admin", "", PAGE).await.unwrap();
        assert_eq!((left.count, left.results[0].member.id), (1, UserId(user_id(winner))));
        assert_eq!(left.results[0].roles[0].role, Role::Admin);

        let id = user_id(winner);
        assert_eq!(field(stage.service.identity().members().remove(winner, UserId(id)).await), "roles");
        assert_eq!(field(stage.service.identity().dismiss_roles(winner, &grant("OrgUser", &[id], &["admin"])).await), "roles");
        assert!(stage.service.identity().members().find(winner, UserId(id)).await.unwrap().member.roles.is_admin());
    }

    async fn roles_are_assigned_to_all_targets_or_to_none(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let (a, b) = (user_id(&stage.caller("A", Role::Power).await), user_id(&stage.caller("B", Role::ReadOnly).await));
        let roles = |id| { let (stage, admin) = (&stage, &admin); async move {
            stage.service.identity().members().find(admin, UserId(id)).await.unwrap().member.roles.to_titles()
        }};
        stage.service.identity().assign_roles(&admin, &grant("OrgUser", &[a, b], &["usage"])).await.unwrap();
        assert_eq!((roles(a).await, roles(b).await), ("power,usage".to_owned(), "usage,read_only".to_owned()));
        let unknown = domain::platform::id::Id::from_bits(7);
        assert_eq!(field(stage.service.identity().assign_roles(&admin, &grant("OrgUser", &[a, unknown], &["admin"])).await), "objectIds");
        assert_eq!(roles(a).await, "power,usage", "no role was assigned to the existing member either");
        stage.service.identity().assign_roles(&admin, &grant("OrgUser", &[a], &["usage"])).await.unwrap();
        assert_eq!(stage.history(a).await.len(), 2, "created, and changed once");
        stage.service.identity().dismiss_roles(&admin, &grant("OrgUser", &[a], &["power"])).await.unwrap();
        assert_eq!(field(stage.service.identity().dismiss_roles(&admin, &grant("OrgUser", &[a], &["usage"])).await), "roleNames");
        assert_eq!(stage.history(a).await[0].action, Action::Grant);

        let token = stage.org_token(&admin, "ci", Role::Power).await.actor().id();
        stage.service.identity().assign_roles(&admin, &grant("NamedToken", &[token], &["usage"])).await.unwrap();
        let found = stage.service.tokens().org().find(&admin, "ci").await.unwrap().token;
        assert_eq!((found.role, found.updated.by.actor_id), (Role::Usage, user_id(&admin)));
        stage.service.identity().dismiss_roles(&admin, &grant("NamedToken", &[token], &["power"])).await.unwrap();
        for (grants, ids, titles) in [
            ("objectIds", [a], vec!["usage"]), ("roleNames", [token], vec!["usage", "power"]),
        ] {
            assert_eq!(field(stage.service.identity().assign_roles(&admin, &grant("NamedToken", &ids, &titles)).await), grants);
        }
        assert_eq!(field(stage.service.identity().dismiss_roles(&admin, &grant("NamedToken", &[token], &["usage"])).await), "roleNames");
        let ingest = stage.service.tokens().org().issue(&admin, &document(json!({"name": "in", "authScopes": ["INGEST"]}))).await.unwrap().token.id;
        assert_eq!(field(stage.service.identity().assign_roles(&admin, &grant("NamedToken", &[ingest], &["usage"])).await), "objectIds");
        let power = stage.caller("C", Role::Power).await;
        assert_eq!(status(&stage.service.identity().assign_roles(&power, &grant("OrgUser", &[user_id(&power)], &["admin"])).await), 403);
    }

    async fn members_are_searched_page_by_page_with_a_correct_count(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        for (name, role) in [("Ada", Role::Power), ("Adele", Role::ReadOnly), ("Bob", Role::Usage)] {
            stage.pass_millis(5);
            stage.member(name, role).await;
        }
        let found = async |query: &str, order: &str, limit, offset| {
            let page = stage.service.identity().members().search(&admin, query, order, OffsetPage { limit, offset }).await.unwrap();
            let names: Vec<_> = page.results.iter().map(|found| found.member.full_name.clone()).collect();
            (names.join(" "), page.count)
        };
        assert_eq!(found("", "", 50, 0).await, ("Ada Adele Bob Root".to_owned(), 4));
        assert_eq!(found("", "-sf_timestamp", 2, 1).await, ("Adele Ada".to_owned(), 4));
        assert_eq!(found("", "-email", 50, 3).await, ("Ada".to_owned(), 4));
        assert_eq!(found("", "", 50, 1_000).await, (String::new(), 4), "the count is unchanged on a page past the end");
        assert_eq!(found("(!sf_role:admin) ad*", "", 1, 0).await, ("Ada".to_owned(), 2));
        assert_eq!(found("email:ADA@example.com", "-sf_timestamp", 1_000, 0).await, ("Ada".to_owned(), 1));
        assert_eq!(found("admin:true", "", 50, 0).await, ("Root".to_owned(), 1));
        assert_eq!(found("shoe:42", "", 50, 0).await, (String::new(), 0));
        assert_eq!(field(stage.service.identity().members().search(&admin, "(a", "", PAGE).await), "query");
        let power = stage.caller("C", Role::Power).await;
        assert_eq!(status(&stage.service.identity().members().search(&power, "", "", PAGE).await), 403);
        let id = UserId(user_id(&power));
        assert_eq!(status(&stage.service.identity().members().find(&power, id).await), 403);
        stage.service.identity().members().remove(&admin, id).await.unwrap();
        assert_eq!(status(&stage.service.identity().members().find(&admin, id).await), 404);
        assert_eq!(status(&stage.service.identity().members().update(&admin, id, &change(json!({"admin": true}))).await), 404);
    }

    async fn custom_categories_are_replaced_as_a_whole_and_logged(database: Database) {
        let stage = Stage::set_up(database).await;
        let (admin, power) = (stage.caller("Root", Role::Admin).await, stage.caller("A", Role::Power).await);
        let reader = stage.caller("R", Role::ReadOnly).await;
        let given = [json!({"name": "web", "alias": "front"}), json!({"name": "db"})];
        stage.pass_millis(1_000);
        let stored = stage.service.identity().replace_custom_categories(&admin, &given).await.unwrap();
        assert_eq!(stage.service.identity().list_custom_categories(&power).await.unwrap(), stored);
        assert_eq!(status(&stage.service.identity().list_custom_categories(&reader).await), 403);
        let rejected = stage.service.identity().replace_custom_categories(&power, &[]).await.unwrap_err();
        assert_eq!(rejected.to_string(), "Unauthorized request to update org settings");
        stage.service.identity().replace_custom_categories(&admin, &given).await.unwrap();
        stage.service.identity().replace_custom_categories(&admin, &given[1..]).await.unwrap();
        assert_eq!(stage.service.identity().list_custom_categories(&power).await.unwrap()[..], stored[1..]);

        let view = stage.service.identity().describe_organization(&admin).await.unwrap();
        assert_eq!((view.organization.updated_at, view.organization.updated_by), (START.plus_seconds(1), user_id(&admin)));
        let history = stage.history(view.organization.id.0).await;
        let logged: Vec<_> = history.iter().map(|event| (event.action, event.object.kind)).collect();
        let update = (Action::Update, ObjectType::Organization);
        assert_eq!(logged, [update, update, (Action::Create, ObjectType::Organization)], "an identical replacement is no change");
        assert_eq!(history[0].changes[0].after, Some(json!([{"name": "db"}])));
    }

    async fn the_organization_lists_org_tokens_that_expire_soon(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        stage.service.tokens().org().issue(&admin, &document(json!({"name": "long", "secondsUntilExpiry": 86_400 * 365}))).await.unwrap();
        stage.service.tokens().org().issue(&admin, &document(json!({"name": "short", "secondsUntilExpiry": 3_600}))).await.unwrap();
        let view = stage.service.identity().describe_organization(&admin).await.unwrap();
        assert_eq!((view.expiring_in_seven_days, view.expiring_in_thirty_days), (vec!["short".to_owned()], vec!["Default".to_owned(), "short".to_owned()]));
        stage.pass_millis(3_600_000);
        let view = stage.service.identity().describe_organization(&admin).await.unwrap();
        assert_eq!(view.expiring_in_seven_days, [""; 0], "an expired token is not listed as expiring soon");
        let power = stage.caller("A", Role::Power).await;
        assert_eq!(status(&stage.service.identity().describe_organization(&power).await), 403);
    }

    async fn a_role_has_a_stable_id_that_differs_between_organizations(database: Database) {
        let stage = Stage::set_up(database).await;
        let power = stage.caller("A", Role::Power).await;
        let roles = stage.service.identity().list_roles(&power).await.unwrap();
        assert_eq!(roles.iter().map(|role| role.role).collect::<Vec<_>>(), Role::ALL);
        let again = stage.another_node().await.identity().list_roles(&power).await.unwrap();
        assert_eq!(again, roles);
        assert_eq!(stage.service.identity().find_role(&power, roles[1].id).await.unwrap(), roles[1]);
        assert_eq!(status(&stage.service.identity().find_role(&power, user_id(&power)).await), 404);
        let reader = stage.caller("R", Role::Usage).await;
        assert_eq!(status(&stage.service.identity().list_roles(&reader).await), 403);
        let elsewhere = Stage::set_up(testbed::sqlite()).await;
        let other = elsewhere.caller("A", Role::Power).await;
        assert_ne!(elsewhere.service.identity().list_roles(&other).await.unwrap()[0].id, roles[0].id);
    }
}
