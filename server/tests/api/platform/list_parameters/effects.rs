//! What the parameters of lists do.

use serde_json::Value;

/// What a parameter does, as a comparison of the list without it and with it.
pub(super) type Effect = Box<dyn Fn(&Value, &Value) -> bool>;

pub(super) fn results(list: &Value) -> &[Value] {
    let results = list.as_array().or_else(|| list["results"].as_array());
    let results = results.or_else(|| list["data"]["items"].as_array());
    results.unwrap_or_else(|| panic!("{list}"))
}

/// The parameter leaves the results for which this holds: some, but not all, counted.
pub(super) fn only(holds: impl Fn(&Value) -> bool + 'static) -> Effect {
    Box::new(move |all, some| {
        let kept: Vec<_> = results(all).iter().filter(|result| holds(result)).collect();
        let is_counted = some.get("count").is_none_or(|count| count == kept.len());
        let is_part = !kept.is_empty() && kept.len() < results(all).len();
        is_part && is_counted && results(some).iter().collect::<Vec<_>>() == kept
    })
}

/// The parameter leaves the results with one of these texts in this field.
pub(super) fn named(field: &'static str, texts: &'static [&str]) -> Effect {
    only(move |result| texts.iter().any(|text| result[field] == *text))
}

/// Results for which this holds, and which the list has only with the parameter.
pub(super) fn added(holds: impl Fn(&Value) -> bool + 'static) -> Effect {
    Box::new(move |all, some| {
        let without = results(all).iter().any(&holds);
        !without && !results(some).is_empty() && results(some).iter().all(&holds)
    })
}

pub(super) fn takes(number: usize) -> Effect {
    Box::new(move |all, some| {
        results(all).len() > number && results(some) == &results(all)[..number]
    })
}

pub(super) fn skips(number: usize) -> Effect {
    Box::new(move |all, some| {
        results(all).len() > number && results(some) == &results(all)[number..]
    })
}

pub(super) fn reverses() -> Effect {
    Box::new(|all, some| {
        let reversed: Vec<_> = results(some).iter().rev().collect();
        reversed.len() > 1 && results(all).iter().collect::<Vec<_>>() == reversed
    })
}

/// The results that were updated last come first, which is not the default.
pub(super) fn descends() -> Effect {
    Box::new(|all, some| {
        let updated = |list: &Value| -> Vec<i64> {
            let results = results(list).iter();
            results
                .map(|result| result["lastUpdated"].as_i64().unwrap())
                .collect()
        };
        let mut expected = updated(all);
        expected.sort_by_key(|at| -at);
        expected[0] != expected[expected.len() - 1] && updated(some) == expected && some != all
    })
}

/// No detector is evaluated, so no parameter has anything to leave out.
pub(super) fn is_empty() -> Effect {
    Box::new(|all, some| results(all).is_empty() && results(some).is_empty())
}

pub(super) fn has_results() -> Effect {
    Box::new(|all, _| !results(all).is_empty())
}
