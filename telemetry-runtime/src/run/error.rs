//! Finds the class of a type-erased error, and notes errors for programs that print and exit themselves.

use std::error::Error;

use super::{current, guard::guard, listed_errors};
use crate::declare::{ErrorClassName, ListedError, STANDARD};
use crate::disclosure;

/// The maximum number of sources to follow: a longer chain is probably a cycle.
const SOURCES_MAX: usize = 32;

/// The class of the outermost error in the chain whose type is listed or is one of std's or clap's. `None` if there is
/// none.
fn listed_class(error: &(dyn Error + 'static), listed: &[ListedError]) -> Option<ErrorClassName> {
    let of_types = || listed.iter().chain(listed_errors()).map(|listed| listed.class_of);
    std::iter::successors(Some(error), |&error| error.source())
        .take(SOURCES_MAX)
        .find_map(|error| of_types().chain(STANDARD.iter().copied()).find_map(|class_of| class_of(error)))
}

/// Like [`listed_class`], but `Error` if there is none.
pub(crate) fn class_along_sources(error: &(dyn Error + 'static), listed: &[ListedError]) -> ErrorClassName {
    listed_class(error, listed).unwrap_or(ErrorClassName::ERROR)
}

/// Notes the error that is about to end the run, for programs that print their errors and exit themselves.
///
/// If the run then fails, its event carries the class of the last noted error. That is the class of the outermost error
/// in its chain of sources whose type is listed in `errors(..)` of the root or of main, or is one of std's or clap's;
/// `Error` if there is none. The error's message is never read. A run that succeeds carries no class.
///
/// `error` can be any error type, or a type-erased one: `anyhow::Error`, `eyre::Report`, `miette::Report`, `Box<dyn
/// Error>`.
///
/// This function never fails or panics, and does nothing when the run is not recorded.
///
/// ```no_run
/// # use clap::Parser;
/// # use telemetry_runtime::{telemetry_cli, telemetry_main};
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # struct Cli {}
/// # fn run(_cli: Cli) -> Result<(), Box<dyn std::error::Error>> { Ok(()) }
/// #[telemetry_main]
/// fn main(cli: Cli) {
///     if let Err(error) = run(cli) {
///         telemetry_runtime::note_error(&error);
///         eprintln!("error: {error}");
///         std::process::exit(1);
///     }
/// }
/// ```
pub fn note_error<E: NoteError<Kind> + ?Sized, Kind>(error: &E) {
    if let Some(run) = current() {
        guard(|| {
            let class = listed_class(error.as_error(), disclosure::main_errors());
            if class.is_none() {
                run.report(format_args!(
                    "the noted error has no class: list its type in `errors(..)` of `#[telemetry_cli]`"
                ));
            }
            run.note_error(class.unwrap_or(ErrorClassName::ERROR));
        });
    }
}

/// The types that [`note_error`] accepts: errors, and types that hide an error.
///
/// The compiler infers `Kind`, which keeps the implementations from overlapping. The trait cannot be implemented
/// outside this crate, because no kind can be named there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an error",
    label = "expected an error type, or one that hides an error, such as `anyhow::Error` or `Box<dyn Error>`"
)]
pub trait NoteError<Kind> {
    #[doc(hidden)]
    fn as_error(&self) -> &(dyn Error + 'static);
}

/// The kind of types that implement `Error`.
#[derive(Debug)]
pub struct Typed(());

impl<E: Error + 'static> NoteError<Typed> for E {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

/// The kind of types that hide an error behind `AsRef<dyn Error>`.
#[derive(Debug)]
pub struct Hidden(());

impl<E: AsRef<dyn Error + 'static> + ?Sized> NoteError<Hidden> for E {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self.as_ref()
    }
}

/// The kind of std's `dyn Error` types that the two above do not cover.
#[derive(Debug)]
pub struct Dynamic(());

impl NoteError<Dynamic> for dyn Error + 'static {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl NoteError<Dynamic> for dyn Error + Send + Sync + 'static {
    fn as_error(&self) -> &(dyn Error + 'static) {
        self
    }
}

impl NoteError<Dynamic> for Box<dyn Error + Send + Sync> {
    fn as_error(&self) -> &(dyn Error + 'static) {
        &**self
    }
}
