//! What the generated code has the compiler check about a whole tree.
//!
//! The macro sees one type at a time, and names given as expressions not at all; these run in constants, where a panic is a
//! compile error.

#![allow(clippy::panic)]

use crate::commands::{CommandNode, MAX_DEPTH, MAX_STEPS, NodeKind};

/// Fails to compile if two commands that stand beside each other have one name.
pub const fn check_siblings(commands: &'static [CommandNode]) {
    let mut index = 0;
    while let Some(name) = nth_name(commands, index) {
        let mut earlier = 0;
        while earlier < index {
            if let Some(other) = nth_name(commands, earlier)
                && !name.is_empty()
                && same(name, other)
            {
                duplicate(name);
            }
            earlier += 1;
        }
        index += 1;
    }
}

/// Fails to compile if a command lies deeper than a path can hold.
pub const fn check_depth(commands: &'static [CommandNode]) {
    let (names, steps) = depth(commands);
    assert!(
        names <= MAX_DEPTH && steps <= MAX_STEPS,
        "commands are nested more than 8 deep: `#[telemetry(opaque)]` on a variant records it without what lies below"
    );
}

/// Fails to compile if `url` is no endpoint that events may be sent to: by the rules that the macro has for literals.
pub const fn check_endpoint(url: &'static str) {
    let url = url.as_bytes();
    let rest = match (after(url, b"https://"), after(url, b"http://")) {
        (Some(rest), _) | (None, Some(rest)) => rest,
        (None, None) => panic!("`endpoint` is no `https://` URL"),
    };
    let mut index = 0;
    while index < rest.len() {
        assert!(rest[index] > b' ' && rest[index] < 0x7f, "`endpoint` holds a character that a URL must not hold");
        index += 1;
    }
    let authority = rest.split_at(find(rest, b"/?#")).0;
    assert!(
        find(authority, b"@") == authority.len(),
        "`endpoint` must not hold a user name or password; use `headers`"
    );
    let end = match authority {
        [b'[', ..] => find(authority, b"]") + 1,
        _ => find(authority, b":"),
    };
    assert!(end > 0 && end <= authority.len(), "`endpoint` names no host");
    let (host, port) = authority.split_at(end);
    assert!(port.is_empty() || is_port(port), "`endpoint` names no port that there is");
    assert!(
        after(url, b"https://").is_some() || is_loopback(host),
        "`endpoint`: `http://` is allowed to a loopback address only; use `https://`"
    );
}

/// Fails to compile if a header cannot have this value: a line break in it would start a header of its own.
pub const fn check_header(value: &'static str) {
    let value = value.as_bytes();
    let mut index = 0;
    while index < value.len() {
        assert!(value[index] >= b' ' && value[index] < 0x7f, "a header's value consists of visible ASCII characters");
        index += 1;
    }
}

/// The name of the `index`th command, flattened entries spliced in.
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
            // What stands for names that are not here has none; an external one's constant may stand beside a command's.
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

/// The deepest path, in names and in positions.
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

/// What stands behind `prefix`, whose case does not matter.
const fn after(text: &'static [u8], prefix: &[u8]) -> Option<&'static [u8]> {
    match text.split_at_checked(prefix.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => Some(rest),
        _ => None,
    }
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

/// `:` and a number below 65536.
const fn is_port(text: &[u8]) -> bool {
    matches!(text, [b':', number @ ..] if decimal(number, 65_535))
}

/// `localhost`, `[::1]`, or `127.` and three numbers.
const fn is_loopback(host: &[u8]) -> bool {
    if host.eq_ignore_ascii_case(b"localhost") || host.eq_ignore_ascii_case(b"[::1]") {
        return true;
    }
    let [b'1', b'2', b'7', b'.', rest @ ..] = host else { return false };
    let (first, rest) = rest.split_at(find(rest, b"."));
    let [b'.', rest @ ..] = rest else { return false };
    let (second, rest) = rest.split_at(find(rest, b"."));
    let [b'.', third @ ..] = rest else { return false };
    decimal(first, 255) && decimal(second, 255) && decimal(third, 255)
}

/// A number up to `max`.
const fn decimal(text: &[u8], max: u32) -> bool {
    if text.is_empty() || text.len() > 5 {
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

/// Panics with a message that names the command: const panics take no format arguments but one string.
const fn duplicate(name: &str) -> ! {
    const BEFORE: &[u8] = b"two commands beside each other are named `";
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
        Err(_) => panic!("two commands beside each other have one name"),
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
    #[should_panic(expected = "two commands beside each other are named `b`")]
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
        for good in [
            "https://telemetry.example.com/v1/events",
            "HTTPS://example.com:8443/@team?x=#y",
            "http://127.0.0.1:4318",
            "http://127.0.0.2/",
            "http://LOCALHOST",
            "http://[::1]:4318/v1",
        ] {
            check_endpoint(good);
        }
        for bad in [
            "ftp://x",
            "https://",
            "https:///x",
            "https://:80/",
            "https://host:99999",
            "https://host:x",
            "https://a b",
            "https://u@h",
            "http://example.com",
            "http://localhost.evil",
            "http://localhost:x",
            "http://127.0.0.1.evil",
            "http://127.0.0.256",
        ] {
            assert!(std::panic::catch_unwind(|| check_endpoint(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn header_values() {
        check_header("a key, and more");
        for bad in ["a\nb", "a\r", "ä"] {
            assert!(std::panic::catch_unwind(|| check_header(bad)).is_err(), "{bad}");
        }
    }
}
