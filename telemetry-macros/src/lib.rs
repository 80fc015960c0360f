//! The macros of `telemetry-runtime`. Depend on that crate, which re-exports them: generated code names its items.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod cli;
mod ctxt;
mod error_class;
mod fact;
mod generated;
mod generics;
mod keys;
mod main_fn;
#[cfg(test)]
mod robustness;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Records which subcommand of a clap type a run chose.
///
/// Put it on the root of the CLI, above `#[derive(Parser)]`; on every `Subcommand` enum below it; and on every `Args` struct
/// that holds a subcommand. [A CLI without clap's derive](#without-claps-derive) has it on one struct.
///
/// ```
/// use std::path::PathBuf;
///
/// use clap::{Parser, Subcommand};
/// use telemetry_runtime::telemetry_cli;
///
/// #[telemetry_cli(purpose = "To learn which commands are worth our time")]
/// #[derive(Parser)]
/// #[command(version)]
/// enum Cli {
///     /// Run a workflow
///     Run { config: PathBuf },
///     /// Look at what is installed
///     #[command(subcommand)]
///     Info(Info),
///     /// Not recorded
///     #[telemetry(skip)]
///     Login { token: String },
/// }
///
/// #[telemetry_cli]
/// #[derive(Subcommand)]
/// enum Info {
///     ListComponents,
///     ListChannels,
/// }
/// # telemetry_runtime::testing::assert_allowlist::<Cli>();
/// ```
///
/// Commands are recorded under clap's names: `rename_all`, `name`, `id`, `flatten`, `external_subcommand` and `skip` have
/// clap's meaning, and a name may be any constant expression.
///
/// # Keys of the root
///
/// The root gets `impl TelemetryApp`. If it derives `Parser`, it also gets its own `parse`, `try_parse`, `parse_from` and
/// `try_parse_from`, which `Cli::parse()` and the like then call. They do what clap's functions of these names do, and record
/// the run. The last two record only in a run that has begun, as in `#[telemetry_main]`.
///
/// | key | value | default |
/// |---|---|---|
/// | `app` | `"name"` of the app: its directories on disk, and the service name in OTLP | `bin` |
/// | `bin` | `"name"` of the executable | the binary's name, where the type is part of a binary; else the package's name |
/// | `version` | text: the version that events carry | clap's `version = ".."` on the root, if it is a literal or a macro such as `concat!`; else the package's version |
/// | `env` | `"PREFIX"` of the environment variables, as in `PREFIX_TELEMETRY_ENABLED` | `app` in upper snake case |
/// | `endpoint` | text: the URL to which events are delivered, `https://`, or `http://` to a loopback address. Requires the feature `http` or `otlp` | none: events are not delivered |
/// | `protocol` | `"nemo"`, or `"otlp"`, which requires the feature `otlp`; with that feature, `endpoint` needs this key | `"nemo"` |
/// | `headers` | `{ "name" = text, .. }`: HTTP headers of every delivery | none |
/// | `otel_env` | flag: `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS` and their variants for traces override `endpoint` and `headers`. Requires the feature `otlp` | off |
/// | `interval` | `"90s"`, `"30m"`, `"1h"` or `"1d"`: the time between two deliveries, at least one minute | `"1h"` |
/// | `consent` | `"ask"`: ask once, on a terminal; `"opt-in"`: never ask, and record nothing until the user enables it; `"opt-out"`: say so once, and record from the next run on | `"ask"` |
/// | `purpose` | text: why you collect events, shown to the user | |
/// | `contact` | text: whom users can ask | |
/// | `privacy_url` | text: the URL of your privacy statement | |
/// | `errors` | `(MyError, other::Error)`: error types to look for behind `anyhow::Error` and the like, and to list in the disclosure | those of std and clap |
/// | `facts` | `(Cache, FilesScanned)`: the facts that may be recorded. The root gets a function `record` | none |
/// | `phases` | `(Step)`: the phases whose time may be recorded. The root gets a function `time` | none |
/// | `context` | `(agent, interactive, ci_vendor, libc, channel = option_env!(".."))`, or some of these: circumstances to record | none |
/// | `actives` | flag: mark the first recorded run of each calendar week, so that users can be counted without an identifier | off |
/// | `abandoned` | flag: also record runs that ended without a trace, such as by `SIGKILL` | off |
/// | `time` | `"hour"`: a receiver is told the hour in which a run began; `"exact"`: the millisecond. Users are asked again | `"hour"` |
/// | `event` | `"name"` of the event in the `nemo` format | `"cli_command"` |
/// | `source` | `"name"`: `nemoSource` in the `nemo` format | `app` |
/// | `client_id` | `"id"`: `clientId` in the `nemo` format | `"undefined"` |
/// | `system_version` | `"version"`: `eventSysVer` in the `nemo` format | `"cli-telemetry/1.0"` |
/// | `parse` | `false`: leave out the `parse` functions, for a type that defines its own | `true` |
/// | `root` | flag: this type is the root, although it does not derive `Parser` | |
/// | `command` | an expression of type `clap::Command`: the program's command, if it is not derived | |
/// | `commands` | `("name", "name"("name", ..), ..)`: the commands in it | none |
///
/// *Text* is a string literal or a constant expression such as `env!("..")` or `concat!(..)`. A *flag* is written alone.
///
/// The circumstances: `agent` is the AI agent that runs the command, from a list of known ones; `interactive`, whether stdin,
/// stdout and stderr are a terminal; `ci_vendor`, the CI system; `libc`, the C library the program is built for; and `channel`,
/// where the program came from: a word that whoever packages it sets at compile time.
///
/// # Key of every type
///
/// `crate = path`: where to find `telemetry_runtime`, if not under that name.
///
/// # Keys of variants and fields
///
/// - `#[telemetry(skip)]` on a variant: a run of this command is not recorded.
/// - `#[telemetry(no_prompt)]` on a variant: a run of this command is recorded, but never asks the user for consent. For
///   commands that another program calls, such as a shell hook or a shell prompt.
/// - `#[telemetry(opaque)]` on a variant, or on a field with `#[command(subcommand)]` or `#[command(flatten)]`: the commands
///   below it are not recorded. For a type that cannot take `#[telemetry_cli]`: one that implements `Subcommand` by hand, or
///   one of another crate.
/// - `#[telemetry(transparent)]` on a variant: its name is left out of what is recorded, and the commands below it take its
///   place. For cargo plugins: cargo runs `cargo-hello hello greet` for `cargo hello greet`, which is then recorded as `greet`.
/// - `#[telemetry(record)]` on the variant that holds `TelemetryCommand`: runs of the management commands are recorded, too,
///   except for those of `disable`.
///
/// ```
/// # mod plugins {
/// #     #[derive(clap::Subcommand)]
/// #     pub enum Plugin { One }
/// # }
/// # use clap::Parser;
/// # use telemetry_runtime::telemetry_cli;
/// #[telemetry_cli(app = "my-tool", consent = "opt-in")]
/// #[derive(Parser)]
/// enum Cli {
///     #[telemetry(no_prompt)]
///     Hook,
///     #[command(subcommand)]
///     #[telemetry(opaque)]
///     Plugin(plugins::Plugin),
/// }
/// ```
///
/// If the attribute itself is conditional, `#[cfg_attr(feature = "telemetry", telemetry_cli)]`, so must these be.
///
/// # Without clap's derive
///
/// The root of a CLI that is built with `clap::Command` is a struct without fields. It names the `Command`, and lists the
/// commands in it once more:
///
/// ```
/// use clap::Command;
/// use telemetry_runtime::{telemetry_cli, telemetry_main};
///
/// #[telemetry_cli(
///     app = "my-tool",
///     command = cli(),
///     commands("build", "remote"("add", "remove"), #[telemetry(skip)] "hook"),
/// )]
/// struct Cli;
///
/// fn cli() -> Command {
///     let remote = Command::new("remote").subcommands([Command::new("add"), Command::new("remove")]);
///     Command::new("my-tool").subcommands([Command::new("build"), remote, Command::new("hook")])
/// }
///
/// #[telemetry_main(Cli)]
/// fn main() {
///     # telemetry_runtime::testing::assert_allowlist::<Cli>();
///     let matches = Cli::get_matches();
///     println!("{:?}", matches.subcommand_name());
/// }
/// ```
///
/// `get_matches` and `try_get_matches` do what clap's methods of these names do, and record the run. They may evaluate
/// `command` twice. A program that calls clap's own methods passes the matches to `record_matches`. A command that is not
/// listed is recorded as its parent. The type also gets `impl CommandFactory`, so `assert_allowlist` can compare the list with
/// clap's tree.
///
/// | entry | meaning |
/// |---|---|
/// | `"name"`, or a constant such as `NAME` or `concat!(..)` | a command, by clap's name for it |
/// | `"name"("below", ..)` | the same, and the commands below it |
/// | `..Type` | the commands of a type with `#[telemetry_cli]`, or those that manage telemetry: `"telemetry"(..TelemetryCommand)` |
/// | `_` | external subcommands, recorded as `external` |
/// | `..` at the end | there may be more commands, recorded as their parent |
///
/// Before an entry, `#[cfg(..)]` and the keys of variants have their usual meaning.
///
/// # Errors
///
/// It is a compile error if two commands at the same level have the same name, or would be recorded under the same name; if
/// commands are nested more than eight levels deep; if a key or its value is wrong; or if the type of a subcommand is neither
/// instrumented nor `opaque`.
///
/// # Notes
///
/// - A build script that includes the file with these types, to write completions or manuals, needs `telemetry-runtime` in
///   `[build-dependencies]`.
/// - The compiler knows the name of the binary only while it compiles that binary. If a library, an integration test or a build
///   script compiles the type too, set `bin`; otherwise the name differs there.
/// - In a module that imports `clap::Parser` only for `Cli::parse()`, rustc reports the import as unused: remove it. In a
///   module with `#[telemetry_main(Cli)]` it does not.
#[proc_macro_attribute]
pub fn telemetry_cli(args: TokenStream, item: TokenStream) -> TokenStream {
    cli::attribute(&args.into(), &item.into()).into()
}

/// Does the work of `#[telemetry_cli]`, which adds it to the item. Not public.
#[doc(hidden)]
#[proc_macro_derive(TelemetryCommandTree, attributes(telemetry))]
pub fn telemetry_command_tree(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    cli::derive(&input, cli::Features::ENABLED, cli::Build::current()).into()
}

/// Records how `main` ends: whether it returns, fails or panics. The program behaves as it would without the attribute.
///
/// A `main` that takes the CLI as its parameter has the command line parsed for it:
///
/// ```
/// # use clap::Parser;
/// # use telemetry_runtime::{telemetry_cli, telemetry_main};
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # struct Cli {
/// #     path: Option<std::path::PathBuf>,
/// # }
/// #[telemetry_main]
/// fn main(cli: Cli) -> std::io::Result<()> {
///     if let Some(path) = cli.path {
///         println!("{}", std::fs::read_to_string(path)?);
///     }
///     Ok(())
/// }
/// ```
///
/// A `main` that parses it itself names the type in the attribute:
///
/// ```
/// # use std::process::ExitCode;
/// # use clap::Parser;
/// # use telemetry_runtime::{ErrorClass, telemetry_cli, telemetry_main};
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # struct Cli {}
/// # async fn run(_: Cli) {}
/// #[telemetry_main(Cli)]
/// #[tokio::main]
/// async fn main() -> ExitCode {
///     let cli = Cli::parse();
///     run(cli).await;
///     ExitCode::SUCCESS
/// }
/// ```
///
/// `main` may return anything that implements [`Termination`](std::process::Termination), and may be async: put
/// `#[tokio::main]` and the like below this attribute. An attribute that accepts only a function named `main` needs the form
/// without a parameter.
///
/// # Keys
///
/// - the type of the CLI, if `main` has no parameter
/// - `errors(MyError, other::Error)`: error types to look for behind `anyhow::Error`, `Box<dyn Error>` and the like, so that
///   their class is recorded
/// - `crate = path`: where to find `telemetry_runtime`, if not under that name
///
/// # Errors
///
/// It is a compile error if the item is not `fn main`, if it is not clear which type is the CLI, or if that type is not a
/// root: `#[telemetry_cli]` must stand above its `#[derive(Parser)]`.
#[proc_macro_attribute]
pub fn telemetry_main(args: TokenStream, item: TokenStream) -> TokenStream {
    main_fn::expand(args.into(), &item.into()).into()
}

/// Gives an error type its classes. The class is all that is ever recorded about an error.
///
/// The class of an enum value is the name of its variant. The class of a struct is the struct's name.
///
/// ```
/// use std::path::PathBuf;
///
/// use telemetry_runtime::ErrorClass;
///
/// #[derive(ErrorClass)]
/// enum AppError {
///     NotFound { path: PathBuf },
///     #[error_class(name = "invalid-config")]
///     Config(String),
///     #[error_class(transparent)]
///     Io(std::io::Error),
/// }
///
/// let error = AppError::Config("line 3: expected `=`".to_owned());
/// assert_eq!(error.error_class().as_str(), "invalid-config");
/// ```
///
/// # Keys
///
/// - `name = ".."` on a variant or struct: its class, a word of ASCII letters, digits, `_`, `.`, `:` and `-`
/// - `transparent` on a variant or struct with one field: its class is that of the field, whose type implements `ErrorClass`
/// - `crate = path` on the type: where to find `telemetry_runtime`, if not under that name
#[proc_macro_derive(ErrorClass, attributes(error_class))]
pub fn error_class(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    error_class::derive(&input).into()
}

/// Makes a type a fact: something a program finds out in a run, of which one of a few values is recorded.
///
/// An enum without fields records the name of a variant, in kebab case. A struct around an unsigned integer records the
/// range that the number is in. The fact's own name is that of the type, in kebab case.
///
/// ```
/// use telemetry_runtime::Fact;
///
/// #[derive(Fact)]
/// enum Cache {
///     Hit,
///     #[fact(name = "cold")]
///     Miss,
/// }
///
/// #[derive(Fact)]
/// #[fact(name = "files", buckets(1, 10, 100, 1_000))]
/// struct FilesScanned(u64);
/// ```
///
/// # Keys
///
/// - `name = ".."` on the type or a variant: a word of ASCII letters, digits, `_`, `.`, `:` and `-`
/// - `buckets(1, 10, 100)` on a struct: the lowest number of each range but the first, which begins at 0. Users who agreed to
///   other ranges are asked again
/// - `crate = path` on the type: where to find `telemetry_runtime`, if not under that name
#[proc_macro_derive(Fact, attributes(fact))]
pub fn fact(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    fact::derive_fact(&input).into()
}

/// Makes an enum without fields the names of phases: parts of a program's work whose time is recorded.
///
/// Each phase is called after its variant, in kebab case.
///
/// ```
/// use telemetry_runtime::Phase;
///
/// #[derive(Phase)]
/// enum Step {
///     Resolve,
///     #[phase(name = "fetch")]
///     Download,
/// }
/// ```
///
/// # Keys
///
/// - `name = ".."` on a variant: a word of ASCII letters, digits, `_`, `.`, `:` and `-`
/// - `crate = path` on the type: where to find `telemetry_runtime`, if not under that name
#[proc_macro_derive(Phase, attributes(phase))]
pub fn phase(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    fact::derive_phase(&input).into()
}
