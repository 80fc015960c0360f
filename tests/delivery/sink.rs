//! A receiver on this machine that answers as it is told to: any status, late, never, or nonsense.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use serde_json::Value;

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Status(u16),
    /// A status, and one header more.
    Header(u16, &'static str, String),
    /// A status, after a while.
    Slow(Duration, u16),
    /// A status and a body.
    Body(u16, Vec<u8>),
    /// Nothing, and the connection stays open.
    Hang,
    /// Nothing, and the connection is reset.
    Reset,
    /// One byte of an answer every now and then, without end.
    Drip,
    /// Something that is no HTTP.
    Garbage,
    /// A status, and a body without end.
    Flood,
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The connection it came on, counted from 0.
    pub(crate) connection: usize,
    pub(crate) path: String,
    /// The names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// As it was before it was compressed.
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    pub(crate) fn session_id(&self) -> String {
        self.json()["sessionId"].as_str().expect("there is a session").to_owned()
    }
}

/// The receiver. It lives as long as the test process.
#[derive(Debug, Clone)]
pub(crate) struct Sink {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Sink {
    /// Answers every request alike.
    pub(crate) fn always(reply: Reply) -> Self {
        Self::new(move |_| reply.clone())
    }

    /// Answers as `reply` says, which is told the request's number, from 0.
    pub(crate) fn new(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port can be had");
        let address = listener.local_addr().expect("it has an address");
        let sink = Sink { address, requests: Arc::default() };
        let reply = Arc::new(reply);
        let requests = Arc::clone(&sink.requests);
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                let (requests, reply) = (Arc::clone(&requests), Arc::clone(&reply));
                thread::spawn(move || {
                    let _ = serve(connection, &stream, &requests, &*reply);
                });
            }
        });
        sink
    }

    /// A URL that leads here.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1/events", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("nobody panics with it").clone()
    }

    /// Waits until there are `count` requests, and gives them.
    ///
    /// # Panics
    ///
    /// When they do not come.
    #[track_caller]
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Request> {
        let start = Instant::now();
        loop {
            let requests = self.requests();
            if requests.len() >= count {
                return requests;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{} of {count} requests came", requests.len());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn serve(
    connection: usize,
    stream: &TcpStream,
    requests: &Mutex<Vec<Request>>,
    reply: &dyn Fn(usize) -> Reply,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(connection, &mut reader)? {
        let number = {
            let mut requests = requests.lock().expect("nobody panics with it");
            requests.push(request);
            requests.len() - 1
        };
        if !answer(stream, &reply(number))? {
            return Ok(());
        }
    }
    Ok(())
}

fn read(connection: usize, reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let mut request = Request { connection, path, headers, body: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    match request.header("content-encoding") {
        Some("gzip") => {
            GzDecoder::new(&body[..]).read_to_end(&mut request.body)?;
        }
        _ => request.body = body,
    }
    Ok(Some(request))
}

/// Answers. False if the connection has come to its end.
fn answer(mut stream: &TcpStream, reply: &Reply) -> io::Result<bool> {
    match reply {
        Reply::Status(status) => head(stream, *status, "", 0)?,
        Reply::Header(status, name, value) => head(stream, *status, &format!("{name}: {value}\r\n"), 0)?,
        Reply::Slow(wait, status) => {
            thread::sleep(*wait);
            head(stream, *status, "", 0)?;
        }
        Reply::Body(status, body) => {
            head(stream, *status, "", body.len() as u64)?;
            stream.write_all(body)?;
        }
        Reply::Hang => {
            // Until the other side has had enough.
            let _ = stream.read(&mut [0; 1]);
            return Ok(false);
        }
        Reply::Reset => {
            // What is unread when a socket is closed makes the system reset the connection.
            stream.shutdown(Shutdown::Both)?;
            return Ok(false);
        }
        Reply::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx-drip: ")?;
            loop {
                stream.write_all(b".")?;
                thread::sleep(Duration::from_millis(200));
            }
        }
        Reply::Garbage => {
            stream.write_all(b"\x00\xffthis is no HTTP\r\n\r\n\r\n")?;
            return Ok(false);
        }
        Reply::Flood => {
            head(stream, 200, "", u64::MAX / 2)?;
            loop {
                stream.write_all(&[b'x'; 65536])?;
            }
        }
    }
    Ok(true)
}

fn head(mut stream: &TcpStream, status: u16, header: &str, length: u64) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n{header}\r\n")
}
