//! An organization without members, and the attribution and events of operations on it.

use domain::{
    audit::event::{Action, ActorType, Attribution, AuditEvent, ObjectRef, ObjectType, Outcome},
    identity::actor::RequestMeta,
    platform::{
        id::{Id, OrganizationId, RequestId},
        timestamp::Timestamp,
    },
};
use store::{Organization, Store, Write};

pub(crate) const ORGANIZATION: OrganizationId = OrganizationId(Id::from_bits(1));

pub(crate) fn by_system() -> Attribution {
    Attribution {
        actor_type: ActorType::System,
        actor_id: Id::SYSTEM,
        actor_name: "Countersign".to_owned(),
        actor_email: String::new(),
        credential: None,
        request: RequestMeta {
            id: RequestId(Id::from_bits(2)),
            method: "".into(),
            path: String::new(),
            address: "".into(),
            client: "a test".into(),
        },
    }
}

/// The event of an operation that created an object.
pub(crate) fn created(kind: ObjectType, id: u64, name: &str) -> AuditEvent {
    AuditEvent {
        at: Timestamp::from_micros(1),
        organization_id: ORGANIZATION,
        by: by_system(),
        action: Action::Create,
        object: ObjectRef {
            kind,
            id: Id::from_bits(id),
            name: name.to_owned(),
        },
        outcome: Outcome::Done,
        changes: Vec::new(),
    }
}

/// Opens a database and begins an operation that creates the organization. All other operations wait for it.
pub(crate) async fn begin(database: &testbed::Database) -> (Store, Write) {
    let store = Store::open(&database.url).await.unwrap();
    let mut write = store.write().await.unwrap();
    let organization = Organization {
        id: ORGANIZATION,
        name: "Analytical Engines".to_owned(),
        created_at: Timestamp::from_micros(1),
        updated_at: Timestamp::from_micros(1),
        updated_by: Id::SYSTEM,
    };
    write.insert_organization(&organization).await.unwrap();
    (store, write)
}
