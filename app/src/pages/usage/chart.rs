//! The chart of calls over time, with its numbers in a table.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    model::usage::{UsageReport, UsageRow},
    pages::usage::{
        address::UsageAddress,
        call_links::{CallCount, calls_href},
    },
    ui::{
        bars::{Bars, COLOURS, Series, Tick},
        isolated::Isolated,
        list::listing::grouped,
    },
};

const MINUTE_MICROS: i64 = 60_000_000;
const DAY_MICROS: i64 = 24 * 60 * MINUTE_MICROS;

/// Calls over time: by user, or by token where all calls are of one user.
#[component]
pub(super) fn CallChart(address: UsageAddress, report: UsageReport) -> impl IntoView {
    let steps = steps(&address, &report);
    let ticks = steps.iter().map(|step| step.tick.clone()).collect();
    let (title, rows) = match report.people {
        Some(people) => ("API calls by user", people),
        None => ("API calls by token", report.tokens),
    };
    let series = series(rows);
    view! {
        <section class="usage-picture">
            <h2>{title}</h2>
            <Bars title=title.to_owned() noun=("call", "calls") ticks series=series.clone() />
            <details class="disclosure">
                <summary>"Show as a table"</summary>
                <StepTable address steps series />
            </details>
        </section>
    }
}

/// The numbers of the chart, step by step.
#[component]
fn StepTable(address: UsageAddress, steps: Vec<StepTick>, series: Vec<Series>) -> impl IntoView {
    let heads = series
        .iter()
        .map(
            |series| view! { <th scope="col" class="number usage-name"><Isolated text=series.name.clone() /></th> },
        )
        .collect_view();
    let rows = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let calls = calls_href(&address, step.from, step.to);
            view! { <StepRow step calls counts=counts_at(&series, index) /> }
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

#[component]
fn StepRow(step: StepTick, calls: Option<String>, counts: Vec<(String, i64)>) -> impl IntoView {
    let sum = counts.iter().map(|(_, count)| count).sum();
    let cells = counts
        .into_iter()
        .map(|(name, count)| view! { <td class="number" data-label=name>{grouped(count)}</td> })
        .collect_view();
    view! {
        <tr>
            <th scope="row" data-label="Time"><a href=step.tick.href>{step.tick.title}</a></th>
            <td class="number" data-label="All"><CallCount number=sum href=calls /></td>
            {cells}
        </tr>
    }
}

/// The calls of one step, by series.
fn counts_at(series: &[Series], index: usize) -> Vec<(String, i64)> {
    series
        .iter()
        .map(|series| {
            let count = series.numbers.get(index).copied();
            (series.name.clone(), count.unwrap_or_default())
        })
        .collect()
}

/// A step of the period with its mark on the axis.
#[derive(Debug, Clone)]
struct StepTick {
    from: Timestamp,
    to: Timestamp,
    tick: Tick,
}

/// The steps of the period.
fn steps(address: &UsageAddress, report: &UsageReport) -> Vec<StepTick> {
    let micros = report.step_micros.max(MINUTE_MICROS);
    let begins = (0..).map(|index| report.from.as_micros() + index * micros);
    begins
        .take_while(|begin| *begin < report.to.as_micros())
        .map(|begin| {
            let (from, to) = (
                Timestamp::from_micros(begin),
                Timestamp::from_micros(begin + micros),
            );
            let (title, short) = step_labels(report, micros, from);
            let href = step_href(address, micros, from, to);
            let tick = Tick { title, short, href };
            StepTick { from, to, tick }
        })
        .collect()
}

/// A step links to itself in smaller steps; the smallest step links to its calls, where the viewer can read them.
fn step_href(address: &UsageAddress, micros: i64, from: Timestamp, to: Timestamp) -> String {
    let calls = (micros == MINUTE_MICROS).then(|| calls_href(address, from, to));
    calls
        .flatten()
        .unwrap_or_else(|| address.between(from, to).href())
}

/// The label of a step in full and on the axis, where a period of more than a day shows dates instead of times.
fn step_labels(report: &UsageReport, micros: i64, from: Timestamp) -> (String, String) {
    if micros == DAY_MICROS {
        return (from.to_date(), from.to_short_date());
    }
    let is_long = report.to.as_micros() - report.from.as_micros() > DAY_MICROS + micros;
    let short = if is_long {
        from.to_short_date()
    } else {
        from.to_time()
    };
    (from.to_date_and_time(), short)
}

/// One series for each colour; the last holds all other rows together.
fn series(mut rows: Vec<UsageRow>) -> Vec<Series> {
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
    use crate::model::usage::CallCounts;

    fn row(title: &str, series: &[i64]) -> UsageRow {
        UsageRow {
            value: String::new(),
            title: title.to_owned(),
            detail: String::new(),
            counts: CallCounts::default(),
            series: series.to_vec(),
        }
    }

    #[test]
    fn rows_without_a_colour_of_their_own_are_added_up() {
        let rows = (0..9).map(|index| row(&index.to_string(), &[1, index]));
        let drawn = series(rows.collect());
        let names: Vec<_> = drawn.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(names, ["0", "1", "2", "3", "4", "5", "Others"]);
        assert_eq!(drawn[6].numbers, [3, 6 + 7 + 8]);
    }

    #[test]
    fn a_single_last_row_keeps_its_name() {
        let drawn = series((0..7).map(|_| row("x", &[])).collect());
        assert_eq!(drawn.len(), 7);
        assert_eq!(drawn[6].name, "x");
    }
}
