//! What users type to manage telemetry.

use crate::declare::{CommandNode, NodeKind, Root};

/// What to type before the name of a management command: the program, and the names of commands or the flag. `None` if the
/// program has no management commands.
pub(crate) fn management(root: Root) -> Option<String> {
    let mut way = String::from(root.app.bin);
    if push_commands(root.commands, &mut way) {
        return Some(way);
    }
    let (flag, command) = root.flag?;
    way.push(' ');
    (flag.push_name)(command, &mut way).then_some(way)
}

/// Pushes the path to the management commands: its names, each after a space. False if there are none.
fn push_commands(nodes: &[CommandNode], way: &mut String) -> bool {
    if nodes.iter().any(|node| node.manages && node.is_command() && node.children.is_empty()) {
        return true;
    }
    for node in nodes {
        let before = way.len();
        if node.kind != NodeKind::Flatten {
            way.push(' ');
            way.push_str(node.name);
        }
        if push_commands(node.children, way) {
            return true;
        }
        way.truncate(before);
    }
    false
}
