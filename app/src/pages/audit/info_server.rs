//! Info of an object as the service returns it, converted for the dialog.

use domain::{audit::event::FieldChange, platform::id::Id};
use service::{Info, InfoDetail, InfoEntry};

use crate::model::audit::info::{InfoEvent, InfoEventDetail, InfoView};

impl From<Info> for InfoView {
    fn from(info: Info) -> Self {
        let history = info.history.map(|history| {
            let events = history.into_iter();
            events.map(|recorded| recorded.event).collect()
        });
        let content = info.content.into_iter().map(|(field, value)| FieldChange {
            field,
            before: None,
            after: Some(value),
        });
        Self {
            name: info.object.name,
            id: info.object.id.to_string(),
            created: info.created.map(InfoEvent::from),
            updated: info.updated.map(InfoEvent::from),
            deleted: info.deleted.map(InfoEvent::from),
            content: content.collect(),
            history,
        }
    }
}

impl From<InfoEntry> for InfoEvent {
    fn from(entry: InfoEntry) -> Self {
        let id = entry.actor_id;
        Self {
            at: entry.at,
            actor_name: entry.actor_name,
            detail: entry.detail.map(|detail| detail_of(id, detail)),
        }
    }
}

fn detail_of(actor_id: Id, detail: InfoDetail) -> InfoEventDetail {
    let (credential, token) = detail.token.unzip();
    InfoEventDetail {
        actor_id: actor_id.to_string(),
        actor_type: detail.actor_type,
        actor_email: detail.actor_email,
        credential,
        state: token.map(|token| token.state),
        request: detail.request,
    }
}
