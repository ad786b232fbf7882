//! No secret of an integration is logged at any level.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use domain::identity::role::Role;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    integrations::documents::INTEGRATION,
    objects::documents::{Client, id},
    support::App,
};

/// A buffer that collects the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn no_secret_is_logged_at_trace_level() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    testbed::run(async {
        let client = Client::in_app(
            App::allowing_private_targets(testbed::sqlite()).await,
            Role::Admin,
        )
        .await;
        let body = json!({"type": "Webhook", "name": "w", "url": "http://127.0.0.1:1/",
            "sharedSecret": "hunter2-in-logs", "headers": {"A": "hunter2-in-logs"}});
        let made = client.made(body.clone()).await;
        let path = format!("{INTEGRATION}/{}", id(&made));
        client.done("PUT", &path, Some(&body)).await;
        client
            .call(
                "PUT",
                &path,
                Some(&json!({"type": "Slack", "webhookUrl": "hunter2-in-logs"})),
            )
            .await;
        client.validated(&made).await;
        client
            .empty("DELETE", &path, None, StatusCode::NO_CONTENT)
            .await;
    });
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        logged.contains("INSERT INTO object"),
        "the log contains SQL statements"
    );
    assert!(!logged.contains("hunter2"), "a secret was logged");
}
