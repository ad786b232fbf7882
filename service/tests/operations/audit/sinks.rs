//! Sinks receive the complete audit log and call log in order, including after outages and restarts.

use std::{collections::HashSet, fs, path::PathBuf};

use domain::identity::role::Role;
use serde_json::Value;
use service::{FeedOutcome, KeepDays, RemovalRun, Sink, SinkSettings};
use testbed::{
    on_both,
    tokio::{
        io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
        net::TcpListener,
    },
};

use crate::support::Stage;

impl Stage {
    fn sink_file(&self) -> PathBuf {
        self.database.folder.path().join("sink.ndjson")
    }

    fn file_sink(&self) -> Sink {
        Sink::new(SinkSettings::File(self.sink_file())).unwrap()
    }

    /// The complete lines of the sink file.
    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.sink_file()).unwrap();
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }

    async fn lag(&self) -> i64 {
        let states = self.service.audit().sink_states().await.unwrap();
        let [state] = &states[..] else {
            panic!("{states:?}")
        };
        state.lag_micros
    }
}

/// The numbers of the audit events among the lines.
fn numbers(lines: &[Value]) -> Vec<i64> {
    let events = lines.iter().filter(|line| line["record"] == "act");
    events
        .map(|line| line["number"].as_i64().unwrap())
        .collect()
}

/// The clients whose calls are among the lines.
fn callers(lines: &[Value]) -> HashSet<&str> {
    let calls = lines.iter().filter(|line| line["record"] == "call");
    calls
        .map(|line| line["request"]["client"].as_str().unwrap())
        .collect()
}

/// Reads one whole request, responds with this status, and returns the request's head and body.
async fn answer(listener: &TcpListener, status: &str) -> (String, String) {
    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).await.unwrap(), 0, "{head}");
    }
    let (_, length) = head.split_once("content-length: ").unwrap();
    let length = length.lines().next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let reply = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.get_mut().write_all(reply.as_bytes()).await.unwrap();
    (head, String::from_utf8(body).unwrap())
}

on_both! {
    async fn events_and_calls_are_delivered_completely_and_once(database: Database) {
        let stage = Stage::set_up(database).await;
        let events = stage.with_checkpoints().await.events;
        assert_eq!(stage.service.audit().feed_sink(&mut stage.file_sink()).await.unwrap(), FeedOutcome::Everything);
        assert_eq!(numbers(&stage.lines()), (1..=events).collect::<Vec<_>>());
        assert_eq!((callers(&stage.lines()), stage.lag().await), (HashSet::from(["Ada", "Grace"]), 0));
        // The server stops in the middle of a write, and another node takes over when the first node's lease expires.
        let text = fs::read_to_string(stage.sink_file()).unwrap();
        fs::write(stage.sink_file(), text + "{\"record\":").unwrap();
        stage.member("Joan", Role::Power).await;
        stage.call("Joan", 3).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let node = stage.another_node().await;
        let mut sink = stage.file_sink();
        assert_eq!(node.audit().feed_sink(&mut sink).await.unwrap(), FeedOutcome::Elsewhere);
        stage.pass_millis(61_000);
        assert_eq!(stage.lag().await, 61_000_000, "the lag grows while no node feeds the sink");
        assert_eq!(node.audit().feed_sink(&mut sink).await.unwrap(), FeedOutcome::Everything);
        assert_eq!(numbers(&stage.lines()), (1..=events + 1).collect::<Vec<_>>());
        assert_eq!((callers(&stage.lines()), stage.lag().await), (HashSet::from(["Ada", "Grace", "Joan"]), 0));
    }

    async fn an_endpoint_receives_everything_after_an_outage(database: Database) {
        let stage = Stage::set_up(database).await;
        stage.with_checkpoints().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/countersign", listener.local_addr().unwrap());
        let authorization = Some("Bearer hunter2".to_owned().into());
        let settings = SinkSettings::Http { url: url.clone(), authorization };
        assert!(!format!("{settings:?}").contains("hunter2"));
        let mut sink = Sink::new(settings).unwrap();
        let (fed, _) = testbed::tokio::join!(stage.service.audit().feed_sink(&mut sink), answer(&listener, "503 Later"));
        assert_eq!(fed.unwrap(), FeedOutcome::Away("it answered 503 Service Unavailable".to_owned()));
        // Two checkpoints, each with audit events and a block of calls, are one piece.
        let received = answer(&listener, "200 OK");
        let (fed, (head, lines)) = testbed::tokio::join!(stage.service.audit().feed_sink(&mut sink), received);
        assert_eq!(fed.unwrap(), FeedOutcome::Everything);
        assert!(head.starts_with("POST /countersign ") && head.contains("authorization: Bearer hunter2"), "{head}");
        stage.service.audit().feed_sink(&mut stage.file_sink()).await.unwrap();
        assert_eq!(lines, fs::read_to_string(stage.sink_file()).unwrap(), "both sinks receive the same lines");
        drop(listener);
        stage.member("Joan", Role::Power).await;
        stage.service.audit().make_checkpoints().await.unwrap();
        let failed = stage.service.audit().feed_sink(&mut sink).await.unwrap();
        assert!(matches!(&failed, FeedOutcome::Away(why) if why.contains("cannot be reached")), "{failed:?}");
    }

    async fn retention_waits_for_a_sink_that_is_behind(database: Database) {
        let stage = Stage::set_up(database).await;
        let before = stage.with_checkpoints().await;
        stage.pass_millis(31 * 86_400_000);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut sink = Sink::new(SinkSettings::Http { url, authorization: None }).unwrap();
        let (_, _) = testbed::tokio::join!(stage.service.audit().feed_sink(&mut sink), answer(&listener, "500 No"));
        let keep = KeepDays { events: Some(30), calls: Some(30), ended: None };
        assert_eq!(stage.service.audit().remove_expired(keep, &RemovalRun::at(stage.service.now())).await.unwrap(), 0);
        // No node has fed the sink for more than a day, so retention no longer waits for it.
        stage.pass_millis(2 * 86_400_000);
        let removed = stage.service.audit().remove_expired(keep, &RemovalRun::at(stage.service.now())).await.unwrap();
        assert_eq!(removed, u64::try_from(before.events + before.blocks).unwrap());
    }
}
