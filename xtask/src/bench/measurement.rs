//! Results: requests per second, the median and 99th percentile of the latency, and the ratio of two sides.

use std::{fmt, time::Duration};

/// One side, measured for one period.
pub(super) struct Measurement {
    /// Sorted.
    latencies: Vec<Duration>,
    per_second: f64,
}

impl Measurement {
    pub(super) fn new(mut latencies: Vec<Duration>, took: Duration) -> Self {
        latencies.sort_unstable();
        #[expect(
            clippy::cast_precision_loss,
            reason = "no count of requests comes near 2^52"
        )]
        let per_second = latencies.len() as f64 / took.as_secs_f64();
        Self {
            latencies,
            per_second,
        }
    }

    /// The 99th percentile of the latency.
    pub(super) fn p99(&self) -> Duration {
        self.percentile(99)
    }

    /// A percentile of the latency, by nearest rank.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.latencies.len() * percent).div_ceil(100);
        let latency = self.latencies.get(rank.saturating_sub(1));
        latency.copied().unwrap_or_default()
    }
}

impl fmt::Display for Measurement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:.0} requests/s, p50 {} µs, p99 {} µs",
            self.per_second,
            self.percentile(50).as_micros(),
            self.percentile(99).as_micros()
        )
    }
}

/// Both sides, measured one after the other.
pub(super) struct Round {
    pub(super) product: Measurement,
    pub(super) bare: Measurement,
}

impl Round {
    fn ratio(&self) -> f64 {
        self.product.per_second / self.bare.per_second
    }
}

impl fmt::Display for Round {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { product, bare } = self;
        let ratio = self.ratio();
        write!(formatter, "{product}; against {bare}; ratio {ratio:.3}")
    }
}

/// The round with the median ratio, and the range of the ratios.
pub(super) fn summary(ours: &str, theirs: &str, rounds: &[Round]) -> String {
    let mut sorted: Vec<&Round> = rounds.iter().collect();
    sorted.sort_by(|one, other| one.ratio().total_cmp(&other.ratio()));
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return "nothing was measured".to_owned();
    };
    let median = sorted[sorted.len() / 2];
    format!(
        "{ours}: {}\n{theirs}: {}\nratio: {:.3} (median of {} rounds, {:.3} to {:.3})",
        median.product,
        median.bare,
        median.ratio(),
        sorted.len(),
        first.ratio(),
        last.ratio()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(requests: u64) -> Measurement {
        let latencies = (1..=requests).rev().map(Duration::from_micros).collect();
        Measurement::new(latencies, Duration::from_secs(2))
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        assert_eq!(
            side(200).to_string(),
            "100 requests/s, p50 100 µs, p99 198 µs"
        );
        assert_eq!(side(0).to_string(), "0 requests/s, p50 0 µs, p99 0 µs");
    }

    #[test]
    fn the_summary_has_the_median_ratio() {
        let rounds = [90, 50, 70].map(|requests| Round {
            product: side(requests),
            bare: side(100),
        });
        let text = summary("GET", "bare", &rounds);
        assert!(
            text.ends_with("ratio: 0.700 (median of 3 rounds, 0.500 to 0.900)"),
            "{text}"
        );
    }
}
