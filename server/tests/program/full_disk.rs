//! Ingest with a full queue disk: no acknowledged data is lost, and data that cannot be stored is not acknowledged.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use testbed::on_both;

use crate::{
    callers::{Client, set_up},
    ledger::write_settings,
    support::{Server, countersign},
};

/// Mounts a file system of one mebibyte at `$1`, visible only in this namespace, and executes the program.
const ON_SMALL_DISK: &str =
    r#"mount -t tmpfs -o size=1m,mode=700 tmpfs "$1" && shift && exec "$@""#;

/// The time limit of each wait.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Runs the program with a small disk at this folder. Root mounts it in a new mount namespace. Other users need a user
/// namespace as well, which the system must allow.
fn on_small_disk(program: &Command, disk: &Path) -> Command {
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = Command::new("unshare");
    command
        .arg(if is_root { "-m" } else { "-rm" })
        .args(["sh", "-c", ON_SMALL_DISK, "sh"])
        .arg(disk)
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(program.get_current_dir().unwrap());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// An upstream server that responds with 503 until it is available.
#[derive(Clone, Default)]
struct Upstream {
    is_available: Arc<AtomicBool>,
    /// The number of each datapoint it accepted.
    numbers: Arc<Mutex<Vec<u32>>>,
}

impl Upstream {
    /// Starts listening and returns the URL.
    fn listen(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let upstream = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let upstream = upstream.clone();
                thread::spawn(move || upstream.serve(stream.unwrap()));
            }
        });
        format!("http://{address}")
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                if stream.read_line(&mut line).ok()? == 0 {
                    return None;
                }
                let line = line.trim().to_ascii_lowercase();
                if let Some(value) = line.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).ok()?;
            let status = if self.is_available.load(Ordering::SeqCst) {
                self.numbers.lock().unwrap().extend(numbers_in(&body));
                "200 OK"
            } else {
                "503 Service Unavailable"
            };
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.get_mut().write_all(answer.as_bytes()).ok()?;
        }
    }

    /// Waits until it has accepted exactly these numbers, in this order.
    fn expect_numbers(&self, expected: &[u32]) {
        let began = Instant::now();
        while self.numbers.lock().unwrap().len() < expected.len() {
            assert!(
                began.elapsed() < TIMEOUT,
                "only {:?} were accepted",
                self.numbers
            );
            thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(*self.numbers.lock().unwrap(), expected);
    }
}

/// The numbers in a forwarded body. Each datapoint has its number in a dimension.
fn numbers_in(body: &[u8]) -> impl Iterator<Item = u32> {
    let text = String::from_utf8_lossy(body);
    let numbers: Vec<u32> = text
        .split("number-")
        .skip(1)
        .map(|rest| rest[..6].parse().unwrap())
        .collect();
    numbers.into_iter()
}

/// A datapoint of about ten kilobytes with this number.
fn datapoint(number: u32) -> String {
    let mut dimensions = serde_json::Map::new();
    dimensions.insert("which".to_owned(), json!(format!("number-{number:06}")));
    for pad in 0..30 {
        dimensions.insert(format!("pad{pad}"), json!("x".repeat(250)));
    }
    json!({"gauge": [{"metric": "cpu", "value": 1, "dimensions": Value::Object(dimensions)}]})
        .to_string()
}

on_both! {
    async fn a_full_disk_rejects_new_data_and_loses_no_acknowledged_data(database: Database) {
        write_settings(&database);
        let folder = database.folder.path();
        let (plain, credentials, _) = set_up(folder);
        assert!(plain.stop().success());
        let upstream = Upstream::default();
        let url = upstream.listen();
        let disk = folder.join("small");
        fs::create_dir(&disk).unwrap();
        let queue = disk.to_str().unwrap();
        let program = countersign(folder, &["serve", "--listen", "127.0.0.1:0", "--ingest-upstream", &url, "--ingest-folder", queue]);
        let log = folder.join("log");
        let mut command = on_small_disk(&program, &disk);
        command.stderr(fs::File::create(&log).unwrap());
        let server = Server::started(command);
        let mut client = Client::new(&server.address);
        let mut send = |number: u32| {
            let (_, status, body) = client.ask("POST", "/v2/datapoint", &credentials.ingest.secret, &datapoint(number)).unwrap();
            assert!(status == 200 || status == 503, "{status} {body}");
            status == 200
        };
        let mut kept: Vec<u32> = (0..).take_while(|number| send(*number)).collect();
        assert!(kept.len() > 50, "a mebibyte is room for more than {}", kept.len());
        // Further data is rejected, and the rest of the server works.
        assert!(!send(900_000) && !send(900_001));
        let (_, status, _) = Client::new(&server.address).ask("GET", "/v2/session", &credentials.admin.secret, "").unwrap();
        assert_eq!(status, 200);
        upstream.is_available.store(true, Ordering::SeqCst);
        upstream.expect_numbers(&kept);
        // Forwarding frees space without intervention.
        for number in 100_000..100_300 {
            let began = Instant::now();
            while !send(number) {
                assert!(began.elapsed() < TIMEOUT, "no space for {number}");
                thread::sleep(Duration::from_millis(20));
            }
            kept.push(number);
        }
        upstream.expect_numbers(&kept);
        assert!(server.stop().success());
        let log = fs::read_to_string(log).unwrap();
        let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert!(!errors.is_empty() && errors.iter().all(|line| line.contains("No space left on device")), "{errors:#?}");
    }
}
