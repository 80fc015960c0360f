//! One request, and what its answer means.

use std::env;
use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy, ProxyProtocol};

use super::endpoint::Endpoint;
use super::retry;
use crate::wire::{self, Accepted, Form};

/// The longest a connection may take to be there.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest a request may take, with all its answer, and a second attempt at it. Two of them fit into a worker's life.
pub(crate) const REQUEST: Duration = Duration::from_secs(10);

/// As much of an answer is read. Those that matter have a few bytes.
const ANSWER_MAX: u64 = 64 * 1024;

/// Sends requests over one connection, as long as the receiver keeps it.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    endpoint: Endpoint,
    form: Form,
    /// Until the receiver says that it cannot read it.
    gzip: bool,
    /// There has been an answer, so there may be a connection that was kept.
    connected: bool,
    /// Requests are to go through a proxy, but not one that this client can use. They must not go past it.
    blocked: bool,
}

/// What an answer means for the events of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted(Accepted),
    /// The receiver will never take them.
    Refused,
    /// It may take fewer of them.
    TooLarge,
    /// Not now.
    Later(Failure),
}

impl Answer {
    pub(crate) fn read(form: Form, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        match status.as_u16() {
            200..=299 => Answer::Accepted(form.accepted(body)),
            400 | 422 => Answer::Refused,
            413 => Answer::TooLarge,
            // What else there is, a redirect or a wrong key, the author can put right: the events wait.
            code => Answer::Later(Failure {
                text: format!("HTTP {code}"),
                retry_after: headers.get("retry-after").and_then(|value| retry::after(value.to_str().ok()?)),
            }),
        }
    }
}

/// Why events could not be delivered now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// A few words that hold no address and nothing of the answer but its status.
    pub(crate) text: String,
    /// How long the receiver wants to be left alone.
    pub(crate) retry_after: Option<Duration>,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Failure { text: text.into(), retry_after: None }
    }
}

impl Client {
    /// Root certificates are Mozilla's, compiled in: the same everywhere, in a container without certificates too. The
    /// system's own store would need a dozen crates more.
    pub(crate) fn new(endpoint: Endpoint, form: Form) -> Self {
        // What is sent in the clear stays on the machine, so it must not go through a proxy.
        let proxy = if endpoint.is_loopback() { None } else { Proxy::try_from_env() };
        let blocked = !endpoint.is_loopback() && is_unusable(proxy.as_ref());
        let config = Agent::config_builder()
            .https_only(!endpoint.is_loopback())
            .tls_config(TlsConfig::builder().root_certs(RootCerts::WebPki).build())
            .proxy(proxy)
            // Wherever it leads, nobody has agreed to it.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .build();
        Client { agent: Agent::new_with_config(config), endpoint, form, gzip: true, connected: false, blocked }
    }

    /// Sends `body`, a second time where the first may have failed by the connection alone.
    pub(crate) fn post(&mut self, body: &[u8]) -> Answer {
        if self.blocked {
            return Answer::Later(Failure::new("the proxy is none that can be used"));
        }
        self.post_until(body, Instant::now() + REQUEST)
    }

    fn post_until(&mut self, body: &[u8], end: Instant) -> Answer {
        let answer = self.post_once(body, end);
        match answer {
            // The receiver has closed the connection that was kept: that is no failure yet.
            Err(Error::Io(_)) if self.connected => {
                self.connected = false;
                self.post_until(body, end)
            }
            Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, _)) if self.gzip => {
                self.gzip = false;
                self.post_until(body, end)
            }
            Ok((_, answer)) => {
                self.connected = true;
                answer
            }
            Err(error) => Answer::Later(Failure::new(describe(&error))),
        }
    }

    fn post_once(&self, body: &[u8], end: Instant) -> Result<(StatusCode, Answer), Error> {
        let left = end.saturating_duration_since(Instant::now());
        let request = self.agent.post(&self.endpoint.url).config().timeout_global(Some(left)).build();
        let mut request = request.header("content-type", self.form.content_type());
        for (name, value) in &self.endpoint.headers {
            request = request.header(name, value);
        }
        let response = if self.gzip {
            request.header("content-encoding", "gzip").send(wire::gzip(body)?)?
        } else {
            request.send(body)?
        };
        let status = response.status();
        let headers = response.headers().clone();
        let mut answer = Vec::new();
        // An answer that ends early or never is an answer all the same: its status has come.
        let _ = response.into_body().into_reader().take(ANSWER_MAX).read_to_end(&mut answer);
        Ok((status, Answer::read(self.form, status, &headers, &answer)))
    }
}

/// Do the variables name a proxy, but none by HTTP? What ureq cannot read it leaves out, as if it were not there.
fn is_unusable(proxy: Option<&Proxy>) -> bool {
    const VARIABLES: [&str; 6] = ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
    match proxy {
        Some(proxy) => !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https),
        None => VARIABLES.iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty())),
    }
}

/// What went wrong, in words that hold nothing of the request.
fn describe(error: &Error) -> &'static str {
    match error {
        Error::Timeout(_) => "timed out",
        Error::HostNotFound => "host not found",
        Error::Io(error) => describe_io(error),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => "TLS failed",
        Error::Protocol(_) | Error::LargeResponseHeader(..) => "the answer is no HTTP",
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => "proxy failed",
        Error::ConnectionFailed => "not connected",
        Error::BadUri(_) | Error::Http(_) => "the endpoint or a header is malformed",
        _ => "request failed",
    }
}

fn describe_io(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::ConnectionRefused => "connection refused",
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => "connection lost",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "timed out",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => "network unreachable",
        // What rustls says of a certificate comes in this wrapping.
        ErrorKind::InvalidData => "TLS failed",
        // std has no kind for this.
        _ if error.to_string().starts_with("failed to lookup address") => "host not found",
        _ => "network error",
    }
}
