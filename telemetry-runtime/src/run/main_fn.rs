//! The wrapper that [`#[telemetry_main]`](crate::telemetry_main) puts around `fn main`: records how main ends.

use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::{ExitCode, Termination};
use std::thread;

use clap::Parser;

use super::guard::guard;
use super::{begin, broken_pipe, finish_main, parse};
use crate::declare::{ErrorClassName, MainErrors, Root, TelemetryApp};
use crate::event::{Ending, Outcome};
use crate::{delivery, disclosure};

/// Main's return type, before main has run. Generated code uses it to find the classes of main's errors.
#[derive(Debug)]
pub struct Returned<R>(PhantomData<fn() -> R>);

/// Runs a main that takes the parsed command line as its argument.
pub fn run<C: Parser + TelemetryApp, R: Termination>(
    main: impl FnOnce(C) -> R,
    class: impl FnOnce(&R) -> Option<ErrorClassName>,
    errors: impl FnOnce(Returned<R>) -> MainErrors,
) -> ExitCode {
    if cfg!(feature = "off") {
        return __rust_begin_short_backtrace(|| main(C::parse())).report();
    }
    if let Some(work) = delivery::worker_if_asked(Root::of::<C>().app) {
        return guard(work).unwrap_or(ExitCode::SUCCESS);
    }
    disclosure::know_main_errors(errors(Returned(PhantomData)));
    end(begin::<C>(), || main(parse()), class)
}

/// Runs a main that parses the command line itself.
pub fn run_unparsed<C: TelemetryApp, R: Termination>(
    main: impl FnOnce() -> R,
    class: impl FnOnce(&R) -> Option<ErrorClassName>,
    errors: impl FnOnce(Returned<R>) -> MainErrors,
) -> ExitCode {
    if cfg!(feature = "off") {
        return __rust_begin_short_backtrace(main).report();
    }
    if let Some(work) = delivery::worker_if_asked(Root::of::<C>().app) {
        return guard(work).unwrap_or(ExitCode::SUCCESS);
    }
    disclosure::know_main_errors(errors(Returned(PhantomData)));
    end(begin::<C>(), main, class)
}

/// Runs main and records how it ended, as Rust's own runtime would report it to the parent process.
fn end<R: Termination>(
    recorded: bool,
    main: impl FnOnce() -> R,
    class: impl FnOnce(&R) -> Option<ErrorClassName>,
) -> ExitCode {
    if !recorded {
        return __rust_begin_short_backtrace(main).report();
    }
    // `report` may run user code (`Debug`), so it is caught too.
    ended(catch_unwind(AssertUnwindSafe(|| {
        let result = __rust_begin_short_backtrace(main);
        let error_class = guard(|| class(&result)).flatten();
        (error_class, result.report())
    })))
}

/// Records how `main` has ended: with an exit code, or with a panic, which is resumed.
fn ended(main: thread::Result<(Option<ErrorClassName>, ExitCode)>) -> ExitCode {
    match main {
        Ok((error_class, code)) => {
            let ending = if error_class.is_some() { Ending::Error } else { Ending::Return };
            let outcome =
                code_of(code).map_or(Outcome::unknown(ending), |exit_code| Outcome::from_code(ending, exit_code));
            finish_main(Outcome { error_class, ..outcome });
            code
        }
        Err(payload) => {
            broken_pipe::note_panic(&*payload);
            finish_main(Outcome::panic(101, broken_pipe::class_of_last_panic()));
            resume_unwind(payload);
        }
    }
}

/// Calls main. Backtraces stop at a function with this name, so a panic's backtrace is the same as without the wrapper.
#[inline(never)]
fn __rust_begin_short_backtrace<R>(main: impl FnOnce() -> R) -> R {
    let result = main();
    // Prevents a tail call, which would remove this frame.
    std::hint::black_box(());
    result
}

/// The number in an exit code. `ExitCode` has no getter, but can be compared.
fn code_of(code: ExitCode) -> Option<i32> {
    (0..=u8::MAX).find(|&number| ExitCode::from(number) == code).map(i32::from)
}
