//! What one request sends: kind, stored form and unit of counting.

/// The content of one request, in the form that is stored and forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Datapoints, as a SignalFx protobuf message.
    Datapoints,
    /// Events, as a SignalFx protobuf message.
    Events,
    /// Datapoints, as an OTLP protobuf message.
    OtlpMetrics,
    /// Spans, as a Zipkin JSON list.
    Spans,
    /// Spans, as an OTLP protobuf message.
    OtlpSpans,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A value of a metric at a time.
    Datapoint,
    /// An event.
    Event,
    /// A span of a trace.
    Span,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Datapoints,
        Self::Events,
        Self::OtlpMetrics,
        Self::Spans,
        Self::OtlpSpans,
    ];

    /// The number in the database. Never changes.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Datapoints => 1,
            Self::Events => 2,
            Self::OtlpMetrics => 3,
            Self::Spans => 4,
            Self::OtlpSpans => 5,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The path of the endpoint, on this server and on the upstream.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Datapoints => "/v2/datapoint",
            Self::Events => "/v2/event",
            Self::OtlpMetrics => "/v2/datapoint/otlp",
            Self::Spans => "/v2/trace",
            Self::OtlpSpans => "/v2/trace/otlp",
        }
    }

    /// The media type of the stored form.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Spans => "application/json",
            Self::Datapoints | Self::Events | Self::OtlpMetrics | Self::OtlpSpans => {
                "application/x-protobuf"
            }
        }
    }

    /// Whether the concatenation of two payloads is a payload with the items of both. This holds for protobuf messages
    /// that have only repeated fields.
    #[must_use]
    pub const fn is_concatenable(self) -> bool {
        match self {
            Self::Datapoints | Self::Events | Self::OtlpMetrics | Self::OtlpSpans => true,
            Self::Spans => false,
        }
    }

    /// The unit that is counted.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Datapoints | Self::OtlpMetrics => Unit::Datapoint,
            Self::Events => Unit::Event,
            Self::Spans | Self::OtlpSpans => Unit::Span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_parses_back_from_its_number() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        assert_eq!(Kind::from_code(0), None);
    }
}
