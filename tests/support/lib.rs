//! Shared by the tests and measurements.
//!
//! `build` builds programs with cargo, `program` runs one in an environment of its own, `process` handles one that keeps
//! running, and `shown` is what a user sees of it. `sink` is a receiver for events, and `request` reads what it received.
//! `random` and `scale` are for tests that try many cases, `wait` for events in other processes, and `skip` for what cannot
//! be tested on a machine. `locks` gives a program the locks of another file system. `python` finds a Python with the modules that a test needs.

mod build;
mod json;
#[cfg(target_os = "linux")]
mod locks;
mod process;
mod program;
mod python;
mod random;
mod request;
mod scale;
mod shown;
pub mod sink;
mod skip;
mod wait;

pub use build::{
    Built, aborting, build_dir, cargo, clis, compiled_out, delivering, examples, release_examples, release_examples_for,
};
pub use json::keys;
#[cfg(target_os = "linux")]
pub use locks::Locks;
pub use process::started;
#[cfg(unix)]
pub use process::{end_by, send};
pub use program::{Program, facts, names, run_by, run_in_shell};
pub use python::python;
pub use random::{Random, seed};
pub use scale::scaled;
pub use shown::Shown;
pub use sink::{Gate, Reply, Request, Sink};
pub use skip::skip;
pub use wait::{HANGS_AFTER, PROMPT, output_within, wait_at_most, wait_until};
