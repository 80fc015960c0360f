//! One request, and the meaning of its response.

use std::io::{self, ErrorKind, Read};
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy, ProxyProtocol};

use super::endpoint::Endpoint;
use super::retry;
use super::trust::root_certs;
use crate::declare::App;
use crate::environment;
use crate::wire::{self, Accepted, Encoding};

/// The longest that connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The longest that the receiver may be silent before it answers. While the worker waits, the program's file cannot be
/// replaced in place, and its file system not unmounted.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// The longest that a request may take, with its response and a second attempt. Two of them fit into a worker's lifetime.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How much of a response is read. Relevant responses have a few bytes.
const RESPONSE_MAX_BYTES: u64 = 64 * 1024;

/// Sends requests over one connection, as long as the receiver keeps it.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    endpoint: Endpoint,
    encoding: Encoding,
    /// Until the receiver reports that it cannot read it.
    gzip: bool,
    /// There has been a response, so a connection may have been kept.
    connected: bool,
    /// The environment names a proxy or certificates that this client cannot use. Requests must not do without them.
    blocked: Option<&'static str>,
}

/// What a response means for the events of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Accepted(Accepted),
    /// The receiver does not accept them, and says that it never will. It may be wrong: a proxy's page, or the wrong
    /// protocol.
    Refused(Failure),
    /// The receiver has ended collection.
    Ended,
    /// It may accept fewer at a time.
    TooLarge,
    /// Not now.
    Later(Failure),
}

impl Verdict {
    pub(crate) fn read(encoding: Encoding, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        match status.as_u16() {
            200..=299 => Verdict::Accepted(encoding.accepted(body)),
            code @ (400 | 422) => {
                Verdict::Refused(Failure::new(format!("HTTP {code}: the receiver refuses the events")))
            }
            410 => Verdict::Ended,
            413 => Verdict::TooLarge,
            // For example a redirect or a wrong key: the author can fix that, so the events stay queued.
            code => Verdict::Later(Failure {
                text: format!("HTTP {code}"),
                retry_after: headers.get("retry-after").and_then(|value| retry::after(value.to_str().ok()?)),
            }),
        }
    }
}

/// Why events could not be delivered now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// A few words. They contain no address, and nothing from the response but its status.
    pub(crate) text: String,
    /// `Retry-After`.
    pub(crate) retry_after: Option<Duration>,
}

impl Failure {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Failure { text: text.into(), retry_after: None }
    }
}

impl Client {
    pub(crate) fn new(app: &App, endpoint: Endpoint, encoding: Encoding) -> Self {
        // Unencrypted requests stay on the machine, so they must not go through a proxy.
        let proxy = if endpoint.is_plain_http { None } else { Proxy::try_from_env() };
        let roots = if endpoint.is_plain_http { Ok(RootCerts::WebPki) } else { root_certs(app) };
        let blocked = match &roots {
            Err(problem) => Some(*problem),
            Ok(_) if !endpoint.is_plain_http && is_unusable(proxy.as_ref()) => Some("unsupported proxy"),
            Ok(_) => None,
        };
        let config = Agent::config_builder()
            .https_only(!endpoint.is_plain_http)
            .tls_config(TlsConfig::builder().root_certs(roots.unwrap_or(RootCerts::WebPki)).build())
            .proxy(proxy)
            // Nobody has agreed to the target of a redirect.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_recv_response(Some(ANSWER_TIMEOUT))
            .build();
        Client { agent: Agent::new_with_config(config), endpoint, encoding, gzip: true, connected: false, blocked }
    }

    /// Sends `body`, again if the first attempt may have failed only because of an old connection or the compression.
    pub(crate) fn post(&mut self, body: &[u8]) -> Verdict {
        if let Some(problem) = self.blocked {
            return Verdict::Later(Failure::new(problem));
        }
        self.post_until(body, Instant::now() + REQUEST_TIMEOUT)
    }

    fn post_until(&mut self, body: &[u8], end: Instant) -> Verdict {
        match self.post_once(body, end) {
            // The receiver may have closed the kept connection. That is not a failure yet.
            Err(Error::Io(_)) if self.connected => {
                self.connected = false;
                self.post_until(body, end)
            }
            Ok((StatusCode::UNSUPPORTED_MEDIA_TYPE, _)) if self.gzip => {
                self.gzip = false;
                self.post_until(body, end)
            }
            Ok((_, verdict)) => {
                self.connected = true;
                verdict
            }
            Err(error) => Verdict::Later(Failure::new(describe(&error))),
        }
    }

    fn post_once(&self, body: &[u8], end: Instant) -> Result<(StatusCode, Verdict), Error> {
        let left = end.saturating_duration_since(Instant::now());
        let request = self.agent.post(&self.endpoint.url).config().timeout_global(Some(left)).build();
        let mut request = request.header("content-type", self.encoding.content_type());
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
        let mut body = Vec::new();
        // A body that ends early or never does not matter: the status has arrived.
        let _ = response.into_body().into_reader().take(RESPONSE_MAX_BYTES).read_to_end(&mut body);
        Ok((status, Verdict::read(self.encoding, status, &headers, &body)))
    }
}

/// Whether the environment names a proxy that is not an HTTP proxy. ureq ignores a variable it cannot parse.
fn is_unusable(proxy: Option<&Proxy>) -> bool {
    match proxy {
        Some(proxy) => !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https),
        None => environment::names_proxy(),
    }
}

/// What went wrong, in words that contain nothing from the request.
fn describe(error: &Error) -> &'static str {
    match error {
        Error::Timeout(_) => "timed out",
        Error::HostNotFound => "host not found",
        Error::Io(error) => describe_io(error),
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) | Error::TlsRequired => "TLS failed",
        Error::Protocol(_) | Error::LargeResponseHeader(..) => "the response is not HTTP",
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
        // rustls reports a bad certificate this way.
        ErrorKind::InvalidData => "TLS failed",
        // std has no kind for this.
        _ if error.to_string().starts_with("failed to lookup address") => "host not found",
        _ => "network error",
    }
}
