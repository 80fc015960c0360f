//! Endpoints on this machine.

use std::net::TcpListener;

use crate::sink::{Reply, Sink};

/// How it treats a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// Answers at once.
    Healthy,
    /// Nothing listens.
    Refusing,
    /// Accepts the connection and never answers.
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

/// An endpoint, which lives as long as this process.
#[derive(Debug)]
pub(crate) struct Receiver {
    url: String,
    sink: Option<Sink>,
}

impl Receiver {
    pub(crate) fn new(manner: Manner) -> Self {
        let reply = match manner {
            Manner::Healthy => Reply::Body(200, ANSWER.into()),
            Manner::Hanging => Reply::Hang,
            Manner::Refusing => {
                let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
                let url = format!("http://{}", port.expect("there is a free port"));
                return Receiver { url, sink: None };
            }
        };
        let sink = Sink::always(reply);
        Receiver { url: sink.origin(), sink: Some(sink) }
    }

    /// Its URL, without a path.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many requests it received.
    pub(crate) fn requests(&self) -> usize {
        self.sink.as_ref().map_or(0, |sink| sink.requests().len())
    }
}

/// A response that every client takes for success.
const ANSWER: &str = r#"{"status":"success","accepted":1,"rejected":0,"message":""}"#;
