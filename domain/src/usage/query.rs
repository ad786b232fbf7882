//! Usage queries: time range, step and grouping of API calls.

use crate::platform::{limits, rejection::Rejected, timestamp::Timestamp};

const MINUTE_MICROS: i64 = 60_000_000;
const HOUR_MICROS: i64 = 60 * MINUTE_MICROS;

/// The length of a step. A step divides a day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A minute, the resolution of the stored counts.
    Minute,
    /// An hour.
    Hour,
    /// A quarter of a day: a chart of a week has few enough of them.
    QuarterDay,
    /// A day.
    Day,
}

impl Step {
    /// All steps, the shortest first.
    pub const ALL: [Self; 4] = [Self::Minute, Self::Hour, Self::QuarterDay, Self::Day];

    /// The label in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::QuarterDay => "6h",
            Self::Day => "day",
        }
    }

    /// The step with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.label() == label)
    }

    /// Its length in microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        match self {
            Self::Minute => MINUTE_MICROS,
            Self::Hour => HOUR_MICROS,
            Self::QuarterDay => 6 * HOUR_MICROS,
            Self::Day => 24 * HOUR_MICROS,
        }
    }

    /// The start of the step that contains this time.
    #[must_use]
    pub const fn begin_of(self, at: Timestamp) -> Timestamp {
        let step = at.as_micros().div_euclid(self.micros());
        Timestamp::from_micros(step.saturating_mul(self.micros()))
    }

    /// The default step of a range: a hundred or two of them fit a chart, and all its counts are kept.
    #[must_use]
    pub fn fitting(from: Timestamp, to: Timestamp, now: Timestamp) -> Self {
        let hours = to.as_micros().saturating_sub(from.as_micros()) / HOUR_MICROS;
        let fitting = match hours {
            ..=2 => Self::Minute,
            3..=168 => Self::Hour,
            _ => Self::Day,
        };
        fitting.max(Self::shortest_kept(from, now))
    }

    /// How many days its counts are kept; `None` without limit.
    #[must_use]
    pub const fn kept_days(self) -> Option<i64> {
        match self {
            Self::Minute => Some(limits::USAGE_MINUTE_DAYS),
            Self::Hour | Self::QuarterDay => Some(limits::USAGE_HOUR_DAYS),
            Self::Day => None,
        }
    }

    /// The shortest step whose counts are kept since this time.
    #[must_use]
    pub fn shortest_kept(from: Timestamp, now: Timestamp) -> Self {
        let mut steps = Self::ALL.into_iter();
        steps
            .find(|step| step.is_kept(from, now))
            .unwrap_or(Self::Day)
    }

    fn is_kept(self, from: Timestamp, now: Timestamp) -> bool {
        self.kept_days()
            .is_none_or(|days| self.begin_of(from) >= self.begin_of(now.plus_days(-days)))
    }
}

/// A range of time in whole steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    from: Timestamp,
    to: Timestamp,
    step: Step,
}

impl Range {
    /// The whole steps that overlap this range.
    ///
    /// # Errors
    /// [`Rejected`] when it ends before it starts, has more than [`limits::USAGE_STEPS`], or begins at a time of which
    /// only counts of longer steps are kept.
    pub fn new(
        from: Timestamp,
        to: Timestamp,
        step: Step,
        now: Timestamp,
    ) -> Result<Self, Rejected> {
        if from >= to {
            return Err(Rejected::field("from", "from must be before to."));
        }
        if let Some(days) = step.kept_days()
            && !step.is_kept(from, now)
        {
            return Err(Rejected::field(
                "step",
                format!(
                    "Counts for this step ({}) are kept for {days} days. Ask for a later start or a longer step.",
                    step.label()
                ),
            ));
        }
        let begin = step.begin_of(from);
        let last = step.begin_of(Timestamp::from_micros(to.as_micros() - 1));
        let end = Timestamp::from_micros(last.as_micros().saturating_add(step.micros()));
        let range = Self {
            from: begin,
            to: end,
            step,
        };
        if range.steps() > limits::USAGE_STEPS {
            return Err(Rejected::field(
                "step",
                format!(
                    "The range has more than {} steps of this length ({}). Ask for a shorter range or a longer step.",
                    limits::USAGE_STEPS,
                    step.label()
                ),
            ));
        }
        Ok(range)
    }

    /// Its start.
    #[must_use]
    pub const fn from(self) -> Timestamp {
        self.from
    }

    /// Its end, exclusive.
    #[must_use]
    pub const fn to(self) -> Timestamp {
        self.to
    }

    /// The length of its steps.
    #[must_use]
    pub const fn step(self) -> Step {
        self.step
    }

    /// The number of its steps.
    #[must_use]
    pub fn steps(self) -> usize {
        let micros = self.to.as_micros().saturating_sub(self.from.as_micros());
        usize::try_from(micros / self.step.micros()).unwrap_or(usize::MAX)
    }

    /// The index of the step that starts at this time.
    #[must_use]
    pub fn place(self, begin: Timestamp) -> Option<usize> {
        let micros = begin.as_micros() - self.from.as_micros();
        let place = usize::try_from(micros / self.step.micros()).ok();
        place.filter(|place| *place < self.steps() && begin >= self.from)
    }
}

/// How calls are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By actor: a user or an org token.
    Actor,
    /// By token.
    Token,
    /// By method and route.
    Route,
    /// By the first digit of the status.
    Status,
}

impl Grouping {
    /// All groupings.
    pub const ALL: [Self; 4] = [Self::Actor, Self::Token, Self::Route, Self::Status];

    /// The label in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Actor => "user",
            Self::Token => "token",
            Self::Route => "route",
            Self::Status => "status",
        }
    }

    /// The grouping with this label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.label() == label)
    }
}

/// A class of statuses: `2xx` and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusClass(u8);

impl StatusClass {
    /// The class of a status.
    #[must_use]
    pub fn of(status: u16) -> Self {
        Self(u8::try_from(status / 100).unwrap_or_default())
    }

    /// Parses a class: `4xx`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = text.strip_suffix("xx")?.parse().ok()?;
        (1..=5).contains(&digit).then_some(Self(digit))
    }

    /// The digit.
    #[must_use]
    pub const fn digit(self) -> u8 {
        self.0
    }

    /// `4xx`.
    #[must_use]
    pub fn label(self) -> String {
        format!("{}xx", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 20_000 * 86_400_000 + 43_200_000;

    fn range(from: i64, to: i64, step: Step) -> Result<Range, Rejected> {
        Range::new(
            Timestamp::from_millis(from),
            Timestamp::from_millis(to),
            step,
            Timestamp::from_millis(NOON),
        )
    }

    #[test]
    fn a_range_extends_to_whole_steps() {
        let check = |from, to, step, expected: (i64, i64, usize)| {
            let range = range(from, to, step).unwrap();
            let seen = (
                range.from().as_millis(),
                range.to().as_millis(),
                range.steps(),
            );
            assert_eq!(seen, expected);
        };
        check(NOON, NOON + 60_000, Step::Minute, (NOON, NOON + 60_000, 1));
        check(
            NOON + 1,
            NOON + 60_001,
            Step::Minute,
            (NOON, NOON + 120_000, 2),
        );
        check(
            NOON - 1,
            NOON + 1,
            Step::Hour,
            (NOON - 3_600_000, NOON + 3_600_000, 2),
        );
        check(
            NOON,
            NOON + 1,
            Step::Day,
            (NOON - 43_200_000, NOON + 43_200_000, 1),
        );
        check(-1, 1, Step::Day, (-86_400_000, 86_400_000, 2));
    }

    #[test]
    fn an_empty_or_too_long_range_is_rejected() {
        assert_eq!(range(NOON, NOON, Step::Hour).unwrap_err().field, "from");
        let day = 86_400_000;
        assert!(range(NOON, NOON + day, Step::Minute).is_ok());
        let rejected = range(NOON, NOON + 2 * day, Step::Minute).unwrap_err();
        assert!(rejected.message.contains("1500"), "{}", rejected.message);
        assert!(range(i64::MIN, i64::MAX, Step::Day).is_err());
    }

    #[test]
    fn a_range_of_which_no_counts_are_kept_is_rejected() {
        let day = 86_400_000;
        let ago = |days: i64| NOON - days * day;
        assert!(range(ago(14), ago(14) + 1, Step::Minute).is_ok());
        let rejected = range(ago(14) - 1, ago(14), Step::Minute).unwrap_err();
        assert!(rejected.message.contains("14 days"), "{}", rejected.message);
        assert!(range(ago(400), ago(399), Step::Hour).is_ok());
        assert_eq!(
            range(ago(401), ago(400), Step::QuarterDay)
                .unwrap_err()
                .field,
            "step"
        );
        assert!(range(ago(1_400), NOON, Step::Day).is_ok());
        let fitting = |from: i64, to: i64| {
            let at = Timestamp::from_millis;
            Step::fitting(at(from), at(to), at(NOON))
        };
        assert_eq!(fitting(ago(1), ago(1) + 60_000), Step::Minute);
        assert_eq!(fitting(ago(15), ago(15) + 60_000), Step::Hour);
        assert_eq!(fitting(ago(500), ago(499)), Step::Day);
    }

    #[test]
    fn a_step_is_found_by_its_start() {
        let range = range(NOON, NOON + 3 * 3_600_000, Step::Hour).unwrap();
        let place = |millis| range.place(Timestamp::from_millis(millis));
        assert_eq!(place(NOON), Some(0));
        assert_eq!(place(NOON + 2 * 3_600_000), Some(2));
        assert_eq!(place(NOON + 3 * 3_600_000), None);
        assert_eq!(place(NOON - 1), None);
    }

    #[test]
    fn labels_parse_back() {
        for step in Step::ALL {
            assert_eq!(Step::from_label(step.label()), Some(step));
        }
        for by in Grouping::ALL {
            assert_eq!(Grouping::from_label(by.label()), Some(by));
        }
        for status in [200, 302, 404, 503] {
            let class = StatusClass::of(status);
            assert_eq!(StatusClass::parse(&class.label()), Some(class));
        }
        assert_eq!(StatusClass::parse("9xx"), None);
        assert_eq!(StatusClass::parse("xx"), None);
    }
}
