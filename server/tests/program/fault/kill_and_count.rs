//! The server is killed between receiving data and storing its counts.

use serde_json::Value;
use testbed::on_both;

use crate::{
    callers::{Client, set_up},
    ledger::write_settings,
    support::Server,
};

/// The number of requests before each kill.
const REQUESTS: u64 = 151;

const DATA: &str =
    r#"{"gauge": [{"metric": "a", "value": 1}, {"metric": "b", "value": 2}, {"metric": ""}]}"#;

on_both! {
    async fn every_acknowledged_request_is_counted_after_a_kill(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (mut server, credentials, _) = set_up(folder);
        for kills in 1..=5 {
            let mut client = Client::new(&server.address);
            for _ in 0..REQUESTS {
                let (_, status, body) = client.ask("POST", "/v2/datapoint", &credentials.ingest.secret, DATA).unwrap();
                assert_eq!(status, 200, "{body}");
            }
            server.child.kill().unwrap();
            server.child.wait().unwrap();
            server = Server::start(folder, "serve");
            let mut client = Client::new(&server.address);
            let (_, status, counts) = client.ask("GET", "/v2/token/sender/ingest", &credentials.admin.secret, "").unwrap();
            assert_eq!(status, 200, "{counts}");
            let counts: Value = serde_json::from_str(&counts).unwrap();
            let sent = kills * REQUESTS;
            assert_eq!((&counts["requests"], &counts["datapoints"], &counts["dropped"]), (&sent.into(), &(2 * sent).into(), &sent.into()));
            assert_eq!(counts["bytes"], sent * DATA.len() as u64);
        }
    }
}
