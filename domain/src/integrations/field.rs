//! Fields of integrations: shape, whether required, and who may read them.

use crate::platform::{fields::Fields, rejection::Rejected};

use crate::integrations::target::Target;

/// The shortest interval between two polls of a cloud's metrics, in milliseconds.
pub(crate) const SHORTEST_POLL_MS: i64 = 60_000;

/// A field.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
    pub(crate) readers: Readers,
}

/// The shape of a field's value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    Text,
    /// The URL that the integration sends to.
    Address,
    Word(&'static [&'static str]),
    Truth,
    Number,
    /// Milliseconds between two polls, with this maximum.
    PollRate(i64),
    Texts,
    /// An object of strings.
    TextMap,
    /// An object of lists of strings.
    ListMap,
    /// An object of namespaces, of objects of metrics, of lists of statistics.
    Statistics,
    Object(&'static [Field]),
    Objects(&'static [Field]),
}

/// Who may read a field (docs/contract.md#integrations). A field that not every member may read is a secret and is
/// stored encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    Members,
    Administrators,
    NoOne,
    /// Never returned, but clients expect the field to be present, as `null`.
    NoneAsNull,
}

impl Field {
    pub(crate) const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            required: false,
            readers: Readers::Members,
        }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn read_by(mut self, readers: Readers) -> Self {
        self.readers = readers;
        self
    }

    pub(crate) fn is_secret(&self) -> bool {
        self.readers != Readers::Members
    }

    /// Checks the value in a request. Whether a required field may be absent is checked once the stored values are
    /// known.
    pub(crate) fn check(&self, given: &Fields<'_>) -> Result<(), Rejected> {
        let name = self.name;
        match self.shape {
            Shape::Text => given.text(name).map(drop),
            Shape::Address => check_address(given, name),
            Shape::Word(words) => given.word(name, words).map(drop),
            Shape::Truth => given.truth(name).map(drop),
            Shape::Number => given.whole_number(name, 0, i64::from(i32::MAX)).map(drop),
            Shape::PollRate(longest_ms) => check_poll_rate(given, name, longest_ms),
            Shape::Texts => given.texts(name).map(drop),
            Shape::TextMap => each_member(given, name, |map, key| map.text(key).map(drop)),
            Shape::ListMap => each_member(given, name, |map, key| map.texts(key).map(drop)),
            Shape::Statistics => each_member(given, name, |namespaces, namespace| {
                each_member(namespaces, namespace, |metrics, metric| {
                    metrics.texts(metric).map(drop)
                })
            }),
            Shape::Object(fields) => given.within(name, |inner| check_inner(fields, &inner)),
            Shape::Objects(fields) => given.each(name, |inner| check_inner(fields, &inner)),
        }
    }
}

/// Nested secrets may be absent when they are stored already; that is checked later.
fn check_inner(fields: &[Field], given: &Fields<'_>) -> Result<(), Rejected> {
    for field in fields {
        field.check(given)?;
        if field.required && !field.is_secret() {
            let value = given.find(field.name).filter(|value| *value != "");
            given.required(field.name, value)?;
        }
    }
    Ok(())
}

fn check_address(given: &Fields<'_>, name: &str) -> Result<(), Rejected> {
    let address = given.text(name)?.filter(|address| !address.is_empty());
    match address.map(Target::parse) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(what)) => Err(given.reject(name, what)),
    }
}

/// The message is part of the contract.
fn check_poll_rate(given: &Fields<'_>, name: &str, longest_ms: i64) -> Result<(), Rejected> {
    let rate = given.whole_number(name, i64::MIN, i64::MAX)?;
    match rate.filter(|rate| !(SHORTEST_POLL_MS..=longest_ms).contains(rate)) {
        None => Ok(()),
        Some(rate) => Err(Rejected::field(
            name,
            format!(
                "Poll rate value {rate} ms is out of the range. \
                 Supported poll rate values are {SHORTEST_POLL_MS} - {longest_ms} ms."
            ),
        )),
    }
}

fn each_member(
    given: &Fields<'_>,
    name: &str,
    check: impl Fn(&Fields<'_>, &str) -> Result<(), Rejected>,
) -> Result<(), Rejected> {
    let members = given.object(name)?;
    given.within(name, |map| {
        members
            .into_iter()
            .flat_map(|members| members.keys())
            .try_for_each(|key| check(&map, key))
    })
}
