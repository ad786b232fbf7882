//! A stacked bar chart over time, rendered by the server as SVG. Its page also has a table of the same numbers, which
//! leads to the same pages without a mouse.

use leptos::prelude::*;

use crate::ui::list::listing::grouped;

/// Number of colours. Further series share the last one.
pub const COLOURS: usize = 7;

/// Width of a step and of the gap in it, in units of the SVG.
const STEP: usize = 10;
const GAP: usize = 2;

/// Height of the chart in units of the SVG.
const HEIGHT: f64 = 100.0;

/// A series: its name and its value in each step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Name.
    pub name: String,
    /// Value in each step.
    pub numbers: Vec<i64>,
}

/// A step on the time axis, with its labels and link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Long label: "23 Dec 2026, 14:00 UTC".
    pub title: String,
    /// Short label, for the axis: "14:00".
    pub short: String,
    /// URL that the bar links to.
    pub href: String,
}

/// The chart with its axes.
#[component]
pub fn Bars(
    /// Accessible name.
    title: String,
    /// Singular and plural of what is counted: "call", "calls".
    noun: (&'static str, &'static str),
    /// The steps.
    ticks: Vec<Tick>,
    /// The series, the largest first. It is drawn at the bottom of the bars.
    series: Vec<Series>,
) -> impl IntoView {
    let sums = sums(&series, ticks.len());
    let top = top_of(sums.iter().copied().max().unwrap_or_default());
    let description = description(&ticks, &sums, noun);
    let axis = [0, ticks.len() / 2, ticks.len().saturating_sub(1)]
        .map(|place| ticks.get(place).map(|tick| tick.short.clone()));
    let size = format!("0 0 {} {HEIGHT}", ticks.len() * STEP);
    let bars = ticks
        .into_iter()
        .zip(sums)
        .enumerate()
        .map(|(place, (tick, sum))| {
            let parts = parts(&series, place, top);
            view! { <Bar place tick sum noun parts /> }
        })
        .collect_view();
    let half = (top % 2 == 0).then(|| grouped(top / 2));
    view! {
        <div class="bars">
            <div class="bars-scale" aria-hidden="true">
                <span>{grouped(top)}</span>
                <span>{half}</span>
                <span>"0"</span>
            </div>
            <svg
                class="bars-picture"
                viewBox=size
                preserveAspectRatio="none"
                role="group"
                aria-labelledby="bars-title bars-words"
            >
                <title id="bars-title">{title}</title>
                <desc id="bars-words">{description}</desc>
                {bars}
            </svg>
            <div class="bars-times" aria-hidden="true">
                {axis.map(|words| view! { <span>{words}</span> })}
            </div>
        </div>
    }
}

/// One bar. The link covers the whole height, so that a short bar can be clicked too.
#[component]
fn Bar(
    place: usize,
    tick: Tick,
    sum: i64,
    noun: (&'static str, &'static str),
    parts: Vec<Part>,
) -> impl IntoView {
    let words = format!(
        "{}: {}",
        tick.title,
        super::list::listing::counted(sum, noun.0, noun.1)
    );
    let label = words.clone();
    let (left, width) = (place * STEP + GAP / 2, STEP - GAP);
    let parts = parts
        .into_iter()
        .map(|part| {
            let class = format!("series-{}", part.colour);
            view! { <rect class=class x=left width=width y=units(part.y) height=units(part.height) /> }
        })
        .collect_view();
    view! {
        <a href=tick.href tabindex="-1" aria-label=label>
            <title>{words}</title>
            <rect class="bars-step" x=place * STEP width=STEP y="0" height=HEIGHT />
            {parts}
        </a>
    }
}

/// The colour of a series, beside its name.
#[component]
pub fn Swatch(
    /// Index of the series.
    place: usize,
) -> impl IntoView {
    let class = format!("series-{}", place.min(COLOURS - 1));
    view! {
        <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
            <rect class=class width="10" height="10" rx="2" />
        </svg>
    }
}

/// A percentage with a bar.
#[component]
pub fn Share(
    /// The part.
    part: i64,
    /// The whole.
    whole: i64,
) -> impl IntoView {
    view! {
        <svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="share-whole" width="100" height="6" />
            <rect class="share-part" width=units(100.0 * ratio(part, whole)) height="6" />
        </svg>
        <span class="share-text">{percent(part, whole)}</span>
    }
}

/// A segment of a bar.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    colour: usize,
    y: f64,
    height: f64,
}

fn parts(series: &[Series], place: usize, top: i64) -> Vec<Part> {
    let mut below = 0.0;
    let numbers = series.iter().enumerate();
    let drawn = numbers.filter_map(|(colour, series)| {
        let number = series.numbers.get(place).copied().unwrap_or_default();
        let height = HEIGHT * ratio(number, top);
        below += height;
        let colour = colour.min(COLOURS - 1);
        (number > 0).then_some(Part {
            colour,
            y: HEIGHT - below,
            height,
        })
    });
    drawn.collect()
}

fn sums(series: &[Series], steps: usize) -> Vec<i64> {
    let at = |place: usize| {
        series
            .iter()
            .filter_map(move |series| series.numbers.get(place))
    };
    (0..steps).map(|place| at(place).sum()).collect()
}

/// The top of the scale: the first of 1, 2, 4, 6, 8, 10, 20, 40 … that holds the highest bar. All but 1 have a half.
fn top_of(highest: i64) -> i64 {
    let mut unit: i64 = 1;
    loop {
        for top in [1, 2, 4, 6, 8].map(|times| unit.saturating_mul(times)) {
            if top >= highest {
                return top;
            }
        }
        unit = unit.saturating_mul(10);
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a picture is not exact to the last digit"
)]
fn ratio(part: i64, whole: i64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Formats a length. Two digits are finer than any screen.
fn units(number: f64) -> String {
    format!("{number:.2}")
}

/// "12 %", "0.4 %"; "<0.1 %" for a part that is not zero.
#[must_use]
pub fn percent(part: i64, whole: i64) -> String {
    let percent = 100.0 * ratio(part, whole);
    if part > 0 && percent < 0.1 {
        "<0.1 %".to_owned()
    } else if percent < 10.0 && part > 0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// The chart as a sentence: the total and the highest bar.
fn description(ticks: &[Tick], sums: &[i64], (one, many): (&str, &str)) -> String {
    let all = super::list::listing::counted(sums.iter().sum(), one, many);
    let most = ticks.iter().zip(sums).max_by_key(|(_, sum)| **sum);
    match most {
        Some((tick, most)) if *most > 0 => format!(
            "{all} in {} steps. The most, {}, at {}. The table below has the numbers.",
            ticks.len(),
            grouped(*most),
            tick.title
        ),
        Some(_) | None => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(numbers: &[i64]) -> Series {
        Series {
            name: String::new(),
            numbers: numbers.to_vec(),
        }
    }

    #[test]
    fn the_scale_ends_at_a_round_number() {
        for (highest, top) in [
            (0, 1),
            (1, 1),
            (3, 4),
            (7, 8),
            (9, 10),
            (101, 200),
            (220, 400),
        ] {
            assert_eq!(top_of(highest), top, "{highest}");
        }
        assert_eq!(top_of(i64::MAX), i64::MAX);
    }

    #[test]
    fn pieces_stand_one_on_the_other() {
        let series = [series(&[5, 1]), series(&[0, 1]), series(&[5, 2])];
        let at = |place| parts(&series, place, 10);
        let piece = |colour, y, height| Part { colour, y, height };
        assert_eq!(at(0), [piece(0, 50.0, 50.0), piece(2, 0.0, 50.0)]);
        assert_eq!(
            at(1),
            [
                piece(0, 90.0, 10.0),
                piece(1, 80.0, 10.0),
                piece(2, 60.0, 20.0)
            ]
        );
        assert_eq!(at(2), []);
        assert_eq!(sums(&series, 3), [10, 4, 0]);
    }

    #[test]
    fn shares_are_written_as_finely_as_they_need() {
        for (part, whole, words) in [
            (0, 0, "0 %"),
            (0, 7, "0 %"),
            (1, 3, "33 %"),
            (1, 40, "2.5 %"),
            (1, 100_000, "<0.1 %"),
            (7, 7, "100 %"),
        ] {
            assert_eq!(percent(part, whole), words);
        }
    }
}
