//! Info of an object as the service returns it, converted for the dialog.

use service::{Info, InfoEntry};

use crate::model::audit::info::{InfoEvent, InfoView};

impl From<Info> for InfoView {
    fn from(info: Info) -> Self {
        let history = info.history.map(|history| {
            let events = history.into_iter();
            events.map(|recorded| recorded.event).collect()
        });
        Self {
            name: info.object.name,
            id: info.object.id.to_string(),
            created: info.created.into(),
            updated: info.updated.into(),
            history,
        }
    }
}

impl From<InfoEntry> for InfoEvent {
    fn from(entry: InfoEntry) -> Self {
        let (by, token) = entry.detail.map(|detail| (detail.by, detail.token)).unzip();
        Self {
            at: entry.at,
            actor_name: entry.actor_name,
            by,
            state: token.flatten().map(|token| token.state),
        }
    }
}
