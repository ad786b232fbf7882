//! A proxy between the product and PostgreSQL that fails as networks do.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// The message with which a client commits.
const COMMIT: &[u8] = b"COMMIT\0";

/// A running proxy. Clones control the same proxy.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// The URL of the database through the proxy.
    pub url: String,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of connections that were opened.
    opened: AtomicUsize,
    /// Connections with a lower number pass no more bytes, and stay open.
    silent_below: AtomicUsize,
    is_refusing: AtomicBool,
    loses_commit: AtomicBool,
    /// Whether the outage begins with the commit whose answer is lost.
    refuses_after_commit: AtomicBool,
    cut: Notify,
}

impl Proxy {
    /// Starts a proxy in front of the server of this URL.
    ///
    /// # Panics
    /// When the URL has no host, or no port can be opened.
    pub async fn start(url: &str) -> Self {
        let (before, rest) = url.split_once('@').expect("the URL has a user");
        let (server, after) = rest.split_once('/').expect("the URL has a database");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::<State>::default();
        tokio::spawn(accept(listener, server.to_owned(), Arc::clone(&state)));
        Self {
            url: format!("{before}@{address}/{after}"),
            state,
        }
    }

    /// The number of connections that were opened so far.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.state.opened.load(Ordering::SeqCst)
    }

    /// From now on, the open connections pass no bytes. New ones do.
    pub fn silence(&self) {
        let opened = self.opened();
        self.state.silent_below.store(opened, Ordering::SeqCst);
    }

    /// Cuts all connections, and new ones at once, until [`Self::accept`].
    pub fn refuse(&self) {
        self.state.refuse();
    }

    /// Accepts connections again.
    pub fn accept(&self) {
        self.state.is_refusing.store(false, Ordering::SeqCst);
    }

    /// Lets the next commit reach the server, and cuts its connection before the answer.
    pub fn lose_answer_of_next_commit(&self) {
        self.state.loses_commit.store(true, Ordering::SeqCst);
    }

    /// Lets the next commit reach the server, and refuses connections from then on: neither the answer nor a look at the
    /// database tells whether it was stored.
    pub fn refuse_after_next_commit(&self) {
        self.state
            .refuses_after_commit
            .store(true, Ordering::SeqCst);
        self.lose_answer_of_next_commit();
    }

    /// Whether the answer of a commit is still to be lost.
    #[must_use]
    pub fn has_commit_to_lose(&self) -> bool {
        self.state.loses_commit.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, server: String, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = state.opened.fetch_add(1, Ordering::SeqCst);
        let (server, state) = (server.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let mut cut = pin!(state.cut.notified());
            // From here on, a cut is noticed, so that none is missed after the question.
            cut.as_mut().enable();
            if state.is_refusing.load(Ordering::SeqCst) {
                return;
            }
            if let Ok(server) = TcpStream::connect(server).await {
                tokio::select! {
                    () = pass(client, server, number, &state) => {}
                    () = cut => {}
                }
            }
        });
    }
}

/// Passes bytes in both directions until one side closes.
async fn pass(mut client: TcpStream, mut server: TcpStream, number: usize, state: &State) {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    let mut loses_answer = false;
    loop {
        let done = tokio::select! {
            read = client.read(&mut asked) => {
                let asked = &asked[..read.unwrap_or(0)];
                if asked.windows(COMMIT.len()).any(|part| part == COMMIT) {
                    loses_answer = state.loses_commit.swap(false, Ordering::SeqCst);
                }
                state.wait_while_silent(number).await;
                let ended = asked.is_empty() || server.write_all(asked).await.is_err();
                if loses_answer && state.refuses_after_commit.swap(false, Ordering::SeqCst) {
                    state.refuse();
                }
                ended
            }
            read = server.read(&mut answered) => {
                let answered = &answered[..read.unwrap_or(0)];
                state.wait_while_silent(number).await;
                loses_answer || answered.is_empty() || client.write_all(answered).await.is_err()
            }
        };
        if done {
            return;
        }
    }
}

impl State {
    fn refuse(&self) {
        self.is_refusing.store(true, Ordering::SeqCst);
        self.cut.notify_waiters();
    }

    async fn wait_while_silent(&self, number: usize) {
        if number < self.silent_below.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }
}
