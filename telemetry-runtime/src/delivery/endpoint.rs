//! The endpoint that events are delivered to.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::declare::{App, EndpointUrl};
use crate::disclosure;
use crate::environment::{self, EndpointOverride};

/// Where events are delivered, and with which headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) host: String,
    /// Unencrypted, to this machine.
    pub(crate) is_plain_http: bool,
    pub(crate) headers: Vec<(String, String)>,
}

impl Endpoint {
    /// The endpoint from the environment, else from the author. `None` if there is none; an error says what is wrong with the
    /// URL.
    pub(crate) fn of(app: &App, endpoint: &EndpointOverride) -> Result<Option<Self>, &'static str> {
        match endpoint {
            EndpointOverride::Keep | EndpointOverride::Print => return Ok(None),
            EndpointOverride::Url(url) => {
                let url = url.to_str().ok_or("`endpoint` must be text")?;
                return Endpoint::new(url.trim(), own_headers(app)).map(Some);
            }
            EndpointOverride::Unset => {}
        }
        if disclosure::heeds_open_telemetry(app) {
            if let Some(url) = environment::open_telemetry_endpoint() {
                return Endpoint::new(&url, open_telemetry_headers()).map(Some);
            }
        }
        app.endpoint.map(|url| Endpoint::new(url, own_headers(app))).transpose()
    }

    fn new(url: &str, headers: Vec<(String, String)>) -> Result<Self, &'static str> {
        let EndpointUrl { host, is_plain_http } = EndpointUrl::parse(url)?;
        Ok(Endpoint { url: url.to_owned(), host: host.to_owned(), is_plain_http, headers })
    }
}

/// The host that events are currently sent to. `None` if there is none; an error says what is wrong with the URL.
pub(crate) fn destination(app: &App) -> Result<Option<String>, &'static str> {
    Ok(Endpoint::of(app, &EndpointOverride::read(app))?.map(|endpoint| endpoint.host))
}

/// Whether there may be an endpoint. Cheaper than reading it.
pub(crate) fn is_likely(app: &App, endpoint: &EndpointOverride) -> bool {
    match endpoint {
        EndpointOverride::Unset => app.endpoint.is_some() || disclosure::heeds_open_telemetry(app),
        EndpointOverride::Keep | EndpointOverride::Print => false,
        EndpointOverride::Url(_) => true,
    }
}

fn own_headers(app: &App) -> Vec<(String, String)> {
    app.headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn open_telemetry_headers() -> Vec<(String, String)> {
    environment::open_telemetry_headers().map(|text| baggage(&text)).unwrap_or_default()
}

/// `name=value,name=value` with percent-encoded values: the form of the W3C header `baggage`.
fn baggage(text: &str) -> Vec<(String, String)> {
    let entries = text.split(',').filter_map(|entry| entry.split_once('='));
    let decoded = |value| percent_decode_str(value).decode_utf8_lossy();
    entries.map(|(name, value)| (name.trim().to_owned(), Cow::into_owned(decoded(value.trim())))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_open_telemetry() {
        let headers = baggage("api-key=a%20b%3D, other = c,broken,odd=%zz%4");
        let expected = [("api-key", "a b="), ("other", "c"), ("odd", "%zz%4")];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
