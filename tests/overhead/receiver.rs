//! Somewhere on this machine for events to go.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It is answered at once.
    Healthy,
    /// Nobody listens.
    Refusing,
    /// The connection stands, and nobody answers.
    Hanging,
}

impl Manner {
    pub(crate) const ALL: [Manner; 3] = [Manner::Healthy, Manner::Refusing, Manner::Hanging];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Manner::Healthy => "healthy",
            Manner::Refusing => "refusing",
            Manner::Hanging => "hanging",
        }
    }
}

/// An address; what listens there lives as long as this process.
#[derive(Debug)]
pub(crate) struct Receiver {
    address: SocketAddr,
    requests: Arc<AtomicU64>,
}

impl Receiver {
    pub(crate) fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port can be had");
        let address = listener.local_addr().expect("it has an address");
        let requests = Arc::new(AtomicU64::new(0));
        let received = Arc::clone(&requests);
        match manner {
            Manner::Refusing => {}
            Manner::Healthy => drop(thread::spawn(move || {
                for stream in listener.incoming().map_while(Result::ok) {
                    let received = Arc::clone(&received);
                    thread::spawn(move || serve(&stream, &received));
                }
            })),
            Manner::Hanging => drop(thread::spawn(move || listener.incoming().collect::<Vec<_>>())),
        }
        Receiver { address, requests }
    }

    /// A URL that leads there, without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests were answered.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}

fn serve(mut stream: &TcpStream, received: &AtomicU64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(length) = head(&mut reader)? {
        io::copy(&mut (&mut reader).take(length), &mut io::sink())?;
        received.fetch_add(1, Ordering::Relaxed);
        let length = ANSWER.len();
        let answer =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{ANSWER}");
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}

/// One that every client takes for success.
const ANSWER: &str = r#"{"status":"success","accepted":1,"rejected":0,"message":""}"#;

/// Reads the head of a request; tells how long its body is. `None` at the end of the connection.
fn head(reader: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = 0;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 0 {
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().unwrap_or(0);
            }
            None if line.trim_end().is_empty() => return Ok(Some(length)),
            _ => {}
        }
        line.clear();
    }
    Ok(None)
}
