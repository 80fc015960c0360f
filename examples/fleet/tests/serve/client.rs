//! A sender.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use fleet::encode;
use fleet::run::{Program, Run};
use fleet::simulate::client::{self, head};
pub(crate) use fleet::simulate::client::{Answer, PROTOBUF};
use prost::Message;

#[derive(Debug)]
pub(crate) struct Client(client::Client);

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const GZIP: (&str, &str) = ("content-encoding", "gzip");

const TRACES: &str = "/v1/traces";

/// What a body says.
pub(crate) fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

impl Client {
    pub(crate) fn new(address: &str) -> Self {
        let client = client::Client::connect(address).unwrap();
        client.0.get_ref().set_read_timeout(Some(support::HANGS_AFTER)).unwrap();
        Client(client)
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.0.request("GET", path, &[], &[]).unwrap()
    }

    pub(crate) fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.0.request("POST", path, headers, body).unwrap()
    }

    /// Delivers runs. `None` if there is no answer.
    pub(crate) fn deliver(&mut self, runs: &[Run<'_>]) -> Option<Answer> {
        self.0.request("POST", TRACES, &[PROTOBUF], &body(runs)).ok()
    }

    /// Sends the headers of a delivery whose body has this length.
    pub(crate) fn begin(&mut self, length: usize, headers: &[(&str, &str)]) {
        self.send(&head("POST", TRACES, &[&[PROTOBUF], headers].concat(), length));
    }

    /// Sends any bytes, as far as the server takes them.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.0.get_mut().write_all(bytes);
    }

    pub(crate) fn answer(&mut self) -> Answer {
        self.0.answer().unwrap()
    }

    /// Whether there is something to read: an answer, or the end.
    pub(crate) fn is_answered(&self) -> bool {
        let stream = self.0.0.get_ref();
        stream.set_nonblocking(true).unwrap();
        let is_answered = stream.peek(&mut [0]).is_ok();
        stream.set_nonblocking(false).unwrap();
        is_answered
    }

    /// Everything until the server closes the connection.
    pub(crate) fn rest(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        if let Err(error) = self.0.0.read_to_end(&mut rest) {
            // As after a request that was not read to its end.
            assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        }
        rest
    }
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
