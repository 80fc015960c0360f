//! Telemetry for clap CLIs: two attributes, and every run leaves exactly one event that cannot contain what the user typed.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

// Above: what happens in a run.
#[doc(hidden)]
#[allow(missing_docs)]
#[path = "private/mod.rs"]
pub mod __private;
mod consent;
mod delivery;
pub mod disclosure;
// Whoever fuzzes a program of theirs compiles us with `fuzzing`, too, and maybe without the feature.
#[cfg(all(fuzzing, feature = "otlp"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod manage;
mod run;
pub mod testing;

// In the middle: what is known and kept.
mod event;
mod queue;
mod wire;

// Below: constants and the machine.
#[allow(missing_docs)]
mod declare;
mod diagnostics;
mod environment;
#[allow(unsafe_code)]
mod sys;

pub use telemetry_macros::{ErrorClass, telemetry_cli, telemetry_main};

pub use crate::declare::{CommandTree, ErrorClass, ErrorClassName, TelemetryApp};
pub use crate::event::{CliCommandEvent, TaskStatus};
pub use crate::run::{emit_command_event, finish_before_exec, record_invocation_start};
