//! The recorded options that the user gave, as clap matched them.

use clap::ArgMatches;
use clap::parser::ValueSource;

use super::guard::guard;
use super::matched::path_of_matches;
use crate::declare::{Read, RecordedOption, RecordedOptions, Root, TelemetryApp, range_of};
use crate::event::{GivenOption, GivenOptions};

/// The options to record. A program that records none does not contain the code.
pub(super) fn given<C: TelemetryApp>(matches: &ArgMatches) -> Option<&'static GivenOptions> {
    if const { C::APP.details.has_options } { guard(|| read(Root::of::<C>(), matches)).flatten() } else { None }
}

/// Walks down the commands that `matches` hold. If a command and one above it record an option of the same name, the
/// command's own counts.
fn read(root: Root, matches: &ArgMatches) -> Option<&'static GivenOptions> {
    let mut given = Given { options: Vec::with_capacity(USUAL_MAX), clap_checks_ids: clap_checks_ids() };
    let mut level = matches;
    given.read(root.app.details.options, level);
    for node in path_of_matches(root.commands, matches).nodes(root.commands) {
        if node.is_command() {
            let Some((_, below)) = level.subcommand() else { break };
            level = below;
            given.read(node.options(), level);
        }
    }
    // A run lives as long as its process.
    (!given.options.is_empty()).then(|| &*Box::leak(Box::new(GivenOptions::new(given.options))))
}

/// Few command lines have more recorded options.
const USUAL_MAX: usize = 16;

/// Whether clap panics when it is asked for an argument that it does not know. It does if it was built with debug
/// assertions.
fn clap_checks_ids() -> bool {
    ArgMatches::default().try_contains_id("unknown").is_err()
}

struct Given {
    options: Vec<GivenOption>,
    clap_checks_ids: bool,
}

impl Given {
    /// Adds the options at one level.
    fn read(&mut self, options: RecordedOptions, matches: &ArgMatches) {
        let above = self.options.len();
        options.for_each(&mut |option| {
            let chosen = self.chosen(&option, matches);
            if chosen != 0 {
                let given = GivenOption::new(&option, chosen);
                match self.options.iter_mut().take(above).find(|above| above.key == option.key) {
                    Some(above) => *above = given,
                    None => self.options.push(given),
                }
            }
        });
    }

    /// The positions of the option's labels that apply; empty if the user did not give it. Defaults and variables do not count.
    fn chosen(&self, option: &RecordedOption, matches: &ArgMatches) -> u64 {
        let id = option.id;
        let is_unknown = self.clap_checks_ids && matches.try_contains_id(id).is_err();
        if is_unknown || matches.value_source(id) != Some(ValueSource::CommandLine) {
            return 0;
        }
        match option.read {
            Read::Given => 1,
            Read::Flag => 1 << usize::from(true),
            Read::Values(read) => read(matches, id),
            Read::Count(bounds) => {
                let count = matches.get_raw(id).map_or(0, |values| values.len());
                1 << range_of(u64::try_from(count).unwrap_or(u64::MAX), bounds)
            }
            Read::Number(bounds, read) => read(matches, id).map_or(0, |number| 1 << range_of(number, bounds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command};

    use super::*;
    use crate::declare::Key;

    /// clap is built with debug assertions here, and would panic.
    #[test]
    fn clap_is_not_asked_for_arguments_that_it_does_not_know() {
        const GONE: RecordedOption = RecordedOption::given("gone", Key::new(",\"gone\":"));
        const THERE: RecordedOption = RecordedOption::given("there", Key::new(",\"there\":"));
        const OPTIONS: RecordedOptions =
            RecordedOptions::new(&[GONE, THERE], &[], |each| [GONE, THERE].into_iter().for_each(each));
        assert!(clap_checks_ids());
        let there = Arg::new("there").long("there").action(ArgAction::SetTrue);
        let matches = Command::new("tool").arg(there).get_matches_from(["tool", "--there"]);
        let mut given = Given { options: Vec::new(), clap_checks_ids: clap_checks_ids() };
        given.read(OPTIONS, &matches);
        assert!(given.options.iter().map(|given| given.key.name()).eq(["there"]));
    }
}
