//! Info of what is gone, for administrators: from the audit events about it.

use domain::{
    audit::event::{Action, ActorType, ObjectType},
    identity::{member::InvitationDraft, role::Role},
    platform::id::Id,
};
use serde_json::{Value, json};
use service::{Info, InfoEntry, Invited, ServiceError};
use testbed::on_both;

use crate::{
    objects::support::document,
    support::{PASSWORD, Stage, request},
};

impl Stage {
    /// An invitation of Grace Hopper by this caller.
    async fn invited(&self, caller: &domain::identity::actor::Caller) -> Invited {
        let given = document(json!({"email": "grace@example.com", "fullName": "Grace Hopper"}));
        let draft = InvitationDraft::read(&given).unwrap();
        let invitations = self.service.identity().invitations();
        invitations.invite(caller, &draft).await.unwrap()
    }

    async fn accepted(&self, caller: &domain::identity::actor::Caller) -> Id {
        let invited = self.invited(caller).await;
        self.pass_millis(1_000);
        let invitations = self.service.identity().invitations();
        let (claim, from) = (invited.claim.reveal(), request());
        let accepted = invitations.accept(claim, "Grace Hopper", PASSWORD, &from);
        accepted.await.unwrap();
        invited.id
    }
}

/// The name of the actor, and the path of the request.
fn who(entry: Option<&InfoEntry>) -> (&str, &str) {
    let entry = entry.expect("the operation is known");
    let detail = entry.detail.as_ref().expect("an administrator sees it");
    let path = detail.request.as_ref().map_or("", |request| &request.path);
    (&entry.actor_name, path)
}

on_both! {
    async fn an_administrator_sees_who_created_and_deleted_an_object_with_which_token_and_its_last_content(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let (ada, bob) = (stage.caller("Ada", Role::Power).await, stage.caller("Bob", Role::Power).await);
        let made = stage.dashboard(&ada, json!({"name": "Checkout", "description": "first"})).await;
        stage.pass_millis(1_000);
        stage.put(&bob, &made, json!({"name": "Checkout", "description": "second"})).await.unwrap();
        stage.pass_millis(1_000);
        stage.service.objects().delete_dashboard(&ada, made.id).await.unwrap();

        let info = stage.info(&admin, ObjectType::Dashboard, made.id).await.unwrap();
        assert_eq!((info.object.name.as_str(), info.object.id), ("Checkout", made.id));
        let Info { created, updated, deleted, .. } = &info;
        assert_eq!(who(created.as_ref()).0, "Ada");
        assert_eq!(who(updated.as_ref()).0, "Bob");
        assert_eq!(who(deleted.as_ref()).0, "Ada");
        let [created, updated, deleted] = [created, updated, deleted].map(|entry| entry.clone().unwrap());
        assert_eq!((updated.at.millis_since(created.at), deleted.at.millis_since(updated.at)), (1_000, 1_000));
        assert!(deleted.detail.unwrap().token.is_some());
        assert_eq!((&info.content["name"], &info.content["description"]), (&json!("Checkout"), &json!("second")));
        let actions: Vec<_> = info.history.unwrap().into_iter().map(|recorded| recorded.event.action).collect();
        assert_eq!(actions, [Action::Delete, Action::Update, Action::Create]);

        for (caller, kind, id) in [
            (&bob, ObjectType::Dashboard, made.id),
            (&admin, ObjectType::Chart, made.id),
            (&admin, ObjectType::Dashboard, Id::from_bits(7)),
        ] {
            let missing = stage.info(caller, kind, id).await;
            assert!(matches!(missing, Err(ServiceError::NotFound(_))), "{missing:?}");
        }
    }

    async fn org_tokens_members_and_user_tokens_have_info_after_their_end(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let made = stage.service.tokens().org().issue(&admin, &document(json!({"name": "ci"}))).await.unwrap();
        stage.service.tokens().org().delete(&admin, "ci").await.unwrap();
        let bob = stage.caller("Bob", Role::Power).await;
        let token = bob.identity.credential.clone().unwrap().id;
        stage.service.identity().members().remove(&admin, bob.user().unwrap().id).await.unwrap();

        for (kind, id, creator) in [
            (ObjectType::OrgToken, made.token.id, "Root"),
            (ObjectType::Member, bob.actor().id(), "Countersign"),
            (ObjectType::Token, token, "Bob"),
        ] {
            let info = stage.info(&admin, kind, id).await.unwrap();
            assert_eq!((who(info.created.as_ref()).0, who(info.deleted.as_ref()).0), (creator, "Root"), "{kind:?}");
        }
        let info = stage.info(&admin, ObjectType::Member, bob.actor().id()).await.unwrap();
        assert_eq!(info.content["email"], "bob@example.com");
        let info = stage.info(&admin, ObjectType::OrgToken, made.token.id).await.unwrap();
        assert_eq!(info.content["name"], "ci");
        let secret = made.secret.unwrap();
        assert!(!Value::Object(info.content).to_string().contains(secret.as_str()));
    }

    async fn info_of_an_invited_member_names_the_person_who_invited_them(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let id = stage.accepted(&admin).await;
        let info = stage.info(&admin, ObjectType::Member, id).await.unwrap();
        let created = info.created.unwrap();
        assert_eq!((created.actor_name.as_str(), created.actor_id), ("Root", admin.actor().id()));
        let detail = created.detail.unwrap();
        assert_eq!(detail.request.unwrap().id, admin.request.id, "the request of the invitation");
        assert_eq!(detail.token.unwrap().0.id, admin.identity.credential.as_ref().unwrap().id);
        assert_eq!(info.updated.unwrap().actor_name, "Grace Hopper");
    }

    async fn info_of_an_invited_member_needs_no_event(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let id = stage.accepted(&admin).await;
        // As retention removes it.
        stage.database.tamper("DELETE FROM audit_event WHERE object_type = 'member'").await;
        let info = stage.info(&admin, ObjectType::Member, id).await.unwrap();
        let created = info.created.unwrap();
        assert_eq!((created.actor_name.as_str(), created.actor_id), ("Root", admin.actor().id()));
        let detail = created.detail.unwrap();
        assert_eq!((detail.actor_type, detail.actor_email.as_str()), (ActorType::User, "root@example.com"));
        assert_eq!((detail.request, detail.token), (None, None), "nothing is invented");
        assert_eq!(info.updated.unwrap().actor_name, "Grace Hopper");
    }

    async fn an_open_invitation_has_info(database: Database) {
        let stage = Stage::set_up(database).await;
        let admin = stage.caller("Root", Role::Admin).await;
        let invited = stage.invited(&admin).await;
        let info = stage.info(&admin, ObjectType::Member, invited.id).await.unwrap();
        assert_eq!((info.created.unwrap().actor_name.as_str(), info.deleted), ("Root", None));
        assert_eq!(info.content["email"], "grace@example.com");
    }
}
