//! Somewhere on this machine for events to go.

use std::net::TcpListener;

use crate::sink::{Reply, Sink};

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

    /// A URL that leads there, without a path.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many requests came.
    pub(crate) fn requests(&self) -> usize {
        self.sink.as_ref().map_or(0, |sink| sink.requests().len())
    }
}

/// One that every client takes for success.
const ANSWER: &str = r#"{"status":"success","accepted":1,"rejected":0,"message":""}"#;
