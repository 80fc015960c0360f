//! Compile-time checks that generated code calls: of a whole command tree, and of header values.
//!
//! The macro cannot make them itself: it sees one type at a time, and only the tokens of a constant expression. These
//! functions run in constants, where a panic is a compile error.

#![allow(clippy::panic)]

use super::commands::{CommandNode, MAX_DEPTH, MAX_STEPS, NodeKind};

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

/// Fails to compile if a command is nested too deeply for a path to hold it.
pub const fn check_depth(commands: &'static [CommandNode]) {
    let (names, steps) = depth(commands);
    assert!(
        names <= MAX_DEPTH && steps <= MAX_STEPS,
        "commands are nested more than 8 levels deep: `#[telemetry(opaque)]` on a variant records it without the commands below it"
    );
}

/// Fails to compile if `value` is not a valid header value.
pub const fn check_header(value: &'static str) {
    if let Err(problem) = header_value(value) {
        panic!("{}", problem);
    }
}

/// Checks a header value. A line break in it would start another header.
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
            // An unlisted entry has no name. `external` stands for any name, and a command may be called that too.
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

/// Panics with a message that names the command. Built by hand, since a const panic can format nothing but one string.
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
    fn header_values() {
        check_header("a key, and more");
        for bad in ["a\nb", "a\r", "a\tb", "ä", "\x7f"] {
            assert!(std::panic::catch_unwind(|| check_header(bad)).is_err(), "{bad}");
        }
    }
}
