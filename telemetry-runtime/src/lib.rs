//! Telemetry for clap CLIs: two attributes, and every run leaves exactly one event that cannot contain what the user typed.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]
#![deny(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

#[doc(hidden)]
#[allow(missing_docs)]
#[path = "private.rs"]
pub mod __private;
mod allowlist;
mod app;
mod check;
mod clock;
mod commands;
mod consent;
mod delivery;
pub mod disclosure;
#[allow(unsafe_code)]
mod ending;
mod error_class;
mod event;
mod files;
mod flat_json;
// Whoever fuzzes a program of theirs compiles us with `fuzzing`, too, and maybe without the feature.
#[cfg(all(fuzzing, feature = "otlp"))]
#[doc(hidden)]
pub mod fuzzing;
mod guard;
mod identity;
mod invocation;
mod main_wrapper;
pub mod manage;
mod parse;
// Named by generated code only.
#[allow(missing_docs)]
mod probe;
mod queue;
mod settings;
mod sink;
pub mod testing;
mod timestamp;
mod wire;

pub use telemetry_macros::{ErrorClass, telemetry_cli, telemetry_main};

pub use crate::app::{App, ConsentMode, Envelope, Protocol, TelemetryApp};
pub use crate::commands::{CommandNode, CommandPath, CommandTree, EXTERNAL, MAX_DEPTH};
pub use crate::error_class::{ClassNode, ErrorClass, ErrorClassName};
pub use crate::event::{CliCommandEvent, TaskStatus};
pub use crate::invocation::{emit_command_event, finish_before_exec, record_invocation_start};
