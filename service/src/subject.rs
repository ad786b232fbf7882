//! The subject of Info: an object of any room that the caller may read.

use domain::{
    audit::event::{ObjectRef, ObjectType},
    identity::actor::Caller,
    platform::id::{Id, UserId},
};

use crate::{audit::info::subject::Subject, platform::error::ServiceError, service::Service};

impl Service {
    /// Finds an object that the caller may read, as the argument of [`crate::Audit::info`]. An administrator finds a
    /// deleted object by the events about it.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when the object does not exist, [`ServiceError::Denied`] without READ.
    pub async fn find_subject(
        &self,
        caller: &Caller,
        kind: ObjectType,
        id: Id,
    ) -> Result<Subject, ServiceError> {
        match self.find_present(caller, kind, id).await {
            Err(ServiceError::NotFound(what)) if caller.is_administrator() => {
                let found = self.audit().subject_of_events(caller, kind, id).await?;
                found.ok_or(ServiceError::NotFound(what))
            }
            found => found,
        }
    }

    async fn find_present(
        &self,
        caller: &Caller,
        kind: ObjectType,
        id: Id,
    ) -> Result<Subject, ServiceError> {
        let object = match kind {
            ObjectType::Dashboard => self.objects().find_dashboard(caller, id).await?,
            ObjectType::DashboardGroup => self.objects().find_dashboard_group(caller, id).await?,
            ObjectType::Chart => self.objects().find_chart(caller, id).await?,
            ObjectType::Detector => self.objects().find_detector(caller, id).await?,
            ObjectType::Team => self.identity().teams().find(caller, id).await?.team,
            ObjectType::Integration => self.integrations().find(caller, id).await?.integration,
            ObjectType::Shared(kind) => self.objects().find_shared(kind, caller, id).await?,
            ObjectType::Catalog(kind) => {
                return self.ingest().entry_subject(caller, kind, id).await;
            }
            ObjectType::OrgToken => {
                let token = self.tokens().org().find_by_id(caller, id).await?;
                let name = token.name;
                let object = ObjectRef { kind, id, name };
                return Ok(Subject::present(object, token.created, token.updated));
            }
            ObjectType::Member => return self.member_subject(caller, UserId(id)).await,
            ObjectType::Token
            | ObjectType::Session
            | ObjectType::Organization
            | ObjectType::AuditLog
            | ObjectType::MasterKey
            | ObjectType::Unknown => return Err(ServiceError::not_found(kind.words())),
        };
        let name = object.name;
        let about = ObjectRef { kind, id, name };
        Ok(Subject::present(about, object.created, object.updated))
    }

    async fn member_subject(&self, caller: &Caller, id: UserId) -> Result<Subject, ServiceError> {
        let member = self.identity().members().find(caller, id).await?.member;
        let object = ObjectRef {
            kind: ObjectType::Member,
            id: id.0,
            name: member.full_name,
        };
        let created = (member.created_at, member.created_by);
        let updated = (member.updated_at, member.updated_by);
        self.audit()
            .member_subject(caller, object, created, updated)
            .await
    }
}
