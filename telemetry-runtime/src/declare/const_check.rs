//! Compile-time checks that generated code calls: of a whole command tree, and of header values.
//!
//! The macro cannot make them itself: it sees one type at a time, and only the tokens of a constant expression. These
//! functions run in constants, where a panic is a compile error.

#![allow(clippy::panic)]

use super::commands::{CommandNode, MAX_DEPTH, MAX_STEPS, NodeKind};
use super::labels::same;

/// Fails to compile if two commands at the same level have the same name, or would be recorded under the same name.
pub const fn check_siblings(commands: &'static [CommandNode]) {
    if let Some(name) = duplicate_in(commands, Names::Claps) {
        fail(b"two commands at the same level are named `", name);
    }
    if let Some(name) = duplicate_in(commands, Names::Recorded) {
        fail(b"two commands would be recorded under the same name, since one is below a transparent command: `", name);
    }
}

/// Which names of a level are compared.
#[derive(Clone, Copy)]
enum Names {
    /// Those that clap must distinguish.
    Claps,
    /// Those that events must distinguish: the commands below a transparent command take its place.
    Recorded,
}

/// The first name that occurs twice.
const fn duplicate_in(commands: &'static [CommandNode], names: Names) -> Option<&'static str> {
    let mut index = 0;
    while let Some(name) = nth_name(commands, names, index) {
        let mut earlier = 0;
        while earlier < index {
            match nth_name(commands, names, earlier) {
                Some(other) if !name.is_empty() && same(name, other) => return Some(name),
                _ => {}
            }
            earlier += 1;
        }
        index += 1;
    }
    None
}

/// Fails to compile if a command is nested too deeply for a path to hold it.
pub const fn check_depth(commands: &'static [CommandNode]) {
    let (names, steps) = depth(commands);
    assert!(
        names <= MAX_DEPTH && steps <= MAX_STEPS,
        "commands are nested more than 8 levels deep: `#[telemetry(opaque)]` on a command records it without the commands below it"
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

/// The name of the command at `index`, counting the commands below entries that they replace.
const fn nth_name(commands: &'static [CommandNode], names: Names, mut index: usize) -> Option<&'static str> {
    let mut position = 0;
    while position < commands.len() {
        let node = &commands[position];
        if is_replaced(node, names) {
            let inside = count(node.children, names);
            if index < inside {
                return nth_name(node.children, names, index);
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

const fn count(commands: &'static [CommandNode], names: Names) -> usize {
    let mut total = 0;
    let mut position = 0;
    while position < commands.len() {
        let node = &commands[position];
        total += if is_replaced(node, names) { count(node.children, names) } else { 1 };
        position += 1;
    }
    total
}

/// Whether the commands below `node` count instead of it.
const fn is_replaced(node: &CommandNode, names: Names) -> bool {
    matches!(node.kind, NodeKind::Flatten) || (matches!(names, Names::Recorded) && node.transparent)
}

/// The length of the longest path, in names and in positions.
const fn depth(commands: &'static [CommandNode]) -> (usize, usize) {
    let mut deepest = (0, 0);
    let mut position = 0;
    while position < commands.len() {
        let node = &commands[position];
        let (names, steps) = depth(node.children);
        let names = names + if node.recorded_name().is_some() { 1 } else { 0 };
        deepest = (max(deepest.0, names), max(deepest.1, steps + 1));
        position += 1;
    }
    deepest
}

const fn max(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

/// Panics with a message that ends with the name. Built by hand, since a const panic can format nothing but one string.
const fn fail(before: &[u8], name: &str) -> ! {
    let mut message = [0; 300];
    let mut length = 0;
    while length < before.len() {
        message[length] = before[length];
        length += 1;
    }
    let name = name.as_bytes();
    let mut index = 0;
    // One place is left for the quote.
    while index < name.len() && length < message.len() - 1 {
        message[length] = name[index];
        length += 1;
        index += 1;
    }
    message[length] = b'`';
    match core::str::from_utf8(message.split_at(length + 1).0) {
        Ok(message) => panic!("{}", message),
        // A very long name is cut off, possibly within a character.
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

    const TRANSPARENT: &[CommandNode] = &[CommandNode::command("a", LEAF).transparent()];

    /// Its own name is not recorded, so a command below it may be called that.
    #[test]
    fn a_transparent_command_s_own_name_is_free() {
        check_siblings(TRANSPARENT);
    }

    #[test]
    #[should_panic(expected = "one is below a transparent command: `b`")]
    fn a_transparent_duplicate_is_found() {
        const TREE: &[CommandNode] = &[CommandNode::flatten(TRANSPARENT), CommandNode::command("b", &[])];
        check_siblings(TREE);
    }

    #[test]
    fn flattening_and_transparency_add_no_depth() {
        assert_eq!(depth(TRANSPARENT), (1, 2));
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
