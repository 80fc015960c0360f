//! The one parser of endpoint URLs: at compile time for the key `endpoint`, at run time for the variables. One rule for all.
//!
//! Deliberately less than RFC 3986 allows. An endpoint is `https://` and a host, with an optional port, path and query; or
//! `http://` to this machine, since everything that leaves it is encrypted. No user name or password: those belong into
//! `headers`. No host outside ASCII: two parsers could read it as two hosts.

/// A URL that events may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndpointUrl<'a> {
    /// The host as written, IPv6 addresses with their brackets. It names the recipient in the disclosure.
    pub(crate) host: &'a str,
    /// Plain HTTP, which is allowed to a loopback address alone.
    pub(crate) is_plain_http: bool,
}

/// Why a text is not an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndpointError {
    NotHttps,
    PlainHttp,
    Characters,
    UserInfo,
    Host,
    Port,
}

impl EndpointError {
    /// What is wrong, and what to write instead.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            EndpointError::NotHttps => "the endpoint must be an `https://` URL",
            EndpointError::PlainHttp => {
                "the endpoint must be an `https://` URL; `http://` is allowed to `localhost`, `127.x.x.x` and `[::1]` only"
            }
            EndpointError::Characters => {
                "the endpoint contains a character that is not allowed in a URL; percent-encode it, and write the host in ASCII"
            }
            EndpointError::UserInfo => {
                "the endpoint must not contain a user name or password; send credentials with the key `headers`"
            }
            EndpointError::Host => "the endpoint has no valid host after `://`",
            EndpointError::Port => "the endpoint's port must be a number from 0 to 65535",
        }
    }
}

impl<'a> EndpointUrl<'a> {
    /// Checks `url` and takes its host out.
    pub(crate) const fn parse(url: &'a str) -> Result<Self, EndpointError> {
        let url = url.as_bytes();
        let (rest, is_plain_http) = match (after(url, b"https://"), after(url, b"http://")) {
            (Some(rest), _) => (rest, false),
            (None, Some(rest)) => (rest, true),
            (None, None) => return Err(EndpointError::NotHttps),
        };
        if !all_visible_ascii(rest) {
            return Err(EndpointError::Characters);
        }
        let (authority, _) = rest.split_at(find(rest, b"/?#"));
        if find(authority, b"@") < authority.len() {
            return Err(EndpointError::UserInfo);
        }
        let (host, port) = match authority {
            [b'[', ..] => match authority.split_at_checked(find(authority, b"]") + 1) {
                Some(split) => split,
                None => return Err(EndpointError::Host),
            },
            _ => authority.split_at(find(authority, b":")),
        };
        if !is_host(host) {
            return Err(EndpointError::Host);
        }
        if !is_port(port) {
            return Err(EndpointError::Port);
        }
        if is_plain_http && !is_loopback(host) {
            return Err(EndpointError::PlainHttp);
        }
        match core::str::from_utf8(host) {
            Ok(host) => Ok(EndpointUrl { host, is_plain_http }),
            Err(_) => Err(EndpointError::Host),
        }
    }
}

/// Fails to compile if events must not be sent to `url`.
#[allow(clippy::panic)]
pub const fn check_endpoint(url: &'static str) {
    if let Err(error) = EndpointUrl::parse(url) {
        panic!("{}", error.message());
    }
}

const fn all_visible_ascii(text: &[u8]) -> bool {
    let mut index = 0;
    while index < text.len() {
        if text[index] <= b' ' || text[index] >= 0x7f {
            return false;
        }
        index += 1;
    }
    true
}

/// The text behind `prefix`, whose case does not matter.
const fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    match text.split_at_checked(prefix.len()) {
        Some((start, rest)) if same_ignoring_case(start, prefix) => Some(rest),
        _ => None,
    }
}

const fn same_ignoring_case(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if !a[index].eq_ignore_ascii_case(&b[index]) {
            return false;
        }
        index += 1;
    }
    true
}

/// Where the first of `wanted` stands; the text's length if none does.
const fn find(text: &[u8], wanted: &[u8]) -> usize {
    let mut index = 0;
    while index < text.len() {
        let mut other = 0;
        while other < wanted.len() {
            if text[index] == wanted[other] {
                return index;
            }
            other += 1;
        }
        index += 1;
    }
    index
}

/// A name or an IPv4 address, or an IPv6 address in brackets.
const fn is_host(host: &[u8]) -> bool {
    let (name, is_ipv6) = match host {
        [b'[', address @ .., b']'] => (address, true),
        name => (name, false),
    };
    let mut index = 0;
    while index < name.len() {
        let is_allowed = match name[index] {
            b'.' => true,
            b':' => is_ipv6,
            b'-' | b'_' => !is_ipv6,
            byte if is_ipv6 => byte.is_ascii_hexdigit(),
            byte => byte.is_ascii_alphanumeric(),
        };
        if !is_allowed {
            return false;
        }
        index += 1;
    }
    !name.is_empty()
}

/// Nothing, or `:` and a number below 65536.
const fn is_port(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b':', number @ ..] => is_decimal(number, 65_535),
        _ => false,
    }
}

/// `localhost`, `[::1]`, or `127.` and three numbers.
const fn is_loopback(host: &[u8]) -> bool {
    if same_ignoring_case(host, b"localhost") || same_ignoring_case(host, b"[::1]") {
        return true;
    }
    let [b'1', b'2', b'7', b'.', rest @ ..] = host else { return false };
    let (first, rest) = rest.split_at(find(rest, b"."));
    let [b'.', rest @ ..] = rest else { return false };
    let (second, rest) = rest.split_at(find(rest, b"."));
    let [b'.', third @ ..] = rest else { return false };
    is_decimal(first, 255) && is_decimal(second, 255) && is_decimal(third, 255)
}

/// A number up to `max`, without leading zeros, which some parsers take for octal.
const fn is_decimal(text: &[u8], max: u32) -> bool {
    if text.is_empty() || text.len() > 5 || (text[0] == b'0' && text.len() > 1) {
        return false;
    }
    let (mut index, mut number) = (0, 0);
    while index < text.len() {
        if !text[index].is_ascii_digit() {
            return false;
        }
        number = number * 10 + (text[index] - b'0') as u32;
        index += 1;
    }
    number <= max
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_and_their_hosts() {
        for (url, host, is_plain_http) in [
            ("https://telemetry.example.com/v1/events", "telemetry.example.com", false),
            ("HTTPS://example.com:8443/@team?x=#y", "example.com", false),
            ("https://example.com?x", "example.com", false),
            ("https://[2001:db8::1]/v1", "[2001:db8::1]", false),
            ("http://127.0.0.1:4318", "127.0.0.1", true),
            ("http://127.0.0.2/", "127.0.0.2", true),
            ("http://LOCALHOST", "LOCALHOST", true),
            ("http://[::1]:4318/v1", "[::1]", true),
        ] {
            assert_eq!(EndpointUrl::parse(url), Ok(EndpointUrl { host, is_plain_http }), "{url}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        use EndpointError::*;

        for (url, error) in [
            ("", NotHttps),
            ("localhost", NotHttps),
            ("ftp://localhost", NotHttps),
            ("http://example.com", PlainHttp),
            ("http://localhost.example.com", PlainHttp),
            ("http://127.0.0.1.example.com", PlainHttp),
            ("http://127.0.0.256", PlainHttp),
            ("http://127.000.0.1/", PlainHttp),
            ("http://[::2]/", PlainHttp),
            ("http://[0:0:0:0:0:0:0:1]/", PlainHttp),
            ("https://a b", Characters),
            ("https://exämple.com", Characters),
            ("https://user@example.com", UserInfo),
            ("http://localhost:x@example.com", UserInfo),
            ("http://[::1]@example.com", UserInfo),
            ("https://", Host),
            ("https:///x", Host),
            ("https://:80/", Host),
            ("https://[::1", Host),
            ("https://[]/", Host),
            ("https://a,b/", Host),
            ("https://host:99999", Port),
            ("https://host:x", Port),
            ("https://host:+1/", Port),
            ("https://host:/", Port),
        ] {
            assert_eq!(EndpointUrl::parse(url), Err(error), "{url}");
        }
    }

    #[test]
    fn at_compile_time_the_rule_is_the_same() {
        const { check_endpoint("https://telemetry.example.com/v1/events") };
        assert!(std::panic::catch_unwind(|| check_endpoint("http://example.com")).is_err());
    }
}
