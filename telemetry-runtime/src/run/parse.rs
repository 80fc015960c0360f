//! clap's parsing functions, extended to record the parsed command.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command, CommandFactory, Parser};

use super::guard::guard;
use super::matched::path_of_matches;
use super::options;
use super::refused::{after_help, path_of_refused};
use super::state::Arguments;
use super::unrecorded::Entered;
use super::{begin, finish, has_begun, is_undecided, path_of, record_parsed, record_refused};
use crate::declare::{CommandPath, ErrorClass, Flag, GivenArgs, Root, TelemetryApp};
use crate::event::{Ending, Outcome};

/// [`Parser::parse`], recorded.
pub fn parse<C: Parser + TelemetryApp>() -> C {
    if cfg!(feature = "off") && flag::<C>().is_none() {
        return C::parse();
    }
    try_parse().unwrap_or_else(|error| end_refused(&error))
}

/// [`Parser::try_parse`], recorded.
///
/// # Errors
///
/// clap's.
pub fn try_parse<C: Parser + TelemetryApp>() -> Result<C, clap::Error> {
    let recorded = begin::<C>().then_some(Arguments::Own);
    parse_args(own_args(), recorded)
}

/// [`Parser::parse_from`], recorded if the run has begun.
///
/// Arguments other than the process's own do not begin a run, since tests parse such arguments too.
pub fn parse_from<C, I, T>(itr: I) -> C
where
    C: Parser + TelemetryApp,
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    if cfg!(feature = "off") && flag::<C>().is_none() {
        return C::parse_from(itr);
    }
    try_parse_from(itr).unwrap_or_else(|error| end_refused(&error))
}

/// [`Parser::try_parse_from`], recorded if the run has begun.
///
/// # Errors
///
/// clap's.
pub fn try_parse_from<C, I, T>(itr: I) -> Result<C, clap::Error>
where
    C: Parser + TelemetryApp,
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    if is_undecided() {
        // Probably a test.
        return C::try_parse_from(itr);
    }
    let recorded = has_begun().then_some(Arguments::Others);
    parse_args(itr.into_iter().map(Into::into).collect(), recorded)
}

/// [`clap::Command::get_matches`] of the command that `C` names, recorded.
pub fn get_matches<C: CommandFactory + TelemetryApp>() -> ArgMatches {
    if cfg!(feature = "off") {
        return C::command().get_matches();
    }
    try_get_matches::<C>().unwrap_or_else(|error| end_refused(&error))
}

/// [`clap::Command::try_get_matches`] of the command that `C` names, recorded.
///
/// # Errors
///
/// clap's.
pub fn try_get_matches<C: CommandFactory + TelemetryApp>() -> Result<ArgMatches, clap::Error> {
    let recorded = begin::<C>().then_some(Arguments::Own);
    let path = |matches: &ArgMatches| path_of_matches(Root::of::<C>().commands, matches);
    match_args::<C, _>(own_args(), recorded, |matches| Ok(std::mem::take(matches)), path)
}

/// The arguments of this process. `collect` would be four times the code.
fn own_args() -> Vec<OsString> {
    let mut args = Vec::new();
    for arg in std::env::args_os() {
        args.push(arg);
    }
    args
}

/// Parses the arguments. If they are to be recorded, records the command that the value holds.
fn parse_args<C: Parser + TelemetryApp>(args: Vec<OsString>, recorded: Option<Arguments>) -> Result<C, clap::Error> {
    // As `C::try_parse_from` does.
    let into_value =
        |matches: &mut ArgMatches| C::from_arg_matches_mut(matches).map_err(|error| error.format(&mut C::command()));
    match_args::<C, _>(args, recorded, into_value, path_of)
}

/// Has clap match the arguments, and makes a value of the matches. If the arguments are to be recorded, so is the command at
/// the value's path. If this fails, the path so far and the error's class are; the caller decides whether the run ends.
///
/// Recorded or not, the arguments go through the same instances of clap's generic functions: the program needs no others.
fn match_args<C: CommandFactory + TelemetryApp, V>(
    args: Vec<OsString>,
    recorded: Option<Arguments>,
    into_value: impl FnOnce(&mut ArgMatches) -> Result<V, clap::Error>,
    path: impl FnOnce(&V) -> CommandPath,
) -> Result<V, clap::Error> {
    let after_help = recorded.and_then(|_| after_help(&args));
    let mut command = C::command();
    let (mut entered, mut options) = (None, None);
    // The command is kept: it shows how far clap got.
    let parsed = matches::<C>(&mut command, args).and_then(|mut matches| {
        if recorded.is_some() {
            entered = Entered::of(Root::of::<C>(), &matches);
            options = options::given::<C>(&matches);
        }
        into_value(&mut matches)
    });
    let Some(arguments) = recorded else { return parsed };
    match &parsed {
        Ok(value) => {
            let path = || {
                let path = path(value);
                if let Some(entered) = &entered {
                    entered.compare(Root::of::<C>(), path);
                }
                path
            };
            record_parsed::<C>(path, options, arguments);
        }
        Err(error) => {
            let after_help = after_help.filter(|_| error.kind() == ErrorKind::DisplayHelp).unwrap_or_default();
            // Made in generic code: the program's crate knows how to drop a `Command` anyway.
            if let Some(fresh) = guard(C::command) {
                refused(Root::of::<C>(), &fresh, &mut command, &after_help, error);
            }
        }
    }
    parsed
}

/// The flag for managing telemetry, if the CLI has one. Not in unit tests of the author's crate: it ends the process.
const fn flag<C: TelemetryApp>() -> Option<Flag> {
    if C::APP.is_test { None } else { C::FLAG }
}

/// clap's matches. If the user asked to manage telemetry, does that instead, and ends the process as clap's `--version` does.
#[allow(clippy::exit)]
fn matches<C: TelemetryApp>(command: &mut Command, args: Vec<OsString>) -> Result<ArgMatches, clap::Error> {
    let Some(flag) = flag::<C>() else { return command.try_get_matches_from_mut(args) };
    let matches = command.try_get_matches_from_mut(args.clone());
    let given = GivenArgs { command, args: &args, matches: matches.as_ref().ok() };
    if let Some(exit_code) = (flag.answer)(Root::of::<C>(), &given) {
        std::process::exit(exit_code);
    }
    matches
}

/// Records a command line that clap refused: the path so far, and the class of the error.
fn refused(root: Root, fresh: &Command, parsed: &mut Command, after_help: &[OsString], error: &clap::Error) {
    let path = || path_of_refused(root.commands, fresh, parsed, after_help);
    record_refused(root, path, outcome(error));
}

/// Prints the error and exits, as clap does.
fn end_refused(error: &clap::Error) -> ! {
    // On platforms whose exit hooks do not see the exit code, this is the last chance to record it.
    finish(outcome(error));
    error.exit()
}

/// The outcome of a run that this error ends.
fn outcome(error: &clap::Error) -> Outcome {
    let (ending, error_class) = match error.kind() {
        ErrorKind::DisplayHelp => (Ending::Help, None),
        ErrorKind::DisplayVersion => (Ending::Version, None),
        _ => (Ending::Usage, Some(error.error_class())),
    };
    Outcome { error_class, ..Outcome::from_code(ending, error.exit_code()) }
}

/// Adds the parsing functions to a root. The macro's name appears in the compile error for a type that already has a
/// `parse`.
#[doc(hidden)]
#[macro_export]
macro_rules! parse_functions_unless_parse_is_false {
    ($($impl_of_root:tt)*) => {
        $($impl_of_root)* {
            /// Parses the arguments of this process as clap's `Parser::parse` does, and records the run.
            pub fn parse() -> Self {
                $crate::__private::parse::<Self>()
            }

            /// Parses the arguments of this process as clap's `Parser::try_parse` does, and records the run.
            ///
            /// # Errors
            ///
            /// clap's.
            pub fn try_parse() -> ::core::result::Result<Self, $crate::__private::clap::Error> {
                $crate::__private::try_parse::<Self>()
            }

            /// Parses `itr` as clap's `Parser::parse_from` does, and records the run if it has begun.
            pub fn parse_from<__I, __T>(itr: __I) -> Self
            where
                __I: ::core::iter::IntoIterator<Item = __T>,
                __T: ::core::convert::Into<::std::ffi::OsString> + ::core::clone::Clone,
            {
                $crate::__private::parse_from::<Self, __I, __T>(itr)
            }

            /// Parses `itr` as clap's `Parser::try_parse_from` does, and records the run if it has begun.
            ///
            /// # Errors
            ///
            /// clap's.
            pub fn try_parse_from<__I, __T>(itr: __I) -> ::core::result::Result<Self, $crate::__private::clap::Error>
            where
                __I: ::core::iter::IntoIterator<Item = __T>,
                __T: ::core::convert::Into<::std::ffi::OsString> + ::core::clone::Clone,
            {
                $crate::__private::try_parse_from::<Self, __I, __T>(itr)
            }
        }
    };
}

/// Adds the functions that match the arguments to a root without clap's derive. The macro's name appears in the compile
/// error for a type that already has a `get_matches`.
#[doc(hidden)]
#[macro_export]
macro_rules! matches_functions_unless_parse_is_false {
    ($($impl_of_root:tt)*) => {
        $($impl_of_root)* {
            /// Matches the arguments of this process as clap's `Command::get_matches` does, and records the run.
            pub fn get_matches() -> $crate::__private::clap::ArgMatches {
                $crate::__private::get_matches::<Self>()
            }

            /// Matches the arguments of this process as clap's `Command::try_get_matches` does, and records the run.
            ///
            /// # Errors
            ///
            /// clap's.
            pub fn try_get_matches()
            -> ::core::result::Result<$crate::__private::clap::ArgMatches, $crate::__private::clap::Error> {
                $crate::__private::try_get_matches::<Self>()
            }
        }
    };
}
