//! The numbers of `/usage`: the picture with its table, and a table for each way to gather calls.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    model::{
        platform::viewer::administrates,
        usage::{UsageFound, UsageGroups, UsageRow},
    },
    pages::usage::{
        figures::{average, bytes, of},
        query::UsageAsked,
    },
    ui::{
        bars::{Bars, COLOURS, Series, Share, Swatch, Tick},
        list::grouped,
    },
};

const MINUTE_MICROS: i64 = 60_000_000;
const DAY_MICROS: i64 = 24 * 60 * MINUTE_MICROS;

const CALLS: (&str, &str) = ("call", "calls");

/// A way to gather calls.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// The heading.
    title: &'static str,
    /// What a row is about.
    column: &'static str,
    /// What a row narrows the page to, by its name in the address.
    filter: &'static str,
    /// What it narrows the list of calls to; nothing where that list knows no such filter.
    calls: Option<&'static str>,
}

const BY_USER: Way = Way {
    title: "By user",
    column: "User",
    filter: "person",
    calls: Some("person"),
};
const BY_TOKEN: Way = Way {
    title: "By token",
    column: "Token",
    filter: "token",
    calls: Some("token"),
};
const BY_ROUTE: Way = Way {
    title: "By route",
    column: "Route",
    filter: "route",
    calls: None,
};
const BY_STATUS: Way = Way {
    title: "By status",
    column: "Status",
    filter: "status",
    calls: None,
};

/// The picture and every table.
#[component]
pub(crate) fn Tables(asked: UsageAsked, found: UsageFound) -> impl IntoView {
    let (way, drawn) = match found.people.clone() {
        Some(people) => (BY_USER, people),
        None => (BY_TOKEN, found.tokens.clone()),
    };
    let by_token = found.people.is_some().then(|| {
        let (asked, found, groups) = (asked.clone(), found.clone(), found.tokens.clone());
        view! { <Groups asked found groups way=BY_TOKEN colours=false /> }
    });
    let table = |groups: UsageGroups, way, colours| {
        let (asked, found) = (asked.clone(), found.clone());
        view! { <Groups asked found groups way colours /> }
    };
    view! {
        <Picture asked=asked.clone() found=found.clone() groups=drawn.clone() way />
        {table(drawn, way, true)}
        {by_token}
        <div class="usage-halves">
            {table(found.routes.clone(), BY_ROUTE, false)}
            {table(found.statuses.clone(), BY_STATUS, false)}
        </div>
    }
}

/// Calls over time, drawn, with the same numbers in a table.
#[component]
fn Picture(asked: UsageAsked, found: UsageFound, groups: UsageGroups, way: Way) -> impl IntoView {
    let steps = steps(&asked, &found);
    let series = drawn(groups);
    let title = format!("API calls {}", way.title.to_lowercase());
    let ticks = steps.iter().map(|step| step.tick.clone()).collect();
    view! {
        <section class="usage-picture">
            <h2>{title.clone()}</h2>
            <Bars title noun=CALLS ticks series=series.clone() />
            <details class="disclosure">
                <summary>"The same in numbers"</summary>
                <Numbers asked steps series />
            </details>
        </section>
    }
}

/// The picture's numbers, step by step.
#[component]
fn Numbers(asked: UsageAsked, steps: Vec<StepOf>, series: Vec<Series>) -> impl IntoView {
    let heads = series
        .iter()
        .map(
            |series| view! { <th scope="col" class="number usage-name">{series.name.clone()}</th> },
        )
        .collect_view();
    let rows = steps
        .into_iter()
        .enumerate()
        .map(|(place, step)| {
            let numbers: Vec<(String, i64)> = series
                .iter()
                .map(|series| (series.name.clone(), series.numbers.get(place).copied().unwrap_or_default()))
                .collect();
            let sum: i64 = numbers.iter().map(|(_, number)| number).sum();
            let cells = numbers
                .into_iter()
                .map(|(name, number)| view! { <td class="number" data-label=name>{grouped(number)}</td> })
                .collect_view();
            let calls = calls_href(&asked, None, step.from, step.to);
            view! {
                <tr>
                    <th scope="row" data-label="Time"><a href=step.tick.href>{step.tick.title}</a></th>
                    <td class="number" data-label="All"><Count number=sum href=calls /></td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table usage usage-steps">
            <thead>
                <tr>
                    <th scope="col">"Time"</th>
                    <th scope="col" class="number">"All"</th>
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// Calls gathered in one way.
#[component]
fn Groups(
    asked: UsageAsked,
    found: UsageFound,
    groups: UsageGroups,
    way: Way,
    colours: bool,
) -> impl IntoView {
    let whole = found.total.calls;
    let heads = ["Calls", "Share", "Refused", "Failed", "Average", "Answered"]
        .map(|head| view! { <th scope="col" class="number">{head}</th> });
    let rows = groups
        .rows
        .into_iter()
        .enumerate()
        .map(|(place, row)| {
            let asked = asked.clone();
            let (from, to) = (found.from, found.to);
            view! { <Row asked row way whole range=(from, to) colour=colours.then_some(place) /> }
        })
        .collect_view();
    view! {
        <section>
            <h2>{way.title}</h2>
            <table class="table usage">
                <thead>
                    <tr>
                        <th scope="col">{way.column}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(
    asked: UsageAsked,
    row: UsageRow,
    way: Way,
    whole: i64,
    range: (Timestamp, Timestamp),
    colour: Option<usize>,
) -> impl IntoView {
    let UsageRow {
        value,
        title,
        detail,
        numbers,
        ..
    } = row;
    let narrowed = (!value.is_empty()).then(|| asked.with(way.filter, &value).address());
    let calls = way
        .calls
        .filter(|_| !value.is_empty())
        .and_then(|filter| calls_href(&asked, Some((filter, &value)), range.0, range.1));
    let name = match narrowed {
        Some(href) => view! { <a href=href>{title}</a> }.into_any(),
        None => view! { <span>{title}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label=way.column>
                {colour.map(|place| view! { <Swatch place /> })}
                {name}
                {(!detail.is_empty()).then(|| view! { " " <span class="quiet usage-detail">{detail}</span> })}
            </th>
            <td class="number" data-label="Calls"><Count number=numbers.calls href=calls /></td>
            <td class="number usage-share" data-label="Share"><Share part=numbers.calls whole /></td>
            <td class="number" data-label="Refused">{of(numbers.refused, numbers.calls)}</td>
            <td class="number" data-label="Failed">{of(numbers.failed, numbers.calls)}</td>
            <td class="number" data-label="Average">{average(&numbers)}</td>
            <td class="number" data-label="Answered">{bytes(numbers.bytes)}</td>
        </tr>
    }
}

/// How many calls, with the way to the calls themselves where there is one.
#[component]
fn Count(number: i64, href: Option<String>) -> impl IntoView {
    match href.filter(|_| number > 0) {
        Some(href) => {
            view! { <a href=href title="Show these calls">{grouped(number)}</a> }.into_any()
        }
        None => grouped(number).into_any(),
    }
}

/// The list of calls, narrowed to these; `None` for whoever may not read it, and where it cannot be narrowed as far.
fn calls_href(
    asked: &UsageAsked,
    more: Option<(&str, &str)>,
    from: Timestamp,
    to: Timestamp,
) -> Option<String> {
    let asked = match more {
        Some((filter, value)) => asked.with(filter, value),
        None => asked.clone(),
    };
    let cannot = !asked.route.is_empty() || !asked.status.is_empty() || asked.person == "unknown";
    if cannot || !administrates() {
        return None;
    }
    let mut query = "what=calls".to_owned();
    for (name, value) in [("person", &asked.person), ("token", &asked.token)] {
        if !value.is_empty() {
            query += &format!("&{name}={value}");
        }
    }
    Some(format!(
        "/audit?{query}&from={}&to={}",
        from.as_millis(),
        to.as_millis()
    ))
}

/// A step of the range.
#[derive(Debug, Clone)]
struct StepOf {
    from: Timestamp,
    to: Timestamp,
    tick: Tick,
}

/// The steps of what is shown. A step leads to itself in finer ones; where there are none, to its calls.
fn steps(asked: &UsageAsked, found: &UsageFound) -> Vec<StepOf> {
    let step = found.step_micros.max(MINUTE_MICROS);
    let begins = (0..).map(|place| found.from.as_micros() + place * step);
    begins
        .take_while(|begin| *begin < found.to.as_micros())
        .map(|begin| {
            let (from, to) = (
                Timestamp::from_micros(begin),
                Timestamp::from_micros(begin + step),
            );
            let closer = asked.between(from, to).address();
            let href = match calls_href(asked, None, from, to) {
                Some(calls) if step == MINUTE_MICROS => calls,
                Some(_) | None => closer,
            };
            let (title, short) = if step == DAY_MICROS {
                (from.to_date(), from.to_short_date())
            } else if found.to.as_micros() - found.from.as_micros() > DAY_MICROS + step {
                (from.to_date_and_time(), from.to_short_date())
            } else {
                (from.to_date_and_time(), from.to_time())
            };
            StepOf {
                from,
                to,
                tick: Tick { title, short, href },
            }
        })
        .collect()
}

/// What is drawn: as many groups as there are colours, the last for all others.
fn drawn(groups: UsageGroups) -> Vec<Series> {
    let mut rows = groups.rows;
    let rest = rows.split_off(rows.len().min(COLOURS - 1));
    let mut series: Vec<Series> = rows.into_iter().map(Series::from).collect();
    let others = rest.into_iter().map(Series::from).reduce(|mut sum, more| {
        for (number, more) in sum.numbers.iter_mut().zip(more.numbers) {
            *number += more;
        }
        "Others".clone_into(&mut sum.name);
        sum
    });
    series.extend(others);
    series
}

impl From<UsageRow> for Series {
    fn from(row: UsageRow) -> Self {
        Self {
            name: row.title,
            numbers: row.series,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::usage::UsageNumbers;

    fn row(title: &str, series: &[i64]) -> UsageRow {
        UsageRow {
            value: String::new(),
            title: title.to_owned(),
            detail: String::new(),
            numbers: UsageNumbers::default(),
            series: series.to_vec(),
        }
    }

    #[test]
    fn what_has_no_colour_of_its_own_is_drawn_together() {
        let rows = (0..9)
            .map(|place| row(&place.to_string(), &[1, place]))
            .collect();
        let series = drawn(UsageGroups { rows });
        let names: Vec<_> = series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["0", "1", "2", "3", "4", "5", "Others"]);
        assert_eq!(series[6].numbers, [3, 6 + 7 + 8]);
        let alone = drawn(UsageGroups {
            rows: (0..7).map(|_| row("x", &[])).collect(),
        });
        assert_eq!(alone.len(), 7);
        assert_eq!(alone[6].name, "x");
    }
}
