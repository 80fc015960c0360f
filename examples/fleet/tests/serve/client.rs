//! HTTP over one connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use flate2::Compression;
use flate2::write::GzEncoder;
use fleet::encode;
use fleet::run::{Program, Run};
use prost::Message;

#[derive(Debug)]
pub(crate) struct Client(BufReader<TcpStream>);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

pub(crate) const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const GZIP: (&str, &str) = ("content-encoding", "gzip");

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(support::HANGS_AFTER)).unwrap();
        Client(BufReader::new(stream))
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.request("GET", path, &[], &[]).unwrap()
    }

    pub(crate) fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.request("POST", path, headers, body).unwrap()
    }

    /// A request without a length, with this header and these bytes instead.
    pub(crate) fn post_raw(&mut self, path: &str, header: &str, body: &[u8]) -> Answer {
        let (name, value) = PROTOBUF;
        let head = format!("POST {path} HTTP/1.1\r\nhost: fleet\r\n{name}: {value}\r\n{header}\r\n\r\n");
        self.send(&[head.as_bytes(), body].concat());
        self.answer().unwrap()
    }

    /// Sends any bytes, as far as the server takes them.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes);
    }

    /// Whether there is something to read: an answer, or the end.
    pub(crate) fn is_answered(&self) -> bool {
        self.0.get_ref().set_nonblocking(true).unwrap();
        let is_answered = self.0.get_ref().peek(&mut [0]).is_ok();
        self.0.get_ref().set_nonblocking(false).unwrap();
        is_answered
    }

    /// Everything until the server closes the connection.
    pub(crate) fn rest(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        if let Err(error) = self.0.read_to_end(&mut rest) {
            // As after a request that was not read to its end.
            assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        }
        rest
    }

    /// Delivers runs. `None` if there is no answer.
    pub(crate) fn deliver(&mut self, runs: &[Run<'_>]) -> Option<Answer> {
        self.request("POST", "/v1/traces", &[PROTOBUF], &body(runs)).ok()
    }

    fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: fleet\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let message = [head.as_bytes(), b"\r\n", body].concat();
        // A server that refuses early does not read everything.
        self.send(&message);
        self.answer()
    }

    pub(crate) fn answer(&mut self) -> io::Result<Answer> {
        let mut lines = self.0.by_ref().lines();
        let line = lines.next().ok_or(io::ErrorKind::UnexpectedEof)??;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        let mut headers = Vec::new();
        for line in lines {
            let line = line?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_owned(), value.to_owned()));
        }
        let mut answer = Answer { status, headers, body: Vec::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        answer.body = vec![0; length];
        self.0.read_exact(&mut answer.body)?;
        Ok(answer)
    }
}

/// The headers of a delivery, whose body follows.
pub(crate) fn head(length: usize, header: &str) -> Vec<u8> {
    let (name, value) = PROTOBUF;
    format!("POST /v1/traces HTTP/1.1\r\nhost: fleet\r\n{name}: {value}\r\n{header}content-length: {length}\r\n\r\n")
        .into()
}

/// The body of a delivery.
pub(crate) fn body(runs: &[Run<'_>]) -> Vec<u8> {
    encode::request(runs, "tool").encode_to_vec()
}

pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// A run that ended well, with this session.
pub(crate) fn run(session: u128) -> Run<'static> {
    // As random as a session is: a number alone would differ in its last bits only.
    let session = session.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let program = Program { app: "tool".into(), version: "1.0.0".into(), os: "linux".into(), arch: "amd64".into() };
    let mut run = Run::new(session.to_be_bytes(), fleet::time::unix_ms(), program);
    run.ci = Some(false);
    run.command = "remote add".into();
    run.ending = Some("return".into());
    run.status = "success";
    run.exit_code = Some(0);
    run.duration_us = Some(1_500);
    run
}

pub(crate) fn runs(sessions: std::ops::Range<u128>) -> Vec<Run<'static>> {
    sessions.map(run).collect()
}
