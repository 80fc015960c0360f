//! The constants a CLI declares about itself.

use std::any::type_name;

use super::commands::{CommandNode, CommandTree};
use super::endpoint::EndpointUrl;
use super::error_class::ListedError;

/// A CLI that records its runs: the root of a command tree, and what its author declared about it.
///
/// Implemented by [`#[telemetry_cli]`](crate::telemetry_cli) on the type that derives `Parser`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the root of an instrumented CLI",
    label = "`#[telemetry_cli]` must stand above `#[derive(Parser)]` on `{Self}`",
    note = "a root that does not derive `Parser` says so: `#[telemetry_cli(root)]`"
)]
pub trait TelemetryApp: CommandTree {
    /// What the author has declared.
    #[doc(hidden)]
    const APP: App;
}

/// The root of a CLI as a value: all that its type says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Root {
    pub(crate) app: &'static App,
    pub(crate) commands: &'static [CommandNode],
    /// The type's name, to tell it from other types that are parsed in the same process.
    type_name: &'static str,
}

impl Root {
    pub(crate) fn of<C: TelemetryApp>() -> Self {
        Root { app: &C::APP, commands: C::COMMANDS, type_name: type_name::<C>() }
    }

    pub(crate) fn is<C>(self) -> bool {
        self.type_name == type_name::<C>()
    }
}

/// What the author of a CLI declared with the keys of [`#[telemetry_cli]`](crate::telemetry_cli).
///
/// It is read from [`TelemetryApp::APP`] only, an associated constant, so every text in it was known to the compiler.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct App {
    /// Key `app`: names the folders on disk and the service; by default the binary's name, or in a library the package's.
    pub name: &'static str,
    /// Key `bin`: the name of the executable; by default the binary's name, or `name` in a library.
    pub bin: &'static str,
    /// Key `version`; by default clap's `version = ".."` on the root, or the package's version.
    pub version: &'static str,
    #[doc(hidden)]
    pub variables: Variables,
    /// Key `endpoint`: where events are delivered; by default nowhere. Set by [`App::with_endpoint`].
    pub endpoint: Option<&'static str>,
    /// The endpoint's host. It names the recipient in the disclosure.
    pub endpoint_host: Option<&'static str>,
    /// Key `protocol`: how they are encoded; by default [`Protocol::Nemo`].
    pub protocol: Option<Protocol>,
    /// Key `consent`: how the user is asked.
    pub consent: ConsentMode,
    /// Key `purpose`: why the author wants to know, one sentence for the user.
    pub purpose: Option<&'static str>,
    /// Key `contact`: whom the user can ask.
    pub contact: Option<&'static str>,
    /// Key `privacy_url`: where the author's privacy statement stands.
    pub privacy_url: Option<&'static str>,
    /// Key `interval`: seconds between two deliveries; by default one hour.
    pub interval_secs: u64,
    /// Key `headers`: sent with every delivery.
    pub headers: &'static [(&'static str, &'static str)],
    /// Key `otel_env`: whether the standard variables `OTEL_EXPORTER_OTLP_*` may say where events are delivered.
    pub otel_env: bool,
    /// Key `abandoned`: whether a run that ended without a trace (`SIGKILL`, power loss) is told later.
    pub abandoned: bool,
    /// The constants of the `nemo` wire format.
    pub envelope: Envelope,
    /// The author's crate is compiled for its unit tests.
    #[doc(hidden)]
    pub is_test: bool,
    /// Key `errors`: types of errors that may end a run. Their classes are part of what is disclosed.
    #[doc(hidden)]
    pub errors: &'static [ListedError],
}

impl App {
    #[doc(hidden)]
    pub const fn new(name: &'static str, version: &'static str, variables: Variables) -> Self {
        App {
            name,
            bin: name,
            version,
            variables,
            endpoint: None,
            endpoint_host: None,
            protocol: None,
            consent: ConsentMode::Ask,
            purpose: None,
            contact: None,
            privacy_url: None,
            interval_secs: 60 * 60,
            headers: &[],
            otel_env: false,
            abandoned: false,
            envelope: Envelope {
                event: "cli_command",
                source: name,
                client_id: "undefined",
                system_version: "cli-telemetry/1.0",
            },
            is_test: false,
            errors: &[],
        }
    }

    /// Sets the endpoint, which [`check_endpoint`](super::check_endpoint) has accepted.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_endpoint(mut self, url: &'static str) -> Self {
        self.endpoint = Some(url);
        if let Ok(EndpointUrl { host, .. }) = EndpointUrl::parse(url) {
            self.endpoint_host = Some(host);
        }
        self
    }

    /// How events are encoded when they are delivered.
    pub(crate) fn protocol(&self) -> Protocol {
        self.protocol.unwrap_or(Protocol::Nemo)
    }
}

/// The names of the environment variables of one CLI, put together by the macro.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Variables {
    pub enabled: &'static str,
    pub endpoint: &'static str,
    pub dry_run: &'static str,
    pub debug: &'static str,
    pub dir: &'static str,
}

/// The form in which events are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// The JSON envelope of NVIDIA's NeMo Agent Toolkit.
    Nemo,
    /// OTLP/HTTP: one span a run, by OpenTelemetry's conventions for CLI programs.
    Otlp,
}

/// How the user is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsentMode {
    /// Asked once, on a terminal; until then nothing is recorded.
    Ask,
    /// Never asked; recorded after the user has said yes by command or variable.
    OptIn,
    /// Told once; recorded from the next run on, until the user says no.
    OptOut,
}

/// The constants of the `nemo` wire format that differ from product to product.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Envelope {
    /// Key `event`: the event's name; by default `cli_command`.
    pub event: &'static str,
    /// Key `source`: `nemoSource`; by default the app's name.
    pub source: &'static str,
    /// Key `client_id`: `clientId`; by default `undefined`.
    pub client_id: &'static str,
    /// Key `system_version`: `eventSysVer`; by default `cli-telemetry/1.0`.
    pub system_version: &'static str,
}
