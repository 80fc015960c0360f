//! Whatever the environment holds, nothing is collected against `DO_NOT_TRACK`, and nothing leaves the machine unencrypted.
#![no_main]

use std::env;
use std::ffi::OsStr;
use std::net::IpAddr;
use std::os::unix::ffi::OsStrExt;

use http::Uri;
use libfuzzer_sys::fuzz_target;
use telemetry_runtime::fuzzing::{self, Environment};

const VARIABLES: [&str; 10] = [
    "TOOL_TELEMETRY_ENDPOINT",
    "DO_NOT_TRACK",
    "TOOL_TELEMETRY_ENABLED",
    "CI",
    "TOOL_TELEMETRY_DRY_RUN",
    "TOOL_TELEMETRY_DIR",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
];

// The values of the variables, in this order; one that begins with `-` is not set.
fuzz_target!(|values: &[u8]| {
    let mut values = values.split(|&byte| byte == 0);
    for name in VARIABLES {
        // SAFETY: the fuzzer runs its target on one thread, and starts no other that reads the environment.
        unsafe {
            match values.next() {
                None | Some([b'-', ..]) => env::remove_var(name),
                Some(value) => env::set_var(name, OsStr::from_bytes(value)),
            }
        }
    }
    let environment = fuzzing::environment();
    check(&environment);
    // OpenTelemetry treats an empty variable as unset.
    for name in VARIABLES.into_iter().filter(|name| name.starts_with("OTEL") && is_empty(name)) {
        // SAFETY: as above.
        unsafe { env::remove_var(name) };
    }
    assert_eq!(fuzzing::environment().endpoint, environment.endpoint);
});

fn check(environment: &Environment) {
    let no = env::var("DO_NOT_TRACK");
    assert_eq!(environment.do_not_track, !is_unset_or_no("DO_NOT_TRACK"), "{no:?}");
    assert_eq!(environment.enabled, env::var_os("TOOL_TELEMETRY_ENABLED").map(|_| is_yes("TOOL_TELEMETRY_ENABLED")));
    assert_eq!(environment.dry_run, is_yes("TOOL_TELEMETRY_DRY_RUN"));
    assert!(environment.queue_dir.as_ref().is_none_or(|dir| dir.is_absolute()));
    let Ok(Some((url, headers))) = &environment.endpoint else { return };
    assert!(environment.endpoint_is_likely, "{url}");
    assert!(headers.iter().all(|(name, _)| name.trim() == name));
    // The HTTP client parses the URL by these rules.
    if let Ok(uri) = url.parse::<Uri>()
        && let (Some(scheme), Some(host)) = (uri.scheme_str(), uri.host())
    {
        assert!(scheme == "https" || scheme == "http" && is_loopback(host), "{url}");
    }
}

fn is_empty(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| value.is_empty())
}

fn words(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().trim().to_ascii_lowercase())
}

fn is_yes(name: &str) -> bool {
    words(name).is_some_and(|value| ["1", "true", "yes", "on"].contains(&value.as_str()))
}

fn is_unset_or_no(name: &str) -> bool {
    words(name).is_none_or(|value| ["", "0", "false", "no", "off"].contains(&value.as_str()))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}
