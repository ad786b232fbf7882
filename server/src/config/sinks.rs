//! Settings of the sinks that the audit log is exported to.

use service::SinkSettings;
use zeroize::Zeroizing;

use super::Given;

/// Checks the settings and notes every problem.
pub(super) fn check(given: &Given, note: &mut impl FnMut(String)) -> Vec<SinkSettings> {
    let mut sinks = Vec::new();
    let authorization = given.sink_authorization_file.as_ref().and_then(|file| {
        match std::fs::read_to_string(file).map(Zeroizing::new) {
            Ok(text) if text.trim().is_empty() => {
                note(format!(
                    "sink_authorization_file: {} is empty",
                    file.display()
                ));
                None
            }
            Ok(text) => Some(Zeroizing::new(text.trim().to_owned())),
            Err(error) => {
                note(format!(
                    "sink_authorization_file: {}: {error}",
                    file.display()
                ));
                None
            }
        }
    });
    match &given.sink_url {
        Some(url) => {
            let sink = SinkSettings::Http {
                url: url.clone(),
                authorization,
            };
            // The URL may contain a password, so the problem does not repeat it.
            if let Err(problem) = sink.check() {
                note(format!("sink_url: {problem}"));
            }
            sinks.push(sink);
        }
        None if authorization.is_some() => {
            note("sink_authorization_file: there is no sink_url to use it for".to_owned());
        }
        None => {}
    }
    sinks.extend(given.sink_file.clone().map(SinkSettings::File));
    sinks
}
