//! The recorded options that the user gave, as clap matched them.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::guard::guard;
use super::matched::path_of_matches;
use crate::declare::{OptionNode, Read, RecordedOption, Root, TelemetryApp};
use crate::event::{GivenOption, GivenOptions};

/// The options to record. A program that records none does not contain the code.
pub(super) fn given<C: TelemetryApp>(matches: &ArgMatches) -> Option<&'static GivenOptions> {
    if const { C::APP.details.has_options } { guard(|| read(Root::of::<C>(), matches)).flatten() } else { None }
}

/// Walks down the commands that `matches` hold. If a command and one above it record an option of the same name, the
/// command's own counts.
fn read(root: Root, matches: &ArgMatches) -> Option<&'static GivenOptions> {
    let mut given = Vec::new();
    let mut level = matches;
    read_level(root.app.details.options, level, &mut given);
    for node in path_of_matches(root.commands, matches).nodes(root.commands) {
        if node.is_command() {
            let Some((_, below)) = level.subcommand() else { break };
            level = below;
            read_level(node.options(), level, &mut given);
        }
    }
    // A run lives as long as its process.
    (!given.is_empty()).then(|| &*Box::leak(Box::new(GivenOptions::new(given))))
}

fn read_level(nodes: &'static [OptionNode], matches: &ArgMatches, given: &mut Vec<GivenOption>) {
    OptionNode::for_each(nodes, &mut |option| {
        let labels = labels(option, matches);
        if labels != 0 {
            given.retain(|above| above.option.key != option.key);
            given.push(GivenOption { option, labels });
        }
    });
}

/// The set of the option's labels; empty if the user did not give it. Defaults and variables do not count.
fn labels(option: &RecordedOption, matches: &ArgMatches) -> u64 {
    // clap panics if it is asked for the source of an argument that it does not know here.
    let is_given = matches.try_contains_id(option.id).is_ok_and(|contains| contains)
        && matches.value_source(option.id) == Some(ValueSource::CommandLine);
    if !is_given {
        return 0;
    }
    let bit = |position: usize| 1 << position;
    match option.read {
        Read::Given => bit(0),
        Read::Values(read) => read(matches, option.id),
        Read::Count(buckets) => {
            let count = matches.get_raw(option.id).map_or(0, Iterator::count);
            bit(buckets.position(u64::try_from(count).unwrap_or(u64::MAX)))
        }
        Read::Number(buckets, read) => read(matches, option.id).map_or(0, |number| bit(buckets.position(number))),
    }
}
