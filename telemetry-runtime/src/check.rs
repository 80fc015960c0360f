//! What generated code has the compiler check: a whole command tree, an endpoint, a header.
//!
//! The macro sees one type at a time, and of a constant expression only its tokens. These functions run in constants, where
//! a panic is a compile error.

#![allow(clippy::panic)]

use crate::commands::{CommandNode, MAX_DEPTH, MAX_STEPS, NodeKind};

/// Fails to compile if two commands at the same level have the same name.
pub const fn check_siblings(commands: &'static [CommandNode]) {
    let mut index = 0;
    while let Some(name) = nth_name(commands, index) {
        let mut earlier = 0;
        while earlier < index {
            match nth_name(commands, earlier) {
                Some(other) if !name.is_empty() && same(name, other) => duplicate(name),
                _ => {}
            }
            earlier += 1;
        }
        index += 1;
    }
}

/// Fails to compile if a command is deeper than a path can hold.
pub const fn check_depth(commands: &'static [CommandNode]) {
    let (names, steps) = depth(commands);
    assert!(
        names <= MAX_DEPTH && steps <= MAX_STEPS,
        "commands are nested more than 8 levels deep: `#[telemetry(opaque)]` on a variant records it without the commands below it"
    );
}

/// Fails to compile if events must not be sent to `url`.
pub const fn check_endpoint(url: &'static str) {
    if let Err(problem) = endpoint_host(url) {
        panic!("{}", problem);
    }
}

/// Fails to compile if `value` cannot be the value of a header.
pub const fn check_header(value: &'static str) {
    if let Err(problem) = header_value(value) {
        panic!("{}", problem);
    }
}

/// The host of a URL that events may be sent to, with the brackets of an IPv6 address; otherwise what is wrong with it.
///
/// `http` is accepted only where nobody can listen on the way. Everything else is RFC 3986, without user information.
pub(crate) const fn endpoint_host(url: &str) -> Result<&str, &'static str> {
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
        Ok(host) => Ok(host),
        Err(_) => Err("`endpoint` has a malformed host"),
    }
}

/// Whether a host stands for this machine: `localhost`, 127.0.0.0/8 in four decimal numbers, or `[::1]`.
///
/// Other spellings of these addresses are not accepted: programs disagree about what they mean.
pub(crate) const fn is_loopback(host: &[u8]) -> bool {
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

/// A line break in a header's value would start a header of its own.
const fn header_value(value: &str) -> Result<(), &'static str> {
    let value = value.as_bytes();
    let mut index = 0;
    while index < value.len() {
        if value[index] < b' ' || value[index] > b'~' {
            return Err("a header value must consist of printable ASCII characters");
        }
        index += 1;
    }
    Ok(())
}

/// The characters that RFC 3986 allows.
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

/// The name of the command at `index`, counting flattened commands in place.
const fn nth_name(commands: &'static [CommandNode], mut index: usize) -> Option<&'static str> {
    let mut position = 0;
    while position < commands.len() {
        let node = &commands[position];
        if matches!(node.kind, NodeKind::Flatten) {
            let inside = count(node.children);
            if index < inside {
                return nth_name(node.children, index);
            }
            index -= inside;
        } else if index == 0 {
            // An entry for commands that are not listed has no name, and `external` may also be the name of a command.
            return Some(if matches!(node.kind, NodeKind::External) { "" } else { node.name });
        } else {
            index -= 1;
        }
        position += 1;
    }
    None
}

const fn count(commands: &'static [CommandNode]) -> usize {
    let mut total = 0;
    let mut position = 0;
    while position < commands.len() {
        total +=
            if matches!(commands[position].kind, NodeKind::Flatten) { count(commands[position].children) } else { 1 };
        position += 1;
    }
    total
}

/// The length of the longest path, in names and in positions.
const fn depth(commands: &'static [CommandNode]) -> (usize, usize) {
    let mut deepest = (0, 0);
    let mut position = 0;
    while position < commands.len() {
        let node = &commands[position];
        let (names, steps) = depth(node.children);
        let names = names + if matches!(node.kind, NodeKind::Flatten | NodeKind::Unlisted) { 0 } else { 1 };
        deepest = (max(deepest.0, names), max(deepest.1, steps + 1));
        position += 1;
    }
    deepest
}

const fn max(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// What follows `prefix`, whose case does not matter.
const fn after<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    match text.split_at_checked(prefix.len()) {
        Some((start, rest)) if eq_ignore_ascii_case(start, prefix) => Some(rest),
        _ => None,
    }
}

/// The method of slices is not `const` with the oldest Rust that is supported.
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

/// Where the first of `wanted` stands; the text's end if none does.
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

/// In brackets. Whether the groups are as many as there have to be is left to whoever connects.
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

/// A number from `min` to `max`, without sign and without leading zeros: some programs read those as octal.
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

/// Panics with a message that names the command: const panics take no format arguments but one string.
const fn duplicate(name: &str) -> ! {
    const BEFORE: &[u8] = b"two commands at the same level are named `";
    const ROOM: usize = 200;
    let mut message = [0; BEFORE.len() + ROOM + 1];
    let mut length = 0;
    while length < BEFORE.len() {
        message[length] = BEFORE[length];
        length += 1;
    }
    let name = name.as_bytes();
    let mut index = 0;
    while index < name.len() && index < ROOM {
        message[length] = name[index];
        length += 1;
        index += 1;
    }
    message[length] = b'`';
    match core::str::from_utf8(message.split_at(length + 1).0) {
        Ok(message) => panic!("{}", message),
        Err(_) => panic!("two commands at the same level have the same name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAF: &[CommandNode] = &[CommandNode::command("a", &[]), CommandNode::command("b", &[])];
    const FLAT: &[CommandNode] = &[CommandNode::flatten(LEAF)];
    const NESTED: &[CommandNode] = &[CommandNode::command("x", LEAF)];

    #[test]
    fn different_names_pass() {
        const TREE: &[CommandNode] =
            &[CommandNode::flatten(LEAF), CommandNode::command("c", LEAF), CommandNode::external()];
        check_siblings(TREE);
    }

    #[test]
    #[should_panic(expected = "two commands at the same level are named `b`")]
    fn a_flattened_duplicate_is_found() {
        const TREE: &[CommandNode] = &[CommandNode::command("b", &[]), CommandNode::flatten(LEAF)];
        check_siblings(TREE);
    }

    #[test]
    fn flattening_adds_no_depth() {
        assert_eq!(depth(FLAT), (1, 2));
        assert_eq!(depth(NESTED), (2, 2));
        assert_eq!(depth(const { &[CommandNode::unlisted()] }), (0, 1));
    }

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
            assert_eq!(endpoint_host(url), Ok(host), "{url}");
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
            assert!(endpoint_host(url).is_err_and(|found| found.contains(problem)), "{url}: {:?}", endpoint_host(url));
        }
        assert!(std::panic::catch_unwind(|| check_endpoint("http://example.com")).is_err());
    }

    #[test]
    fn header_values() {
        check_header("a key, and more");
        for bad in ["a\nb", "a\r", "a\tb", "ä", "\x7f"] {
            assert!(std::panic::catch_unwind(|| check_header(bad)).is_err(), "{bad}");
        }
    }
}
