//! Moments: whole microseconds since 1970 UTC, one type from column to page.
//!
//! The current moment is never asked for here: it comes in as an argument.

mod relative;

use serde::{Deserialize, Serialize};
use time::{Month, OffsetDateTime, PrimitiveDateTime, macros::format_description};

/// Microseconds in a millisecond, the unit of the API (docs/contract.md#timestamps).
const MICROS_PER_MILLI: i64 = 1_000;

/// Microseconds in a second.
const MICROS_PER_SECOND: i64 = 1_000_000;

/// A moment in UTC, to the microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment so many microseconds after 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The moment so many milliseconds after 1970; beyond the representable, the nearest that is.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(MICROS_PER_MILLI))
    }

    /// Microseconds since 1970, the form in the database.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since 1970, rounded down, the form in the API (docs/contract.md#timestamps).
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0.div_euclid(MICROS_PER_MILLI)
    }

    /// The same moment without what is finer than a millisecond, so that what the API says is exactly what holds.
    #[must_use]
    pub const fn to_whole_millis(self) -> Self {
        Self::from_millis(self.as_millis())
    }

    /// The moment so many milliseconds later (earlier when negative).
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(
            self.0
                .saturating_add(millis.saturating_mul(MICROS_PER_MILLI)),
        )
    }

    /// The moment so many seconds later (earlier when negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_millis(seconds.saturating_mul(1_000))
    }

    /// The moment so many days of 24 hours later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Milliseconds from `earlier` to this moment; negative when it is later.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0
            .saturating_sub(earlier.0)
            .div_euclid(MICROS_PER_MILLI)
    }

    /// `23 Dec 2026`, for people.
    #[must_use]
    pub fn to_date(self) -> String {
        self.written(date)
    }

    /// `23 Dec 2026, 14:05 UTC`, for people.
    #[must_use]
    pub fn to_date_and_time(self) -> String {
        self.written(|at| format!("{}, {} UTC", date(at), minute(at)))
    }

    /// `23 Dec 2026, 14:05:09 UTC`, for people who follow what happened.
    #[must_use]
    pub fn to_date_and_second(self) -> String {
        self.written(|at| format!("{}, {}:{:02} UTC", date(at), minute(at), at.second()))
    }

    /// `23 Dec`, where the year is plain.
    #[must_use]
    pub fn to_short_date(self) -> String {
        self.written(|at| format!("{} {}", at.day(), month(at)))
    }

    /// `14:05` in UTC, where the day is plain.
    #[must_use]
    pub fn to_time(self) -> String {
        self.written(minute)
    }

    /// `2026-12-23T14:05:09.123Z`, for `<time datetime>` and machines.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        let millis = self.as_millis().rem_euclid(1_000);
        self.written(|at| format!("{}:{:02}.{millis:03}Z", field(at), at.second()))
    }

    /// `2026-12-23T14:05`, for a field in which a moment is chosen; in UTC.
    #[must_use]
    pub fn to_field(self) -> String {
        self.written(field)
    }

    /// `20261223T1405`, for the name of a file.
    #[must_use]
    pub fn to_date_of_file(self) -> String {
        self.to_field().replace(['-', ':'], "")
    }

    /// Reads what such a field sends, with or without seconds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let moment = PrimitiveDateTime::parse(
            text,
            format_description!(
                version = 2,
                "[year]-[month]-[day]T[hour]:[minute][optional [:[second]]]"
            ),
        );
        let seconds = moment.ok()?.assume_utc().unix_timestamp();
        Some(Self(0).plus_seconds(seconds))
    }

    /// What this writes of the moment in the calendar, in UTC. A formatter that reads descriptions would weigh more in the
    /// browser than all that is written with it.
    fn written(self, write: impl FnOnce(OffsetDateTime) -> String) -> String {
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(MICROS_PER_SECOND))
            .map_or_else(|_| format!("{} µs", self.0), write)
    }
}

fn date(at: OffsetDateTime) -> String {
    format!("{} {} {:04}", at.day(), month(at), at.year())
}

fn minute(at: OffsetDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn field(at: OffsetDateTime) -> String {
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    format!("{year:04}-{month:02}-{day:02}T{}", minute(at))
}

const fn month(at: OffsetDateTime) -> &'static str {
    match at.month() {
        Month::January => "Jan",
        Month::February => "Feb",
        Month::March => "Mar",
        Month::April => "Apr",
        Month::May => "May",
        Month::June => "Jun",
        Month::July => "Jul",
        Month::August => "Aug",
        Month::September => "Sep",
        Month::October => "Oct",
        Month::November => "Nov",
        Month::December => "Dec",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_for_people_and_for_machines() {
        let moment = Timestamp::from_millis(1_798_034_709_123);
        assert_eq!(moment.to_date(), "23 Dec 2026");
        assert_eq!(moment.to_date_and_time(), "23 Dec 2026, 14:05 UTC");
        assert_eq!(moment.to_date_and_second(), "23 Dec 2026, 14:05:09 UTC");
        assert_eq!(moment.to_short_date(), "23 Dec");
        assert_eq!(moment.to_time(), "14:05");
        assert_eq!(moment.to_rfc3339(), "2026-12-23T14:05:09.123Z");
        let early = Timestamp::from_millis(-1);
        assert_eq!(early.to_date_and_second(), "31 Dec 1969, 23:59:59 UTC");
        assert_eq!(early.to_rfc3339(), "1969-12-31T23:59:59.999Z");
        let small = Timestamp::from_millis(5_000_009);
        assert_eq!(small.to_rfc3339(), "1970-01-01T01:23:20.009Z");
    }

    #[test]
    fn a_moment_that_was_chosen_is_read_to_the_minute_or_the_second() {
        let minute = Timestamp::from_millis(1_798_034_700_000);
        assert_eq!(minute.to_field(), "2026-12-23T14:05");
        assert_eq!(minute.to_date_of_file(), "20261223T1405");
        assert_eq!(Timestamp::parse("2026-12-23T14:05"), Some(minute));
        assert_eq!(
            Timestamp::parse("2026-12-23T14:05:09"),
            Some(minute.plus_seconds(9))
        );
        for text in ["", "2026-12-23", "2026-13-23T14:05", "1798034700000"] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_no_calendar_holds_is_still_written() {
        assert_eq!(
            Timestamp::from_micros(i64::MAX).to_date(),
            format!("{} µs", i64::MAX)
        );
    }

    #[test]
    fn milliseconds_are_rounded_down() {
        assert_eq!(Timestamp::from_micros(1_999).as_millis(), 1);
        assert_eq!(Timestamp::from_micros(-1).as_millis(), -1);
        assert_eq!(
            Timestamp::from_micros(1_999).to_whole_millis(),
            Timestamp::from_millis(1)
        );
    }
}
