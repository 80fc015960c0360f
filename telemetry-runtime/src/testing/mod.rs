//! Assertions for your CLI's tests. Add three tests:
//!
//! | function | fails when |
//! |---|---|
//! | [`assert_allowlist`] | the allowlist differs from clap's command tree |
//! | [`assert_disclosure`] | what can be collected differs from the lock file under version control |
//! | [`assert_no_leak`] | an event of a real run contains user input, or anything that is not disclosed |

mod allowlist;
mod binary;
mod command_lines;
mod exceptions;
mod home;
mod leak;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clap::CommandFactory;

pub use self::binary::build_binary;
pub use self::leak::{assert_no_leak, assert_no_leak_except};
use crate::declare::{CommandTree, Root, TelemetryApp};
use crate::disclosure::{Disclosure, Lock};

/// Checks that the allowlist equals clap's command tree, in names and structure, at every depth. The names of recorded
/// options and of their values are compared, too.
///
/// The counterpart of clap's `Command::debug_assert`. The two differ when commands are added where no macro can see
/// them: in hand-written `Subcommand` or `Args` implementations, or by changes to the `Command`. Without clap's derive,
/// it is the list in the key `commands` that is compared. A [`TelemetryFlag`] in such a place
/// is reported too, since nothing would answer it.
///
/// [`TelemetryFlag`]: crate::manage::TelemetryFlag
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
/// When they differ, with one line per difference.
#[track_caller]
pub fn assert_allowlist<C: CommandTree + CommandFactory>() {
    let differences = allowlist::differences(C::COMMANDS, C::OPTIONS, C::FLAG.is_some(), C::command());
    assert!(differences.is_empty(), "the allowlist differs from clap's command tree:\n  {}", differences.join("\n  "));
}

/// Checks that what can be collected matches the lock file: commands, error classes, fields and destinations.
///
/// Keep the file under version control, so that nobody widens what is collected without it showing in a diff. `path` is
/// relative to the folder of the package's `Cargo.toml`. With `TELEMETRY_DISCLOSURE=overwrite` in the environment, the
/// file is written instead of checked.
///
/// ```no_run
/// # use clap::Parser;
/// # use telemetry_runtime::telemetry_cli;
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # enum Cli { Build }
/// #[test]
/// fn the_disclosure_is_reviewed() {
///     telemetry_runtime::testing::assert_disclosure::<Cli>("telemetry.lock.json");
/// }
/// # fn main() {}
/// ```
///
/// The classes of main's errors are checked only as far as the root knows them: through `#[telemetry_cli(errors(..))]`,
/// or because they are std's or clap's.
///
/// # Panics
///
/// When they differ, with one line per difference, which says whether users will be asked again. Also when the file is
/// missing, or cannot be read or written.
#[allow(clippy::panic)]
#[track_caller]
pub fn assert_disclosure<C: TelemetryApp>(path: impl AsRef<Path>) {
    let path = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(path);
    let current = Lock::of(&Disclosure::of(Root::of::<C>()));
    let checked = if env::var_os("TELEMETRY_DISCLOSURE").is_some_and(|value| value == "overwrite") {
        fs::write(&path, current.to_json()).map_err(|error| error.to_string())
    } else {
        compare(&current, fs::read_to_string(&path))
    };
    if let Err(problem) = checked {
        let path = path.display();
        panic!(
            "{path}: {problem}\nRun the test with TELEMETRY_DISCLOSURE=overwrite to write it, and review the change."
        );
    }
}

fn compare(current: &Lock, read: io::Result<String>) -> Result<(), String> {
    let text = read.map_err(|error| error.to_string())?;
    let earlier = Lock::parse(&text).ok_or("not a disclosure")?;
    let changes = current.changes_since(&earlier);
    if changes.is_empty() {
        return Ok(());
    }
    Err(format!("what can be collected has changed:\n  {}", changes.join("\n  ")))
}
