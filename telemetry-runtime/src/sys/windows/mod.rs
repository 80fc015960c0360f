//! Windows: exits, console events, detached processes and what files need. (`portable` covers the rest.)
//!
//! These endings are not noticed:
//!
//! - `std::process::exit`, unless the feature `exit-code` is on: it calls `ExitProcess`, which runs no exit handler,
//! - `TerminateProcess` (the task manager), a crash, `abort`, stack overflow, running out of memory, power loss,
//! - a panic that cannot unwind in a program whose other panics do,
//! - a console event that an earlier handler of the program has handled.

mod console;
mod exit;
pub(super) mod files;
mod process;
pub(crate) mod terminal;
mod time_zone;

#[cfg(feature = "http")]
pub(crate) use self::process::{kill_this_process, start_detached};
pub(crate) use self::time_zone::utc_offset_secs;

/// The exit code of an abort: `STATUS_STACK_BUFFER_OVERRUN`, which stands for any call of `__fastfail`. No signal
/// reports an abort here.
pub(crate) const UNSIGNALED_ABORT: Option<i32> = Some(0xC000_0409_u32 as i32);

/// The exit codes that a parent can see: 32 bits.
pub(crate) const EXIT_CODES: std::ops::RangeInclusive<i32> = i32::MIN..=i32::MAX;

/// What a parent sees of an exit code.
pub(crate) fn visible_exit_code(code: i32) -> i32 {
    code
}

/// Installs the exit hook and the handler of console events.
pub(crate) fn watch_endings() {
    exit::watch();
    console::watch();
}
