//! An HTTP sink with a slow or failing receiver.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use service::{FeedOutcome, Sink, SinkSettings};
use testbed::{
    on_both,
    tokio::{
        self,
        io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
        net::{TcpListener, TcpStream},
        sync::Notify,
        time::timeout,
    },
};

use crate::support::{Stage, call};

/// The time limit of each wait.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The number of recorded calls.
const CALLS: u64 = 20_000;

/// A receiver, shared by its connections.
#[derive(Default)]
struct Receiver {
    /// The bodies it accepted.
    accepted: Mutex<Vec<String>>,
    /// It answers once this many requests wait for an answer.
    at_once: AtomicUsize,
    waiting: AtomicUsize,
    more: Notify,
    /// Whether it rejects the piece with the call [`REJECTED`].
    rejects: AtomicBool,
}

/// The request id of a call in the middle.
const REJECTED: u64 = CALLS / 2;

impl Receiver {
    /// Starts to listen, and returns a sink that sends here.
    async fn listen(self: &Arc<Self>) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let receiver = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&receiver).serve(stream));
            }
        });
        let authorization = None;
        Sink::new(SinkSettings::Http { url, authorization }).unwrap()
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut head).await.ok()? == 0 {
                    return None;
                }
            }
            let (_, length) = head.split_once("content-length: ")?;
            let mut body = vec![0; length.lines().next()?.parse().ok()?];
            stream.read_exact(&mut body).await.ok()?;
            let status = self.answer(String::from_utf8(body).ok()?).await;
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).await.ok()?;
        }
    }

    async fn answer(&self, body: String) -> &'static str {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.more.notify_waiters();
        loop {
            let more = self.more.notified();
            if self.waiting.load(Ordering::SeqCst) >= self.at_once.load(Ordering::SeqCst) {
                break;
            }
            more.await;
        }
        // From here on it answers every request.
        self.at_once.store(0, Ordering::SeqCst);
        self.more.notify_waiters();
        if self.rejects.load(Ordering::SeqCst) && requests(&body).any(|id| id == text(REJECTED)) {
            return "503 Later";
        }
        self.accepted.lock().unwrap().push(body);
        "200 OK"
    }

    /// How often each call was accepted, by request id.
    fn calls(&self) -> HashMap<String, usize> {
        let mut calls = HashMap::new();
        for body in &*self.accepted.lock().unwrap() {
            for id in requests(body) {
                *calls.entry(id).or_default() += 1;
            }
        }
        calls
    }
}

/// The request ids of the calls in a body.
fn requests(body: &str) -> impl Iterator<Item = String> {
    let lines = body.lines().map(|line| serde_json::from_str(line).unwrap());
    let calls = lines.filter(|line: &Value| line["record"] == "call");
    calls.map(|line| line["request"]["id"].as_str().unwrap().to_owned())
}

/// A request id as lines have it.
fn text(number: u64) -> String {
    domain::platform::id::Id::from_bits(number).to_string()
}

/// Records many calls, below checkpoints.
async fn with_many_calls(stage: &Stage) {
    for number in 1..=CALLS {
        let call = call("Ada", stage.clock.now(), number);
        stage.service.audit().record_call(call);
    }
    stage.service.audit().make_checkpoints().await.unwrap();
}

async fn fed(stage: &Stage, sink: &mut Sink) -> FeedOutcome {
    let fed = timeout(TIMEOUT, stage.service.audit().feed_sink(sink)).await;
    fed.expect("the receiver gets the expected lines").unwrap()
}

on_both! {
    async fn a_slow_receiver_gets_large_pieces_at_the_same_time(database: Database) {
        let stage = Stage::set_up(database).await;
        with_many_calls(&stage).await;
        let receiver = Arc::new(Receiver::default());
        receiver.at_once.store(4, Ordering::SeqCst);
        let mut sink = receiver.listen().await;
        assert_eq!(fed(&stage, &mut sink).await, FeedOutcome::Everything);
        assert_eq!(receiver.calls(), (1..=CALLS).map(|number| (text(number), 1)).collect());
        let pieces = receiver.accepted.lock().unwrap();
        assert!(pieces.iter().all(|piece| piece.len() <= 1 << 20 && piece.lines().count() <= 5_000));
        let bytes: usize = pieces.iter().map(String::len).sum();
        assert!(pieces.len() <= 1 + 2 * bytes.div_ceil(1 << 20), "{bytes} bytes in {} pieces", pieces.len());
    }

    async fn a_rejected_piece_and_those_after_it_are_sent_again(database: Database) {
        let stage = Stage::set_up(database).await;
        with_many_calls(&stage).await;
        let receiver = Arc::new(Receiver::default());
        receiver.rejects.store(true, Ordering::SeqCst);
        let mut sink = receiver.listen().await;
        let away = FeedOutcome::Away("it answered 503 Service Unavailable".to_owned());
        for _ in 0..4 {
            assert_eq!(fed(&stage, &mut sink).await, away);
        }
        receiver.rejects.store(false, Ordering::SeqCst);
        assert_eq!(fed(&stage, &mut sink).await, FeedOutcome::Everything);
        let calls = receiver.calls();
        assert_eq!(calls.len() as u64, CALLS);
        assert_eq!((calls[&text(1)], calls[&text(REJECTED)]), (1, 1), "what comes before the piece is not sent again");
        assert!(calls[&text(CALLS)] <= 2, "what comes after it is not sent with each attempt");
    }
}
