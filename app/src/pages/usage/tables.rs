//! The tables of counts: by user, token, route and status.

use domain::platform::timestamp::Timestamp;
use leptos::prelude::*;

use crate::{
    model::usage::{CallCounts, UsageReport, UsageRow},
    pages::usage::{
        address::UsageAddress,
        call_links::{CallCount, calls_href},
        numbers::{average, bytes, part_of},
    },
    ui::{
        bars::{Share, Swatch},
        isolated::Isolated,
    },
};

/// What the rows of a table have in common.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// The heading of the table.
    title: &'static str,
    /// The heading of the first column.
    column: &'static str,
    /// The parameter of the address that a row sets.
    parameter: &'static str,
    /// Whether the call log has the same filter.
    filters_calls: bool,
}

const BY_USER: Group = Group {
    title: "By user",
    column: "User",
    parameter: "person",
    filters_calls: true,
};
const BY_TOKEN: Group = Group {
    title: "By token",
    column: "Token",
    parameter: "token",
    filters_calls: true,
};
const BY_ROUTE: Group = Group {
    title: "By route",
    column: "Route",
    parameter: "route",
    filters_calls: false,
};
const BY_STATUS: Group = Group {
    title: "By status",
    column: "Status",
    parameter: "status",
    filters_calls: false,
};

/// What all rows of a page share.
#[derive(Debug, Clone)]
struct Period {
    address: UsageAddress,
    from: Timestamp,
    to: Timestamp,
    calls: i64,
}

/// All tables. The rows of the first have the colours of the chart.
#[component]
pub(super) fn Tables(address: UsageAddress, report: UsageReport) -> impl IntoView {
    let period = Period {
        address,
        from: report.from,
        to: report.to,
        calls: report.total.calls,
    };
    let has_people = report.people.is_some();
    let table = |rows, group, colours| {
        let period = period.clone();
        view! { <UsageTable period rows group colours /> }
    };
    view! {
        {report.people.map(|people| table(people, BY_USER, true))}
        {table(report.tokens, BY_TOKEN, !has_people)}
        <div class="usage-halves">
            {table(report.routes, BY_ROUTE, false)}
            {table(report.statuses, BY_STATUS, false)}
        </div>
    }
}

#[component]
fn UsageTable(period: Period, rows: Vec<UsageRow>, group: Group, colours: bool) -> impl IntoView {
    let heads = ["Calls", "Share", "Rejected", "Failed", "Average", "Sent"]
        .map(|head| view! { <th scope="col" class="number">{head}</th> });
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(index, row)| {
            let (period, colour) = (period.clone(), colours.then_some(index));
            view! { <UsageTableRow period row group colour /> }
        })
        .collect_view();
    view! {
        <section>
            <h2>{group.title}</h2>
            <table class="table usage">
                <thead>
                    <tr>
                        <th scope="col">{group.column}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn UsageTableRow(
    period: Period,
    row: UsageRow,
    group: Group,
    colour: Option<usize>,
) -> impl IntoView {
    let selected =
        (!row.value.is_empty()).then(|| period.address.with(group.parameter, &row.value));
    let calls = selected
        .as_ref()
        .filter(|_| group.filters_calls)
        .and_then(|selected| calls_href(selected, period.from, period.to));
    let name = match selected {
        Some(selected) => {
            view! { <a href=selected.href()><Isolated text=row.title /></a> }.into_any()
        }
        None => view! { <span><Isolated text=row.title /></span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row" data-label=group.column>
                {colour.map(|place| view! { <Swatch place /> })}
                {name}
                {(!row.detail.is_empty()).then(|| view! { " " <span class="quiet usage-detail">{row.detail}</span> })}
            </th>
            <Cells counts=row.counts whole=period.calls calls />
        </tr>
    }
}

#[component]
fn Cells(counts: CallCounts, whole: i64, calls: Option<String>) -> impl IntoView {
    view! {
        <td class="number" data-label="Calls"><CallCount number=counts.calls href=calls /></td>
        <td class="number usage-share" data-label="Share"><Share part=counts.calls whole /></td>
        <td class="number" data-label="Rejected">{part_of(counts.rejected, counts.calls)}</td>
        <td class="number" data-label="Failed">{part_of(counts.failed, counts.calls)}</td>
        <td class="number" data-label="Average">{average(&counts)}</td>
        <td class="number" data-label="Sent">{bytes(counts.bytes)}</td>
    }
}
