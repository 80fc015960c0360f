//! The command that clap's [`ArgMatches`] hold.

use clap::ArgMatches;

use crate::declare::{CommandNode, CommandPath, find_external, find_listed, find_unlisted};

/// The path through `commands` of a command line that clap accepted. An alias or an abbreviation is no issue: clap gives
/// the name of the command.
pub(super) fn path_of_matches(commands: &'static [CommandNode], matches: &ArgMatches) -> CommandPath {
    let mut path = CommandPath::default();
    let (mut level, mut matches) = (commands, matches);
    while let Some((name, below)) = matches.subcommand() {
        let found =
            if is_external(below) { find_external(level, &mut path) } else { find_listed(level, name, &mut path) };
        let Some(node) = found else {
            find_unlisted(level, &mut path);
            break;
        };
        (level, matches) = (node.children, below);
    }
    path
}

/// Whether these are the matches of an external subcommand: clap keeps its arguments under an empty id.
fn is_external(matches: &ArgMatches) -> bool {
    matches.try_contains_id("").is_ok_and(|contains| contains)
}

#[cfg(test)]
mod tests {
    use std::iter;

    use clap::Command;

    use super::*;

    const COMMANDS: &[CommandNode] = &[
        CommandNode::command("build", &[]),
        CommandNode::flatten(&[CommandNode::command("remote", &[CommandNode::command("add", &[])])]),
        CommandNode::opaque("plugin"),
        CommandNode::unlisted(),
        CommandNode::unlisted().no_prompt(),
        CommandNode::unlisted().skipped(),
        CommandNode::external(),
    ];

    fn cli() -> Command {
        let remote = Command::new("remote").alias("r").subcommands(["add", "not-listed"].map(Command::new));
        let plugin = Command::new("plugin").subcommand(Command::new("below"));
        Command::new("tool")
            .infer_subcommands(true)
            .subcommand_negates_reqs(true)
            .allow_external_subcommands(true)
            .subcommands([Command::new("build"), remote, plugin, Command::new("not-listed")])
    }

    fn nodes(args: &[&str]) -> Vec<&'static CommandNode> {
        let matches = cli().get_matches_from([&["tool"], args].concat());
        path_of_matches(COMMANDS, &matches).nodes(COMMANDS).collect()
    }

    fn names(args: &[&str]) -> Vec<&'static str> {
        nodes(args).into_iter().filter_map(CommandNode::recorded_name).collect()
    }

    #[test]
    fn what_clap_matched_is_found_by_its_name() {
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&["build"]), ["build"]);
        assert_eq!(names(&["bui"]), ["build"]);
        assert_eq!(names(&["r", "add"]), ["remote", "add"]);
        assert_eq!(names(&["remote", "not-listed"]), ["remote"]);
        assert_eq!(names(&["plugin", "below"]), ["plugin"]);
    }

    /// All command lines of up to three words.
    fn lines() -> Vec<Vec<&'static str>> {
        const WORDS: [&str; 12] = [
            "build",
            "bui",
            "remote",
            "r",
            "add",
            "not-listed",
            "plugin",
            "below",
            "deploy",
            "external",
            "help",
            "--bogus",
        ];
        let longer = |line: &Vec<&'static str>| WORDS.map(|word| [&line[..], &[word]].concat());
        let mut all = vec![Vec::new()];
        let mut longest = all.clone();
        for _ in 0..3 {
            longest = longest.iter().flat_map(longer).collect();
            all.extend_from_slice(&longest);
        }
        all
    }

    /// Of the names that clap matched, those are recorded that are in the tree, up to the first that is not.
    #[test]
    fn whatever_the_command_line_only_constants_are_recorded() {
        const LISTED: [&str; 4] = ["build", "remote", "remote add", "plugin"];
        let mut matched = 0;
        for line in lines() {
            let Ok(matches) = cli().try_get_matches_from([&["tool"], &line[..]].concat()) else { continue };
            matched += 1;
            let chain = iter::successors(matches.subcommand(), |(_, below)| below.subcommand());
            let chain: Vec<&str> = chain.map(|(name, _)| name).collect();
            let is_external = chain.first().is_some_and(|name| cli().find_subcommand(name).is_none());
            let is_listed = |len: &usize| LISTED.contains(&&*chain[..*len].join(" "));
            let listed = (1..=chain.len()).take_while(is_listed).count();
            let expected = if is_external { &["external"] } else { &chain[..listed] };
            assert_eq!(names(&line), expected, "{line:?}");
        }
        assert!(matched > 300, "only {matched} command lines were accepted");
    }

    /// A defined command that is not listed is not external, and if some of them are not to be recorded, none is.
    #[test]
    fn external_and_unlisted_commands_are_told_apart() {
        assert_eq!(names(&["deploy"]), ["external"]);
        assert_eq!(names(&["deploy", "build"]), ["external"]);
        assert_eq!(names(&["not-listed"]), [""; 0]);
        assert!(nodes(&["not-listed"]).iter().all(|node| node.skip));
        assert_eq!(nodes(&["not-listed"]).len(), 1);
    }
}
