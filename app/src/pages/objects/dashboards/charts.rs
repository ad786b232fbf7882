//! The charts of a dashboard. Data is not drawn: a chart shows its program or its text.

use leptos::{nonce::use_nonce, prelude::*};

use crate::{
    model::objects::dashboard::ChartView,
    pages::objects::dashboards::grid,
    ui::{isolated::Isolated, page::empty::Empty},
};

/// All charts, each at its place in the grid.
#[component]
pub(super) fn Charts(charts: Vec<ChartView>) -> impl IntoView {
    if charts.is_empty() {
        return view! {
            <Empty title="No charts yet">"Charts are added to a dashboard through the API: " <code>"PUT /v2/dashboard"</code></Empty>
        }
        .into_any();
    }
    let cells: Vec<_> = charts.iter().map(|chart| chart.cell).collect();
    let tiles = charts
        .into_iter()
        .enumerate()
        .map(|(index, chart)| view! { <Tile index chart /> })
        .collect_view();
    view! {
        // The content security policy forbids style attributes, so the places are rules of a style sheet.
        <style nonce=use_nonce()>{grid::style(&cells)}</style>
        <ul class="charts">{tiles}</ul>
    }
    .into_any()
}

#[component]
fn Tile(index: usize, chart: ChartView) -> impl IntoView {
    let ChartView {
        name,
        description,
        kind,
        program,
        text,
        ..
    } = chart;
    let name = if name.is_empty() {
        "Unnamed chart".to_owned()
    } else {
        name
    };
    view! {
        <li class=format!("chart {}", grid::class(index))>
            <div class="chart-head">
                <h2><Isolated text=name.clone() /></h2>
                <span class="chart-kind">{kind}</span>
            </div>
            {(!description.is_empty()).then(|| view! { <p class="quiet">{description}</p> })}
            {(!text.is_empty()).then(|| view! { <p class="chart-text">{text}</p> })}
            {(!program.is_empty()).then(|| view! {
                <pre tabindex="0" role="region" aria-label=format!("Program of {name}")><code>{program}</code></pre>
            })}
        </li>
    }
}
