//! Where events are delivered to.

use std::env;
use std::net::IpAddr;

use crate::app::App;
use crate::{disclosure, settings};

/// Where events are delivered to, and what is sent along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
}

/// What the user is told then.
pub(crate) const UNUSABLE: &str = "the endpoint is no `https://` URL, nor `http://` to this machine";

/// A variable names no endpoint that events may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unusable;

impl Endpoint {
    /// What the environment or the author says, in this order. `None` if nothing is to be delivered.
    pub(crate) fn of(app: &App) -> Result<Option<Self>, Unusable> {
        let own = || app.headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        if let Some(url) = env::var_os(app.variables.endpoint) {
            let url = url.into_string().map_err(|_| Unusable)?;
            return match url.trim() {
                "" | "stdout" => Ok(None),
                url => Self::checked(url.to_owned(), own()).map(Some),
            };
        }
        if disclosure::heeds_open_telemetry(app)
            && let Some(url) = open_telemetry_url()
        {
            return Self::checked(url, open_telemetry_headers()).map(Some);
        }
        match app.endpoint {
            Some(url) => Self::checked(url.to_owned(), own()).map(Some),
            None => Ok(None),
        }
    }

    /// Everything is encrypted that leaves the machine.
    fn checked(url: String, headers: Vec<(String, String)>) -> Result<Self, Unusable> {
        let endpoint = Endpoint { url, headers };
        let is_safe = endpoint.behind("https").is_some() || endpoint.is_loopback();
        if is_safe { Ok(endpoint) } else { Err(Unusable) }
    }

    /// Is it plain HTTP to this machine?
    pub(crate) fn is_loopback(&self) -> bool {
        let Some(rest) = self.behind("http") else { return false };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = match authority.strip_prefix('[') {
            Some(v6) => v6.split_once(']').map_or("", |(host, _)| host),
            None => authority.split(':').next().unwrap_or_default(),
        };
        let is_loopback_address = || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        !authority.contains('@') && (host.eq_ignore_ascii_case("localhost") || is_loopback_address())
    }

    /// What stands behind `scheme://`, if that is the URL's scheme.
    fn behind(&self, scheme: &str) -> Option<&str> {
        let (own, rest) = self.url.split_once("://")?;
        own.eq_ignore_ascii_case(scheme).then_some(rest)
    }
}

/// The host that events are sent to as things stand, for the user who asks.
pub(crate) fn destination(app: &App) -> Option<String> {
    let endpoint = Endpoint::of(app).ok().flatten()?;
    disclosure::host(&endpoint.url).map(str::to_owned)
}

/// Might there be an endpoint? Cheaper than to read it.
pub(crate) fn is_likely(app: &App) -> bool {
    match env::var_os(app.variables.endpoint) {
        Some(url) => !url.is_empty(),
        None => app.endpoint.is_some() || disclosure::heeds_open_telemetry(app),
    }
}

/// `<ENV>_TELEMETRY_DRY_RUN`: all but the send.
pub(crate) fn is_dry_run(app: &App) -> bool {
    settings::switch(app.variables.dry_run) == Some(true)
}

/// The endpoint by OpenTelemetry's rules: the one for traces as it stands, the general one with the path of traces.
fn open_telemetry_url() -> Option<String> {
    let var = |name| env::var(name).ok().filter(|url| !url.is_empty());
    var("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").or_else(|| {
        let base = var("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        Some(format!("{}/v1/traces", base.trim_end_matches('/')))
    })
}

fn open_telemetry_headers() -> Vec<(String, String)> {
    ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|text| !text.is_empty()))
        .map(|text| baggage(&text))
        .unwrap_or_default()
}

/// `name=value,name=value`, the values percent-encoded: the form of the W3C header `baggage`.
fn baggage(text: &str) -> Vec<(String, String)> {
    let entries = text.split(',').filter_map(|entry| entry.split_once('='));
    entries.map(|(name, value)| (name.trim().to_owned(), percent_decoded(value.trim()))).collect()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let digit = |index| char::from(*behind.get(index)?).to_digit(16);
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(byte);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_the_machine_in_the_clear() {
        for url in [
            "https://example.com/v1",
            "http://localhost:1",
            "http://127.0.0.1/x",
            "http://[::1]:4318/v1/traces",
            // The attribute accepts these, too.
            "HTTPS://example.com",
            "http://127.0.0.2:1/",
            "http://LOCALHOST",
        ] {
            assert!(Endpoint::checked(url.to_owned(), Vec::new()).is_ok(), "{url}");
        }
        for url in [
            "http://example.com",
            "http://localhost.example.com",
            "http://localhost@example.com",
            "http://localhost:x@example.com",
            "http://[::1]@example.com",
            "http://127.0.0.1.example.com",
            "http://[::2]/",
            "ftp://localhost",
            "localhost",
            "",
        ] {
            assert!(Endpoint::checked(url.to_owned(), Vec::new()).is_err(), "{url}");
        }
    }

    #[test]
    fn headers_of_open_telemetry() {
        let headers = baggage("api-key=a%20b%3D, other = c,broken");
        let expected = [("api-key", "a b="), ("other", "c")];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(percent_decoded("%zz%4"), "%zz%4");
    }
}
