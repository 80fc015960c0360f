//! For a hint to the author: the types that were asked for their command, but lack `#[telemetry_cli]`.
//!
//! Most of them hold only arguments. Only clap's matches tell that one of them holds commands.

use std::any::type_name;
use std::cell::RefCell;

use super::commands::CommandPath;

thread_local! {
    static ASKED: RefCell<Vec<(CommandPath, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// Notes that `T`, asked below `path`, is not a [`CommandTree`](super::CommandTree). Release builds note nothing.
pub(crate) fn note_uninstrumented<T: ?Sized>(path: CommandPath) {
    if cfg!(debug_assertions) {
        ASKED.with_borrow_mut(|asked| asked.push((path, type_name::<T>())));
    }
}

/// The types noted on this thread since the last call that may hold a command below `path`.
pub(crate) fn take_uninstrumented(path: CommandPath) -> Vec<&'static str> {
    let asked = ASKED.take();
    // The payload of a variant is asked at the variant's path. Of several fields, each is asked at a position of its own.
    let is_payload = asked.iter().any(|(at, _)| *at == path);
    asked.iter().filter(|(at, _)| !is_payload || *at == path).map(|(_, name)| *name).collect()
}
