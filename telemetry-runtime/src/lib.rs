//! Telemetry for clap CLIs. Add two attributes, and every run leaves exactly one event, which cannot contain anything
//! the user typed.
//!
//! ```no_run
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
//! Nothing is recorded before the user agrees. An event is one line in a file that only the user can read: the
//! command's names, how the run ended and how long it took. Another process delivers it later to the endpoint the
//! author declared. Without an endpoint it stays on the machine.
//!
//! # Where to look
//!
//! | item | what it is for |
//! |---|---|
//! | [`telemetry_cli`](macro@telemetry_cli) | on clap's derive types: the command names that may be recorded, and the configuration keys |
//! | [`telemetry_main`](macro@telemetry_main) | on `fn main`: records how the run ends |
//! | [`ErrorClass`](derive@ErrorClass) | on error types: the error classes that may be recorded |
//! | [`manage`] | commands for users to decide and inspect: `telemetry status`, `enable`, `disable`, …, or `--telemetry status` |
//! | [`disclosure`] | everything that can be collected, as JSON Schema and as text |
//! | [`CliCommandEvent`] | the event of this run |
//! | [`record_invocation_start`], [`record_matches`] | for a program that parses with clap's own functions |
//! | [`emit_command_event`] | for a `main` without the macro |
//! | [`exit`] | instead of `std::process::exit`, for systems other than Linux with glibc |
//! | `testing` | three tests for your CLI; needs the feature `testing` |
//!
//! # Features
//!
//! None is on by default. Without `http` or `otlp`, the program contains no network code.
//!
//! | feature | what it adds |
//! |---|---|
//! | `http` | delivery over HTTPS, in the JSON envelope of NVIDIA's NeMo Agent Toolkit |
//! | `otlp` | delivery to an OpenTelemetry collector as well |
//! | `exit-code` | the exit code of `std::process::exit` on systems that do not tell it: see [`exit`] |
//! | `html` | `show --html` of the [management commands](manage): a page of what is queued and what was sent |
//! | `testing` | the module `testing`; turn it on in `[dev-dependencies]` |
//! | `off` | nothing: keeps the interface and compiles telemetry out, for distributors |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]
#![deny(unsafe_code)]
// Tests run on the maintainers' toolchain, not on the MSRV.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::incompatible_msrv))]

// Top floor: what happens during a run. Modules import from their own floor and from the floors below.
#[doc(hidden)]
#[allow(missing_docs)]
#[path = "private/mod.rs"]
pub mod __private;
mod consent;
mod delivery;
pub mod disclosure;
// Users who fuzz their own program set `--cfg fuzzing` for this crate as well, possibly without the feature.
#[cfg(all(fuzzing, feature = "otlp"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod manage;
mod run;
mod screen;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;

// Middle floor: the data, and where it is kept.
mod event;
mod queue;
mod wire;

// Bottom floor: constants and the platform.
#[allow(missing_docs)]
mod declare;
mod diagnostics;
mod environment;
mod json;
#[allow(unsafe_code)]
mod sys;
mod text;

pub use telemetry_macros::{ErrorClass, Fact, Phase, telemetry_cli, telemetry_main};

pub use crate::declare::{
    ClosedSet, CommandTree, ErrorClass, ErrorClassName, Fact, Phase, RecordsFact, TelemetryApp, TimesPhase,
};
pub use crate::event::{CliCommandEvent, TaskStatus};
pub use crate::run::{
    NoteError, emit_command_event, exit, finish_before_exec, note_error, record_invocation_start, record_matches,
    skip_run,
};

/// Compiles the README's examples.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
