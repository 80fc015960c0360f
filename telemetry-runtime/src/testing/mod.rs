//! For the tests of a CLI's author.

use clap::CommandFactory;

use crate::allowlist;
use crate::commands::CommandTree;

/// Checks that the allowlist equals the commands clap has, names and shape, at every depth.
///
/// The counterpart of clap's `Command::debug_assert`. They differ when commands are added where no macro can see them:
/// by hand-written `Subcommand` or `Args` implementations, or by changes to the `Command`.
///
/// ```
/// use clap::Parser;
/// use telemetry_runtime::telemetry_cli;
///
/// #[telemetry_cli]
/// #[derive(Parser)]
/// enum Cli {
///     Build,
///     Test,
/// }
///
/// telemetry_runtime::testing::assert_allowlist::<Cli>();
/// ```
///
/// # Panics
///
/// When they differ, with one line a difference.
#[track_caller]
pub fn assert_allowlist<C: CommandTree + CommandFactory>() {
    let differences = allowlist::differences(C::COMMANDS, &C::command());
    assert!(differences.is_empty(), "the allowlist differs from clap's commands:\n  {}", differences.join("\n  "));
}
