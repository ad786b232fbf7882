//! Automated archival: its settings, and the metrics that are exempt from it (docs/contract.md#automated-archival).

use serde_json::{Value, json};

use super::{draft::SharedDraft, version};
use crate::{
    objects::object::Object,
    platform::{
        document::{Document, kept},
        fields::Fields,
        id::Id,
        limits::METRIC_NAME_CHARACTERS,
        rejection::Rejected,
        visible::composed,
    },
};

const SETTINGS: &[&str] = &["enabled", "lookbackPeriod", "gracePeriod", "rulesetLimit"];

/// The longest grace period, in days.
const LONGEST_GRACE_DAYS: u16 = 365;

pub(super) fn read_settings(
    given: &Document,
    present: Option<&Object>,
) -> Result<SharedDraft, Rejected> {
    let fields = Fields::of(given);
    fields.required("enabled", fields.truth("enabled")?)?;
    let lookback = fields.word("lookbackPeriod", &["P30D", "P45D", "P60D"])?;
    fields.required("lookbackPeriod", lookback)?;
    let grace = fields.required("gracePeriod", fields.text("gracePeriod")?)?;
    if !is_period(grace) {
        let what = format!("must be a period from P0D to P{LONGEST_GRACE_DAYS}D");
        return Err(fields.reject("gracePeriod", what));
    }
    fields.whole_number("rulesetLimit", 0, i64::from(i32::MAX))?;
    let mut document = kept(given, SETTINGS);
    version::keep(&mut document, present);
    Ok(SharedDraft {
        name: "automated archival".to_owned(),
        document,
        references: Vec::new(),
    })
}

/// Whether a text is a number of days such as `P15D`.
fn is_period(text: &str) -> bool {
    let days = text
        .strip_prefix('P')
        .and_then(|text| text.strip_suffix('D'));
    let days = days.and_then(|days| days.parse::<u16>().ok());
    days.is_some_and(|days| days <= LONGEST_GRACE_DAYS && format!("P{days}D") == text)
}

pub(super) fn settings_defaults() -> Vec<(&'static str, Value)> {
    vec![
        ("version", json!(1)),
        ("enabled", json!(false)),
        ("lookbackPeriod", json!("")),
        ("gracePeriod", json!("")),
    ]
}

pub(super) fn read_exempt(
    given: &Document,
    present: Option<&Object>,
) -> Result<SharedDraft, Rejected> {
    exempt(&Fields::of(given), present)
}

fn exempt(fields: &Fields<'_>, present: Option<&Object>) -> Result<SharedDraft, Rejected> {
    fields.text_within("name", METRIC_NAME_CHARACTERS)?;
    Ok(SharedDraft {
        name: fields.name(present.map(|present| present.name.as_str()))?,
        document: Document::new(),
        references: Vec::new(),
    })
}

/// Parses a request that exempts metrics. No name occurs twice.
///
/// # Errors
/// [`Rejected`] names the field that breaks a rule of docs/contract.md#automated-archival, such as `[1].name`.
pub fn read_exempt_metrics(given: &[Value]) -> Result<Vec<SharedDraft>, Rejected> {
    // A field without a name, so that paths start with the index.
    let list = Document::from_iter([(String::new(), json!(given))]);
    let mut drafts: Vec<SharedDraft> = Vec::new();
    Fields::of(&list).each("", |metric| {
        let draft = exempt(&metric, None)?;
        if drafts
            .iter()
            .any(|other| composed(&other.name) == composed(&draft.name))
        {
            return Err(metric.reject("name", "is given twice"));
        }
        drafts.push(draft);
        Ok(())
    })?;
    Ok(drafts)
}

/// Parses a request that ends exemptions: the ids of the metrics.
///
/// # Errors
/// [`Rejected`] without ids, or naming the one that is malformed.
pub fn read_ids(given: &Document) -> Result<Vec<Id>, Rejected> {
    let fields = Fields::of(given);
    fields.required("ids", fields.find("ids"))?;
    fields.ids("ids")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_periods_in_days() {
        let check = |field: &str, value: Value| {
            let mut given = json!({"enabled": true, "lookbackPeriod": "P30D", "gracePeriod": "P0D", "rulesetLimit": 5});
            assert!(read_settings(given.as_object().unwrap(), None).is_ok());
            given[field] = value;
            let rejected = read_settings(given.as_object().unwrap(), None).unwrap_err();
            assert_eq!(rejected.field, field, "{given}");
        };
        check("enabled", Value::Null);
        check("enabled", json!("true"));
        for period in [json!("P31D"), json!(""), Value::Null] {
            check("lookbackPeriod", period);
        }
        for period in ["P366D", "P01D", "P1W", "1D", ""] {
            check("gracePeriod", json!(period));
        }
        check("rulesetLimit", json!(-1));
        check("rulesetLimit", json!(2_147_483_648_u32));
    }

    #[test]
    fn exempt_metrics_have_different_names() {
        let check = |given: Value, expected: Result<usize, &str>| {
            let read = read_exempt_metrics(given.as_array().unwrap());
            let read = read.map(|drafts| drafts.len());
            assert_eq!(
                read.map_err(|rejected| rejected.field),
                expected.map_err(str::to_owned)
            );
        };
        check(json!([{"name": "a"}, {"name": "b", "id": null}]), Ok(2));
        check(json!([]), Ok(0));
        check(json!([{"name": "a"}, {"name": "a"}]), Err("[1].name"));
        check(
            json!([{"name": "\u{e9}"}, {"name": "e\u{301}"}]),
            Err("[1].name"),
        );
        check(json!([{"name": "a"}, {}]), Err("[1].name"));
        check(json!([{"name": "x".repeat(257)}]), Err("[0].name"));
        check(json!(["a"]), Err("[0]"));
    }

    #[test]
    fn ids_are_required_and_well_formed() {
        let field = |given: Value| read_ids(given.as_object().unwrap()).unwrap_err().field;
        assert_eq!(field(json!({})), "ids");
        assert_eq!(field(json!({"ids": ["AAAAAAAAAAE", "x"]})), "ids[1]");
    }
}
