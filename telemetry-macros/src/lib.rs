//! The macros of `telemetry-runtime`, which re-exports them. Depend on that crate, not on this one: the code generated
//! here names its items.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::needless_pass_by_value))]

mod cli;
mod ctxt;
mod error_class;
mod generated;
mod generics;
mod keys;
mod main_fn;
#[cfg(test)]
mod robustness;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a clap type say which of its subcommands was chosen, as a name the compiler knows.
///
/// It goes on the root of the CLI, on every `Subcommand` enum below it, and on every `Args` struct (or `Parser` used as
/// one) that holds a subcommand. The order relative to clap's derive matters on the root only, where it stands above:
///
/// ```ignore
/// #[telemetry_cli(purpose = "To learn which commands are worth our time")]
/// #[derive(Parser)]
/// #[command(version)]
/// enum Cli {
///     /// Run a workflow
///     Run { config: PathBuf },
///     #[command(subcommand)]
///     Info(Info),
///     #[telemetry(skip)]
///     Login(LoginArgs),
/// }
///
/// #[telemetry_cli]
/// #[derive(Subcommand)]
/// enum Info {
///     ListComponents,
///     ListChannels,
/// }
/// ```
///
/// The names are clap's: `rename_all`, `name`, `id`, `flatten`, `external_subcommand` and `skip` mean what they mean to
/// clap, and a name may be any constant expression. Two commands of one name beside each other, and commands more than
/// eight deep, do not compile.
///
/// A build script that includes the file of these types, to write completions or manuals, needs `telemetry-runtime` among
/// the build-dependencies. `use clap::Parser` in a module that has it for `Cli::parse()` alone becomes unused; beside
/// `#[telemetry_main(Cli)]` it still counts as used.
///
/// # Keys of the root
///
/// The root is the type that derives `Parser`. It gets `impl TelemetryApp`, and `parse`, `try_parse`, `parse_from` and
/// `try_parse_from` of its own, which win over clap's wherever `Cli::parse()` is written, and record.
///
/// | key | value | default |
/// |---|---|---|
/// | `app` | `"name"`: names the folders on disk and the service | the package's name |
/// | `env` | `"PREFIX"` of the environment variables, as in `PREFIX_TELEMETRY_ENABLED` | `app` in upper snake case |
/// | `endpoint` | a URL, literal or constant expression: where events are delivered. `https`, or `http` to a loopback address. Needs the feature `http` or `otlp` | nothing is delivered |
/// | `protocol` | `"nemo"` or `"otlp"` (needs the feature `otlp`) | `"nemo"` |
/// | `consent` | `"ask"`, `"opt-in"` or `"opt-out"` | `"ask"` |
/// | `purpose` | text: why the author wants to know | |
/// | `contact` | text: whom the user can ask | |
/// | `privacy_url` | text: where the privacy statement stands | |
/// | `interval` | `"90s"`, `"30m"`, `"1h"`, `"1d"` between two deliveries, at least one minute | `"1h"` |
/// | `headers` | `{ "name" = value, .. }` sent with every delivery; values are texts | none |
/// | `otel_env` | flag: the standard variables `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_EXPORTER_OTLP_HEADERS` and those for traces win over `endpoint` and `headers`. Needs the feature `otlp` | off |
/// | `errors` | `(MyError, other::Error)`: types of errors, told apart behind `anyhow::Error` and the like, whose classes are disclosed before any occurs | only those of std and clap |
/// | `abandoned` | flag: also record runs that ended without a trace | off |
/// | `event` | `"name"` of the event in the `nemo` format | `"cli_command"` |
/// | `source` | `"name"`: `nemoSource` | `app` |
/// | `client_id` | `"id"`: `clientId` | `"undefined"` |
/// | `system_version` | `"version"`: `eventSysVer` | `"cli-telemetry/1.0"` |
/// | `parse` | `false`: no `parse` functions, for a type that has functions of these names | `true` |
/// | `root` | flag: this is the root though it does not derive `Parser` | |
///
/// *Text* is a string literal or a constant expression such as `env!("..")` or `concat!(..)`.
///
/// # Key of every type
///
/// `crate = path`: where `telemetry_runtime` is found, if not under that name.
///
/// # Variants and fields
///
/// - `#[telemetry(skip)]` on a variant: a run of this command leaves no event.
/// - `#[telemetry(opaque)]` on a variant, or on a field with `#[command(subcommand)]` or `#[command(flatten)]`: what lies
///   below is not recorded. This is the way out for a type of another crate, on which `#[telemetry_cli]` cannot be put.
///
/// If the attribute itself is conditional (`#[cfg_attr(feature = "telemetry", telemetry_cli)]`), these have to be so too.
#[proc_macro_attribute]
pub fn telemetry_cli(args: TokenStream, item: TokenStream) -> TokenStream {
    cli::attribute(&args.into(), &item.into()).into()
}

/// What `#[telemetry_cli]` leaves the work to. Not for use by hand.
#[doc(hidden)]
#[proc_macro_derive(TelemetryCommandTree, attributes(telemetry))]
pub fn telemetry_command_tree(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    cli::derive(&input, cli::Features::ENABLED, cli::Build::current()).into()
}

/// Records how `main` ends: by returning, with an error, or by a panic. The program behaves as it would without.
///
/// A main that takes the parsed command line has it parsed by the wrapper:
///
/// ```ignore
/// #[telemetry_main]
/// fn main(cli: Cli) -> anyhow::Result<()> {
///     ..
/// }
/// ```
///
/// A main that parses by itself names its CLI in the attribute:
///
/// ```ignore
/// #[telemetry_main(Cli, errors(MyError, std::io::Error))]
/// #[tokio::main]
/// async fn main() -> ExitCode {
///     let cli = Cli::parse();
///     ..
/// }
/// ```
///
/// Any return type that main can have will do, and so will an async main; `#[tokio::main]` and its like stand below this
/// attribute. A program's own attribute that insists on a function named `main` needs the form without a parameter.
///
/// # Keys
///
/// - the type of the CLI, if main has no parameter
/// - `errors(T, ..)`: error types whose class is looked for in what main returns
/// - `crate = path`: where `telemetry_runtime` is found, if not under that name
#[proc_macro_attribute]
pub fn telemetry_main(args: TokenStream, item: TokenStream) -> TokenStream {
    main_fn::expand(args.into(), &item.into()).into()
}

/// Gives an error type its set of classes, one of which is all that is ever recorded of an error.
///
/// The class of an enum's value is its variant's name, that of a struct its own.
///
/// ```ignore
/// #[derive(ErrorClass)]
/// enum AppError {
///     NotFound { path: PathBuf },
///     #[error_class(name = "invalid-config")]
///     Config(String),
///     #[error_class(transparent)]
///     Io(std::io::Error),
/// }
/// ```
///
/// # Keys
///
/// - `name = ".."` on a variant or struct: the class, in ASCII letters, digits, `_`, `.`, `:` and `-`
/// - `transparent` on a variant or struct with one field: the class is the field's
/// - `crate = path` on the type: where `telemetry_runtime` is found, if not under that name
#[proc_macro_derive(ErrorClass, attributes(error_class))]
pub fn error_class(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    error_class::derive(&input).into()
}
