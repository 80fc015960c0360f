//! Records the command that clap's [`ArgMatches`] hold, for programs that have no derived value of it.

use clap::ArgMatches;

use super::matched::path_of_matches;
use super::options;
use super::state::Arguments;
use super::{begin, record_parsed};
use crate::declare::{Root, TelemetryApp};

/// Records the command that `matches` hold as the command of this run. Begins the run if
/// [`#[telemetry_main]`](crate::telemetry_main) has not.
///
/// For a program that calls the functions of [`clap::Command`] itself. Of `matches`, only the names of subcommands and the
/// options with `#[telemetry(record)]` are looked at, and what is recorded are the constants of `C` that equal them. A command that `C` does not have is
/// recorded as its parent. Only the first call has an effect.
///
/// This function never fails or panics, and does nothing when the run is not recorded.
///
/// ```
/// use clap::Command;
/// use telemetry_runtime::{record_matches, telemetry_cli};
///
/// #[telemetry_cli(app = "tool", command = cli(), commands("build", "remote"("add", "remove")))]
/// struct Tool;
///
/// fn cli() -> Command {
///     let remote = Command::new("remote").subcommands([Command::new("add"), Command::new("remove")]);
///     Command::new("tool").subcommands([Command::new("build"), remote])
/// }
///
/// let matches = cli().get_matches_from(["tool", "remote", "add"]);
/// record_matches::<Tool>(&matches);
/// ```
pub fn record_matches<C: TelemetryApp>(matches: &ArgMatches) {
    if begin::<C>() {
        record_parsed::<C>(
            || path_of_matches(Root::of::<C>().commands, matches),
            options::given::<C>(matches),
            Arguments::Own,
        );
    }
}
