//! Finds the command path of a command line that clap refused.

use std::ffi::OsString;

use clap::Command;

use crate::declare::{CommandNode, CommandPath, find_listed};

/// The path through `commands` of a command line that clap rejected, or answered with its help or version.
///
/// While parsing, clap builds each subcommand it enters, which sets that command's `bin_name`. An author may set a
/// `bin_name` too, so the `parsed` command is compared with a `fresh` one. This way nothing is parsed twice, and the
/// program's value parsers do not run twice. Only names in the allowlist are kept, as positions; the first unknown name
/// ends the path.
///
/// `help remote add` is about `remote add`, like `remote add --help`, but clap does not enter `remote` for it.
/// `after_help` holds the arguments after the word `help`.
pub(super) fn path_of_refused(
    commands: &'static [CommandNode],
    fresh: &Command,
    parsed: &mut Command,
    after_help: &[OsString],
) -> CommandPath {
    let mut path = CommandPath::default();
    let (mut level, mut fresh, mut parsed) = (commands, Some(fresh), parsed);
    while let Some(name) = entered(fresh, parsed) {
        let Some(node) = find_listed(level, &name, &mut path) else { return path };
        let Some(entered) = parsed.find_subcommand_mut(&name) else { return path };
        fresh = fresh.and_then(|fresh| fresh.find_subcommand(&name));
        (level, parsed) = (node.children, entered);
    }
    for argument in after_help {
        // Clap builds what it enters, and a deferred subcommand does not exist before its command is built.
        parsed.build();
        let name =
            argument.to_str().and_then(|name| parsed.find_subcommand(name)).map(|named| named.get_name().to_owned());
        let Some(name) = name else { return path };
        let Some(node) = find_listed(level, &name, &mut path) else { return path };
        let Some(named) = parsed.find_subcommand_mut(&name) else { return path };
        (level, parsed) = (node.children, named);
    }
    path
}

/// The name of the subcommand of `parsed` that clap has entered, if exactly one was.
fn entered(fresh: Option<&Command>, parsed: &Command) -> Option<String> {
    let mut entered = parsed.get_subcommands().filter(|subcommand| {
        let before = fresh.and_then(|fresh| fresh.find_subcommand(subcommand.get_name()));
        subcommand.get_bin_name() != before.and_then(Command::get_bin_name)
    });
    match (entered.next(), entered.next()) {
        (Some(only), None) => Some(only.get_name().to_owned()),
        _ => None,
    }
}

/// The arguments after the word `help`, if there is one.
pub(super) fn after_help(args: &[OsString]) -> Option<Vec<OsString>> {
    let help = args.iter().position(|arg| arg == "help")?;
    args.get(help + 1..).map(<[OsString]>::to_vec)
}
