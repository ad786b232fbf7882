//! Info of an object, as the service answers it and as the dialog shows it.

use service::{Info, InfoAct};

use crate::model::audit::info::{Did, InfoView};

impl From<Info> for InfoView {
    fn from(info: Info) -> Self {
        Self {
            name: info.object.name,
            id: info.object.id.to_string(),
            created: Did::from(info.created),
            updated: Did::from(info.updated),
            history: info
                .history
                .map(|history| history.into_iter().map(|recorded| recorded.event).collect()),
        }
    }
}

impl From<InfoAct> for Did {
    fn from(act: InfoAct) -> Self {
        let (by, token) = act.detail.map(|detail| (detail.by, detail.token)).unzip();
        Self {
            at: act.at,
            who: act.actor_name,
            by,
            state: token.flatten().map(|token| token.state),
        }
    }
}
