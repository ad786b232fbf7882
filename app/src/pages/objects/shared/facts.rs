//! Facts about shared objects: labels with texts and links.

use domain::{identity::actor::Caller, objects::permissions::ItemKind, platform::id::Id};
use service::Service;

use crate::{
    error::UiError,
    model::objects::{
        detector::TextLink,
        shared::{Fact, Section},
    },
    pages::objects::kind::object_path,
    request::if_visible,
};

/// What a shared object does, as its kind describes it.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) facts: Vec<Fact>,
    pub(super) sections: Vec<Section>,
    pub(super) program: String,
}

/// A label with one text.
pub(super) fn fact(label: &str, text: impl Into<String>) -> Fact {
    links(label, vec![TextLink::from(text.into())])
}

/// A label with links.
pub(super) fn links(label: &str, values: Vec<TextLink>) -> Fact {
    Fact {
        label: label.to_owned(),
        values,
    }
}

/// A dashboard, dashboard group or detector, with a link to its page when the caller can read it.
pub(super) async fn object_link(
    service: &Service,
    caller: &Caller,
    kind: ItemKind,
    id: &str,
) -> Result<TextLink, UiError> {
    let name = match Id::parse(id) {
        Ok(id) => {
            let found = service.objects().find_with_access(caller, kind, id).await;
            if_visible(found)?.map(|found| found.object.name)
        }
        Err(_) => None,
    };
    Ok(link(kind, id, name))
}

/// An object by its name, or by its id when the caller cannot read it or it was deleted.
fn link(kind: ItemKind, id: &str, name: Option<String>) -> TextLink {
    match name {
        Some(text) => TextLink {
            text,
            href: object_path(kind, id),
        },
        None => TextLink::from(format!("{} {id}, deleted or not readable", kind.words())),
    }
}
