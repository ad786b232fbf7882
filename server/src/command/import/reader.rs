//! Reading the API of a source: pages of lists, and when to try again.

use std::{collections::HashSet, time::Duration};

use anyhow::bail;
use domain::platform::{document::Document, json, limits};
use serde_json::Value;
use service::{HttpSource, SourceResponse};
use tokio::time::sleep;

/// Objects of one page. Pages of many large dashboards take the hosted service longer than clients wait.
const PAGE_OBJECTS: usize = 100;

/// Objects of one list at most: an organization has fewer, and a list without an end must not fill the memory.
const LIST_OBJECTS: usize = 100_000;

/// Attempts of one request that the source limits.
const LIMITED_ATTEMPTS: usize = 10;

/// Attempts of one request that fails.
const FAILED_ATTEMPTS: usize = 3;

/// The pause after a limit without `Retry-After`, in seconds.
const DEFAULT_PAUSE: u64 = 5;

/// The longest pause, in seconds: a source that asks for more is not waited for.
const LONGEST_PAUSE: u64 = 300;

/// Characters of an id at most. The hosted service has 11.
const ID_CHARACTERS: usize = 64;

/// Reads a source.
pub(super) struct Reader<'a> {
    source: &'a HttpSource,
}

/// A list of the source.
pub(super) struct List {
    /// Its objects, each once.
    pub(super) objects: Vec<Document>,
    /// Why objects of it are missing.
    pub(super) problems: Vec<String>,
}

/// What a path has.
pub(super) enum Found<T> {
    /// It exists.
    Some(T),
    /// There is no such path or object (404, 405).
    Nothing,
    /// The token may not read it (403).
    Forbidden,
}

/// What follows from a response.
enum Next {
    Done(Found<Value>),
    PauseAndRepeat {
        seconds: u64,
        attempts: usize,
        reason: String,
    },
}

impl<'a> Reader<'a> {
    pub(super) const fn of(source: &'a HttpSource) -> Self {
        Self { source }
    }

    /// Reads the objects of a list, each once.
    pub(super) async fn list(
        &self,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> anyhow::Result<Found<List>> {
        let (mut objects, mut seen, mut offset) = (Vec::new(), HashSet::new(), 0);
        let mut without_id = 0;
        loop {
            let mut query: Vec<_> = parameters
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect();
            query.push(("limit", PAGE_OBJECTS.to_string()));
            query.push(("offset", offset.to_string()));
            let page = match self.get(path, &query).await? {
                Found::Some(page) => page,
                Found::Nothing => return Ok(Found::Nothing),
                Found::Forbidden => return Ok(Found::Forbidden),
            };
            let Some(results) = page["results"].as_array() else {
                bail!("{path} of the source is not a list");
            };
            offset += results.len();
            for object in results.iter().filter_map(Value::as_object) {
                match id_of(object) {
                    Some(id) if seen.insert(id.to_owned()) => objects.push(object.clone()),
                    Some(_) => {}
                    None => without_id += 1,
                }
            }
            let count = page["count"]
                .as_u64()
                .and_then(|count| usize::try_from(count).ok());
            if results.is_empty() || count.is_some_and(|count| offset >= count) {
                let problems = problems(count, without_id);
                return Ok(Found::Some(List { objects, problems }));
            }
            if offset >= LIST_OBJECTS {
                bail!("{path} of the source has more than {LIST_OBJECTS} objects");
            }
        }
    }

    /// Reads a path. Waits and tries again while the source limits the calls, cannot be reached, or fails.
    ///
    /// # Errors
    /// The reason why nothing more can be read.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> anyhow::Result<Found<Value>> {
        for attempt in 1.. {
            let next = match self.source.get(path, query).await {
                Ok(response) => judge(path, response)?,
                Err(reason) => Next::PauseAndRepeat {
                    seconds: 1,
                    attempts: FAILED_ATTEMPTS,
                    reason: format!("the source cannot be reached: {reason}"),
                },
            };
            match next {
                Next::Done(found) => return Ok(found),
                Next::PauseAndRepeat {
                    attempts, reason, ..
                } if attempt >= attempts => {
                    bail!("{reason} (GET {path})")
                }
                Next::PauseAndRepeat { seconds, .. } => sleep(Duration::from_secs(seconds)).await,
            }
        }
        bail!("the source cannot be read (GET {path})")
    }
}

/// Why objects are missing in a list with this count.
fn problems(count: Option<usize>, without_id: usize) -> Vec<String> {
    let most = usize::try_from(limits::PAGE_OBJECTS).unwrap_or(usize::MAX);
    let is_cut = count == Some(most);
    let cut = is_cut.then(|| format!("the list of the source ends at {most} objects"));
    let unusable = (without_id > 0).then(|| format!("objects without a usable id: {without_id}"));
    cut.into_iter().chain(unusable).collect()
}

fn judge(path: &str, response: SourceResponse) -> anyhow::Result<Next> {
    let SourceResponse {
        status,
        retry_after_seconds,
        body,
    } = response;
    match status {
        200 => match json::read(&body) {
            Ok(value) => Ok(Next::Done(Found::Some(value))),
            Err(invalid) => bail!("the source answers GET {path} with invalid JSON: {invalid}"),
        },
        401 => bail!("the source rejects the token (401 for GET {path})"),
        403 => Ok(Next::Done(Found::Forbidden)),
        // A list that the source does not have may be a path with other methods.
        404 | 405 => Ok(Next::Done(Found::Nothing)),
        429 | 503 => {
            let seconds = retry_after_seconds.unwrap_or(DEFAULT_PAUSE);
            if seconds > LONGEST_PAUSE {
                bail!(
                    "the source limits calls and asks to wait for {seconds} seconds: repeat the import then"
                );
            }
            let reason = format!("the source still limits calls ({status})");
            Ok(Next::PauseAndRepeat {
                seconds,
                attempts: LIMITED_ATTEMPTS,
                reason,
            })
        }
        500..=599 => {
            let reason = format!("the source fails ({status})");
            Ok(Next::PauseAndRepeat {
                seconds: 1,
                attempts: FAILED_ATTEMPTS,
                reason,
            })
        }
        300..=399 => bail!(
            "the source redirects GET {path} ({status}), and the token is sent to no other address: give the address of \
             the API itself"
        ),
        _ => bail!("the source answers GET {path} with the status {status}"),
    }
}

/// The id of an object, if it is one: ids become parts of paths.
pub(super) fn id_of(object: &Document) -> Option<&str> {
    let id = object.get("id").and_then(Value::as_str)?;
    is_id(id).then_some(id)
}

/// Whether a text is an id.
pub(super) fn is_id(text: &str) -> bool {
    let is_id_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=ID_CHARACTERS).contains(&text.len()) && text.bytes().all(is_id_byte)
}
