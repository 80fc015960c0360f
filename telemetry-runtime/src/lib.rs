//! Telemetry for clap CLIs: two attributes, and every run leaves exactly one event that cannot contain what the user typed.
//!
//! ```
//! use std::path::PathBuf;
//!
//! use clap::{Parser, Subcommand};
//! use telemetry_runtime::{telemetry_cli, telemetry_main};
//!
//! #[telemetry_cli]
//! #[derive(Parser)]
//! enum Cli {
//!     /// Run a workflow
//!     Run { config: PathBuf },
//!     #[command(subcommand)]
//!     Info(Info),
//! }
//!
//! #[telemetry_cli]
//! #[derive(Subcommand)]
//! enum Info {
//!     ListComponents,
//!     ListChannels,
//! }
//!
//! # #[allow(dead_code)]
//! #[telemetry_main]
//! fn main(cli: Cli) -> std::io::Result<()> {
//!     match cli {
//!         Cli::Run { config } => println!("running {}", std::fs::read_to_string(config)?),
//!         Cli::Info(_) => println!("nothing is installed"),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Nothing is recorded before the user has agreed. An event is one line in a file that only the user can read: the command's
//! names, how the run ended and how long it took. It is delivered later, by another process, to the endpoint that the author
//! has declared; without one it stays where it is.
//!
//! # Where to look
//!
//! | item | what it is for |
//! |---|---|
//! | [`telemetry_cli`](macro@telemetry_cli) | on clap's derive types: names that may be recorded, and the keys of a CLI |
//! | [`telemetry_main`](macro@telemetry_main) | on `fn main`: records how the run ends |
//! | [`ErrorClass`](derive@ErrorClass) | on error types: classes that may be recorded |
//! | [`manage`] | the commands by which users decide and look: `telemetry status`, `enable`, `disable`, … |
//! | [`disclosure`] | what can be collected, as JSON Schema and as text |
//! | [`CliCommandEvent`] | the event of this run |
//! | [`record_invocation_start`], [`emit_command_event`] | for a main without the macro |
//! | `testing` | three tests for the CLI of an author, with feature `testing` |
//!
//! # Features
//!
//! None is on by default: without one, no network code is in the program.
//!
//! | feature | what it adds |
//! |---|---|
//! | `http` | delivery by HTTPS, in the JSON envelope of NVIDIA's NeMo Agent Toolkit |
//! | `otlp` | delivery to an OpenTelemetry collector, too |
//! | `testing` | the module `testing`; turn it on in `[dev-dependencies]` |
//! | `off` | nothing: the same interface, compiled to nothing, for distributors |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]
#![deny(unsafe_code)]
// Tests run on the Rust of maintainers.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::incompatible_msrv))]

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
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
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
pub use crate::run::{
    NoteError, emit_command_event, finish_before_exec, note_error, record_invocation_start, skip_run,
};

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
