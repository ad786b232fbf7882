//! Settings of ingest: the queue, how long data is kept, and the upstream.

use domain::ingest::Kind;
use service::{IngestSettings, UpstreamRequest, UpstreamSettings};
use zeroize::Zeroizing;

use super::Given;
use crate::api::ingest::to_otlp;

/// The minimum size of the queue: a few requests of the maximum size.
const SMALLEST_QUEUE_MIB: u32 = 64;

/// Checks the settings and notes every problem.
pub(super) fn check(given: &Given, note: &mut impl FnMut(String)) -> IngestSettings {
    let mut settings = IngestSettings {
        folder: given.ingest_folder.clone(),
        ..IngestSettings::default()
    };
    match given.ingest_queue_mib {
        Some(mib) if mib < SMALLEST_QUEUE_MIB => note(format!(
            "ingest_queue_mib: {mib} is less than {SMALLEST_QUEUE_MIB}"
        )),
        Some(mib) => settings.queue_bytes = u64::from(mib) << 20,
        None => {}
    }
    match given.ingest_keep_minutes {
        Some(0) => note("ingest_keep_minutes: 0 is less than 1".to_owned()),
        Some(minutes) => settings.keep_seconds = i64::from(minutes) * 60,
        None => {}
    }
    let token = token(given, note);
    match &given.ingest_upstream {
        Some(url) => {
            let upstream = UpstreamSettings {
                url: url.clone(),
                token,
                form: form(given, note),
            };
            // The URL may contain a password, so the problem does not repeat it.
            if let Err(problem) = upstream.check() {
                note(format!("ingest_upstream: {problem}"));
            }
            settings.upstream = Some(upstream);
        }
        None if token.is_some() => {
            note("ingest_upstream_token: there is no ingest_upstream to use it for".to_owned())
        }
        None => {}
    }
    settings
}

/// The conversion to the protocol of the upstream.
fn form(given: &Given, note: &mut impl FnMut(String)) -> fn(Kind, Vec<u8>) -> UpstreamRequest {
    match given.ingest_upstream_form.as_deref() {
        None | Some("signalfx") => UpstreamRequest::as_kept,
        Some("otlp") => to_otlp,
        Some(other) => {
            note(format!(
                "ingest_upstream_form: `{other}` is neither signalfx nor otlp"
            ));
            UpstreamRequest::as_kept
        }
    }
}

/// The token, given directly or in a file.
fn token(given: &Given, note: &mut impl FnMut(String)) -> Option<Zeroizing<String>> {
    let Some(file) = &given.ingest_upstream_token_file else {
        return given.ingest_upstream_token.clone().map(Zeroizing::new);
    };
    if given.ingest_upstream_token.is_some() {
        note("ingest_upstream_token: ingest_upstream_token_file is also given".to_owned());
    }
    match std::fs::read_to_string(file).map(Zeroizing::new) {
        Ok(text) if text.trim().is_empty() => {
            note(format!(
                "ingest_upstream_token_file: {} is empty",
                file.display()
            ));
            None
        }
        Ok(text) => Some(Zeroizing::new(text.trim().to_owned())),
        Err(error) => {
            let file = file.display();
            note(format!("ingest_upstream_token_file: {file}: {error}"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(given: &Given) -> (IngestSettings, Vec<String>) {
        let mut problems = Vec::new();
        let settings = check(given, &mut |problem| problems.push(problem));
        (settings, problems)
    }

    #[test]
    fn an_upstream_takes_its_token_from_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter2\n").unwrap();
        let (settings, problems) = checked(&Given {
            ingest_upstream: Some("https://ingest.example".to_owned()),
            ingest_upstream_form: Some("otlp".to_owned()),
            ingest_upstream_token_file: Some(file.path().to_owned()),
            ingest_queue_mib: Some(64),
            ingest_keep_minutes: Some(5),
            ..Given::default()
        });
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            (settings.queue_bytes, settings.keep_seconds),
            (64 << 20, 300)
        );
        assert!(!format!("{settings:?}").contains("hunter2"));
        let upstream = settings.upstream.unwrap();
        let outgoing = (upstream.form)(Kind::OtlpSpans, Vec::new());
        assert_eq!(outgoing.path, "/v1/traces");
        let token = upstream.token;
        assert_eq!(token.as_ref().map(|token| token.as_str()), Some("hunter2"));
    }

    #[test]
    fn every_problem_is_named_and_no_secret_repeated() {
        let (_, problems) = checked(&Given {
            ingest_upstream: Some("https://ada:hunter2@ingest.example".to_owned()),
            ingest_upstream_token: Some("hunter2".to_owned()),
            ingest_upstream_token_file: Some("/nowhere/at/all".into()),
            ingest_upstream_form: Some("carrier pigeon".to_owned()),
            ingest_queue_mib: Some(1),
            ingest_keep_minutes: Some(0),
            ..Given::default()
        });
        let text = problems.join("\n");
        assert_eq!(problems.len(), 6, "{text}");
        assert!(!text.contains("hunter2"), "{text}");
        let alone = Given {
            ingest_upstream_token: Some("hunter2".to_owned()),
            ..Given::default()
        };
        assert_eq!(checked(&alone).1.len(), 1);
    }
}
