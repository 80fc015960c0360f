//! The configuration of a CLI, as constants: [`App`], which `#[telemetry_cli]` builds from its keys.

use super::context::Context;
use super::details::Details;
use super::endpoint::EndpointUrl;
use super::error_class::ListedError;
use super::labels::check_name;

/// The author's configuration, from the keys of [`#[telemetry_cli]`](crate::telemetry_cli).
///
/// It is only ever read from `TelemetryApp::APP`, an associated constant, so every string in it is known at compile time.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct App {
    /// Key `app`: the name of the service and of the folders on disk. Defaults to the binary's name, or to the
    /// package's in a library.
    pub name: &'static str,
    /// Key `bin`: the name of the executable. Defaults to the binary's name, or to `name` in a library.
    pub bin: &'static str,
    /// Key `version`. Defaults to clap's `version = ".."` on the root, or else to the package's version.
    pub version: &'static str,
    #[doc(hidden)]
    pub variables: Variables,
    /// Key `endpoint`: where events are delivered. Nowhere by default. Set by [`App::with_endpoint`].
    pub endpoint: Option<&'static str>,
    /// The endpoint's host, which the disclosure shows as the recipient.
    pub endpoint_host: Option<&'static str>,
    /// Key `protocol`: how events are encoded. Defaults to [`Protocol::Nemo`].
    pub protocol: Option<Protocol>,
    /// Key `consent`: how the user is asked.
    pub consent: ConsentMode,
    /// Key `purpose`: one sentence that tells the user why the author collects this.
    pub purpose: Option<&'static str>,
    /// Key `contact`: where the user can ask questions.
    pub contact: Option<&'static str>,
    /// Key `privacy_url`: the author's privacy statement.
    pub privacy_url: Option<&'static str>,
    /// Key `interval`: seconds between two deliveries. Defaults to one hour.
    pub interval_secs: u64,
    /// Key `headers`: HTTP headers sent with every delivery.
    pub headers: &'static [(&'static str, &'static str)],
    /// Key `otel_env`: whether the standard `OTEL_EXPORTER_OTLP_*` variables may set the endpoint.
    pub otel_env: bool,
    /// Key `time`: how exactly the start of a run is told to the receiver. Defaults to [`SentTime::Hour`].
    pub time: SentTime,
    /// Key `abandoned`: whether a later run reports a run that ended without a trace (`SIGKILL`, power loss).
    pub abandoned: bool,
    /// The product-specific constants of the `nemo` wire format.
    pub envelope: Envelope,
    /// Whether the author's crate is compiled for its unit tests.
    #[doc(hidden)]
    pub is_test: bool,
    /// Key `errors`: error types that may end a run. Their classes are part of the disclosure.
    #[doc(hidden)]
    pub errors: &'static [ListedError],
    /// Key `actives`: whether the first recorded run of a week is marked, so that users can be counted.
    pub actives: bool,
    /// Key `context`: the circumstances that are recorded.
    #[doc(hidden)]
    pub context: Context,
    /// The recorded options, and the keys `facts` and `phases`.
    pub(crate) details: Details,
}

impl App {
    #[doc(hidden)]
    pub const fn new(name: &'static str, version: &'static str, variables: Variables) -> Self {
        check_name(name, "`app` must not contain quotes, backslashes or control characters");
        check_name(version, "`version` must not contain quotes, backslashes or control characters");
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
            time: SentTime::Hour,
            abandoned: false,
            envelope: Envelope {
                event: "cli_command",
                source: name,
                client_id: "undefined",
                system_version: "cli-telemetry/1.0",
            },
            is_test: false,
            errors: &[],
            actives: false,
            context: Context::NONE,
            details: Details::NONE,
        }
    }

    /// Sets the endpoint. The URL must have passed [`check_endpoint`](super::check_endpoint).
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

/// The names of one CLI's environment variables, built by the macro.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Variables {
    pub enabled: &'static str,
    pub endpoint: &'static str,
    pub dry_run: &'static str,
    pub debug: &'static str,
    pub dir: &'static str,
}

/// The wire format in which events are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protocol {
    /// The JSON envelope of NVIDIA's NeMo Agent Toolkit.
    Nemo,
    /// OTLP/HTTP: one span per run, following OpenTelemetry's semantic conventions for CLI programs.
    Otlp,
}

/// How exactly a receiver is told when a run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SentTime {
    /// Rounded down to the hour, in UTC.
    Hour,
    /// To the millisecond.
    Exact,
}

/// How the user is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConsentMode {
    /// The user is asked once, on a terminal. Nothing is recorded before that.
    Ask,
    /// The user is never asked. Runs are recorded once the user opts in by command or variable.
    OptIn,
    /// The user is shown a notice once. Later runs are recorded until the user opts out.
    OptOut,
}

/// The product-specific constants of the `nemo` wire format.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Envelope {
    /// Key `event`: the event's name. Defaults to `cli_command`.
    pub event: &'static str,
    /// Key `source`: `nemoSource` on the wire. Defaults to the app's name.
    pub source: &'static str,
    /// Key `client_id`: `clientId` on the wire. Defaults to `undefined`.
    pub client_id: &'static str,
    /// Key `system_version`: `eventSysVer` on the wire. Defaults to `cli-telemetry/1.0`.
    pub system_version: &'static str,
}
