//! The parser for endpoint URLs. The key `endpoint` uses it at compile time and the environment variables at run time,
//! so the same rules apply to both.
//!
//! Everything that leaves the machine is encrypted, so `http://` is accepted only for loopback. The rest is RFC 3986,
//! without user information (credentials belong in `headers`) and without spellings of a host that programs interpret
//! differently.

/// A URL that events may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndpointUrl<'a> {
    /// The host as written, IPv6 addresses in brackets. The disclosure shows it as the recipient.
    pub(crate) host: &'a str,
    /// `http://` to this machine, rather than `https://`.
    pub(crate) is_plain_http: bool,
}

impl<'a> EndpointUrl<'a> {
    /// Checks `url` and extracts its host. The error says what is wrong, for the person who wrote the URL.
    pub(crate) const fn parse(url: &'a str) -> Result<Self, &'static str> {
        let url = url.as_bytes();
        let (is_https, rest) = match (after(url, b"https://"), after(url, b"http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err("`endpoint` must be a URL that begins with `https://`"),
        };
        if let Err(problem) = url_characters(rest) {
            return Err(problem);
        }
        let authority = rest.split_at(find(rest, b"/?#")).0;
        if find(authority, b"@") < authority.len() {
            return Err("`endpoint` must not contain a user name or password: put credentials into `headers`");
        }
        let is_v6 = matches!(authority, [b'[', ..]);
        let end = if is_v6 { find(authority, b"]") + 1 } else { find(authority, b":") };
        if end == 0 || end > authority.len() {
            return Err("`endpoint` has no host");
        }
        let (host, port) = authority.split_at(end);
        if !(is_name(host) || is_v6 && is_v6_address(host)) {
            return Err("`endpoint` has a malformed host");
        }
        if !(port.is_empty() || is_port(port)) {
            return Err("`endpoint` has a malformed port: expected a number from 1 to 65535");
        }
        if !is_https && !is_loopback(host) {
            return Err(
                "`endpoint` must begin with `https://`: `http://` is allowed only to `localhost`, `127.0.0.1` or `[::1]`",
            );
        }
        match core::str::from_utf8(host) {
            Ok(host) => Ok(EndpointUrl { host, is_plain_http: !is_https }),
            Err(_) => Err("`endpoint` has a malformed host"),
        }
    }
}

/// Fails to compile if `url` is not an acceptable endpoint.
#[allow(clippy::panic)]
pub const fn check_endpoint(url: &'static str) {
    if let Err(problem) = EndpointUrl::parse(url) {
        panic!("{}", problem);
    }
}

/// Whether a host is this machine: `localhost`, 127.0.0.0/8 as four decimal numbers, or `[::1]`.
///
/// Other spellings of these addresses are rejected, since programs disagree about their meaning.
const fn is_loopback(host: &[u8]) -> bool {
    if eq_ignore_ascii_case(host, b"localhost") || eq_ignore_ascii_case(host, b"[::1]") {
        return true;
    }
    let [b'1', b'2', b'7', b'.', rest @ ..] = host else { return false };
    let (first, rest) = rest.split_at(find(rest, b"."));
    let [b'.', rest @ ..] = rest else { return false };
    let (second, rest) = rest.split_at(find(rest, b"."));
    let [b'.', third @ ..] = rest else { return false };
    is_decimal(first, 0, 255) && is_decimal(second, 0, 255) && is_decimal(third, 0, 255)
}

/// Checks for characters that RFC 3986 does not allow.
const fn url_characters(url: &[u8]) -> Result<(), &'static str> {
    let mut index = 0;
    while index < url.len() {
        match url[index] {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                return Err("`endpoint` contains a character that must be percent-encoded in a URL");
            }
            b'!'..=b'~' => {}
            0x80.. => {
                return Err(
                    "`endpoint` must be ASCII: write a host name in its `xn--` form and percent-encode the rest",
                );
            }
            _ => return Err("`endpoint` must not contain spaces or control characters"),
        }
        index += 1;
    }
    Ok(())
}

/// What follows `prefix`, ignoring its case.
const fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    match text.split_at_checked(prefix.len()) {
        Some((start, rest)) if eq_ignore_ascii_case(start, prefix) => Some(rest),
        _ => None,
    }
}

/// The slice method of this name is not `const` on the MSRV.
const fn eq_ignore_ascii_case(a: &[u8], b: &[u8]) -> bool {
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

/// The index of the first byte that is one of `wanted`, or the length of `text`.
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

/// A name or an IPv4 address: labels of letters, digits, `-` and `_`, separated by dots.
const fn is_name(host: &[u8]) -> bool {
    let mut index = 0;
    while index < host.len() {
        let is_dot = host[index] == b'.';
        if !(is_dot || host[index].is_ascii_alphanumeric() || matches!(host[index], b'-' | b'_')) {
            return false;
        }
        if is_dot && (index == 0 || host[index - 1] == b'.') {
            return false;
        }
        index += 1;
    }
    !host.is_empty()
}

/// An IPv6 address in brackets. The number of groups is not checked: connecting fails if it is wrong.
const fn is_v6_address(host: &[u8]) -> bool {
    let [b'[', address @ .., b']'] = host else { return false };
    let mut index = 0;
    while index < address.len() {
        if !(address[index].is_ascii_hexdigit() || matches!(address[index], b':' | b'.')) {
            return false;
        }
        index += 1;
    }
    find(address, b":") < address.len()
}

/// `:` and a number.
const fn is_port(text: &[u8]) -> bool {
    matches!(text, [b':', number @ ..] if is_decimal(number, 1, 65_535))
}

/// A number from `min` to `max`, without a sign and without leading zeros, which some programs read as octal.
const fn is_decimal(text: &[u8], min: u32, max: u32) -> bool {
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
    min <= number && number <= max
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        for (url, host) in [
            ("https://telemetry.example.com/v1/events", "telemetry.example.com"),
            ("HTTPS://example.com:8443/@team?x=#y", "example.com"),
            ("https://xn--exmple-cua.com", "xn--exmple-cua.com"),
            ("https://example.com./", "example.com."),
            ("https://my_host/a%20b", "my_host"),
            ("https://[2001:db8::1]/", "[2001:db8::1]"),
            ("http://127.0.0.1:4318", "127.0.0.1"),
            ("http://127.0.0.2/", "127.0.0.2"),
            ("http://LOCALHOST", "LOCALHOST"),
            ("http://[::1]:4318/v1", "[::1]"),
        ] {
            assert_eq!(EndpointUrl::parse(url).map(|url| url.host), Ok(host), "{url}");
        }
        for (url, problem) in [
            ("", "begins with `https://`"),
            ("example.com", "begins with `https://`"),
            ("ftp://example.com", "begins with `https://`"),
            ("file:///etc/passwd", "begins with `https://`"),
            ("https://", "no host"),
            ("https:///x", "no host"),
            ("https://:80/", "no host"),
            ("http://[::1", "no host"),
            ("https://.example.com", "malformed host"),
            ("https://a..b", "malformed host"),
            ("https://a%20b", "malformed host"),
            ("https://[]", "malformed host"),
            ("https://[12]", "malformed host"),
            ("https://[fe80::1%25eth0]", "malformed host"),
            ("https://host:", "port"),
            ("https://host:0", "port"),
            ("https://host:99999", "port"),
            ("https://host:+1/", "port"),
            ("https://host:x", "port"),
            ("http://localhost:x", "port"),
            ("https://[::1]x", "port"),
            ("https://a b", "spaces"),
            ("https://example.com/\n", "spaces"),
            ("https://exämple.com", "`xn--` form"),
            ("https://example.com/{id}", "percent-encoded"),
            ("https://user:secret@example.com", "user name or password"),
            ("http://example.com", "`http://` is allowed only"),
            ("http://localhost.evil", "`http://` is allowed only"),
            ("http://[::2]/", "`http://` is allowed only"),
            ("http://[0:0:0:0:0:0:0:1]/", "`http://` is allowed only"),
            ("http://127.0.0.1.evil", "`http://` is allowed only"),
            ("http://127.000.0.1/", "`http://` is allowed only"),
            ("http://127.0.0.256", "`http://` is allowed only"),
            ("http://127.1", "`http://` is allowed only"),
        ] {
            assert!(
                EndpointUrl::parse(url).is_err_and(|found| found.contains(problem)),
                "{url}: {:?}",
                EndpointUrl::parse(url)
            );
        }
        assert!(std::panic::catch_unwind(|| check_endpoint("http://example.com")).is_err());
    }
}
