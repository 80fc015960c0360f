//! What the generated code has the compiler check about a whole tree.
//!
//! The macro sees one type at a time, and names given as expressions not at all; these run in constants, where a panic is a
//! compile error.

#![allow(clippy::panic)]

use super::commands::{CommandNode, MAX_DEPTH, MAX_STEPS, NodeKind};

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
    fn header_values() {
        check_header("a key, and more");
        for bad in ["a\nb", "a\r", "ä"] {
            assert!(std::panic::catch_unwind(|| check_header(bad)).is_err(), "{bad}");
        }
    }
}
