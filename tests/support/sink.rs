//! A receiver on this machine that answers as told: any status, late, never, or nonsense. It uses only std, because the
//! measurements of other libraries use it too.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// The longest wait for anything here.
const HANGS_AFTER: Duration = Duration::from_secs(60);

/// How to answer.
#[derive(Debug, Clone)]
pub enum Reply {
    Status(u16),
    /// A status and one more header.
    Header(u16, &'static str, String),
    /// A status, after a while, so that more happens at the same time.
    Slow(Duration, u16),
    /// A status, once the gate is open.
    Gated(Gate, u16),
    /// A status and a body.
    Body(u16, Vec<u8>),
    /// Nothing, and the connection stays open.
    Hang,
    /// Nothing, and the connection is reset.
    Reset,
    /// One byte of a response now and then, until the client gives up.
    Drip,
    /// Something that is not HTTP.
    Garbage,
    /// A status, and an endless body, until the client gives up.
    Flood,
}

/// Holds responses back until a test opens it.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn open(&self) {
        let (open, opened) = &*self.0;
        *open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        opened.notify_all();
    }

    fn wait(&self) {
        let (open, opened) = &*self.0;
        let open = open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(opened.wait_timeout_while(open, HANGS_AFTER, |open| !*open));
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The connection it came on, counted from 0.
    pub connection: usize,
    pub path: String,
    /// Names are in lower case.
    pub headers: Vec<(String, String)>,
    /// As received, perhaps compressed.
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The receiver. It lives as long as the test process.
#[derive(Debug, Clone)]
pub struct Sink {
    address: SocketAddr,
    requests: Arc<Requests>,
}

#[derive(Debug, Default)]
struct Requests {
    list: Mutex<Vec<Request>>,
    came: Condvar,
}

impl Sink {
    /// Answers every request the same way.
    pub fn always(reply: Reply) -> Self {
        Self::new(move |_| reply.clone())
    }

    /// Answers as `reply` says, which gets the number of the request, from 0.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub fn new(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
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

    /// A URL of this receiver.
    pub fn url(&self) -> String {
        format!("{}/v1/events", self.origin())
    }

    /// The URL without a path.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.list.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for `count` requests. Returns all received so far.
    ///
    /// # Panics
    ///
    /// If they do not arrive.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Request> {
        let list = self.requests.list.lock().unwrap_or_else(PoisonError::into_inner);
        let came = self.requests.came.wait_timeout_while(list, HANGS_AFTER, |list| list.len() < count);
        let requests = came.unwrap_or_else(PoisonError::into_inner).0.clone();
        assert!(requests.len() >= count, "{} of {count} requests came in {HANGS_AFTER:?}", requests.len());
        requests
    }
}

fn serve(connection: usize, stream: &TcpStream, requests: &Requests, reply: &dyn Fn(usize) -> Reply) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    // One request per iteration. The client ends the connection.
    while let Some(request) = read(connection, &mut reader)? {
        let number = {
            let mut list = requests.list.lock().unwrap_or_else(PoisonError::into_inner);
            list.push(request);
            requests.came.notify_all();
            list.len() - 1
        };
        if !answer(stream, &reply(number))? {
            return Ok(());
        }
    }
    Ok(())
}

/// One request, or `None` at the end of the connection.
fn read(connection: usize, reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut lines = reader.by_ref().lines();
    let Some(line) = lines.next().transpose()? else { return Ok(None) };
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    for line in lines.by_ref() {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { connection, path, headers, body: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body)?;
    Ok(Some(request))
}

/// Answers. False if the connection is over.
fn answer(mut stream: &TcpStream, reply: &Reply) -> io::Result<bool> {
    match reply {
        Reply::Status(status) => head(stream, *status, "", 0)?,
        Reply::Header(status, name, value) => head(stream, *status, &format!("{name}: {value}\r\n"), 0)?,
        Reply::Slow(wait, status) => {
            thread::sleep(*wait);
            head(stream, *status, "", 0)?;
        }
        Reply::Gated(gate, status) => {
            gate.wait();
            head(stream, *status, "", 0)?;
        }
        Reply::Body(status, body) => {
            head(stream, *status, "", body.len() as u64)?;
            stream.write_all(body)?;
        }
        Reply::Hang => {
            // Until the client gives up.
            let _ = stream.read(&mut [0; 1]);
            return Ok(false);
        }
        Reply::Reset => {
            // Closing a socket with unread data makes the system reset the connection.
            stream.shutdown(Shutdown::Both)?;
            return Ok(false);
        }
        Reply::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx-drip: ")?;
            for _ in 0..DRIPS {
                stream.write_all(b".")?;
                thread::sleep(BETWEEN_DRIPS);
            }
        }
        Reply::Garbage => {
            stream.write_all(b"\x00\xffthis is no HTTP\r\n\r\n\r\n")?;
            return Ok(false);
        }
        Reply::Flood => {
            head(stream, 200, "", u64::MAX / 2)?;
            let chunk = [b'x'; 65_536];
            for _ in 0..FLOOD / chunk.len() {
                stream.write_all(&chunk)?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

/// Shorter than any client's read timeout.
const BETWEEN_DRIPS: Duration = Duration::from_millis(200);

/// Enough to outlast any timeout.
const DRIPS: u128 = HANGS_AFTER.as_millis() / BETWEEN_DRIPS.as_millis();

/// More bytes than any client reads before it gives up.
const FLOOD: usize = 1 << 40;

fn head(mut stream: &TcpStream, status: u16, header: &str, length: u64) -> io::Result<()> {
    write!(stream, "HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\n{header}\r\n")
}
