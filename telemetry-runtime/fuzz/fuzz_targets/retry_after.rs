//! Any `Retry-After` is read, and obeyed for a day at most.
#![no_main]

use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use telemetry_runtime::fuzzing;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fuzz_target!(|input: (u32, &str)| {
    let (failures, value) = input;
    let asked_for = fuzzing::retry_after(value);
    let wait = fuzzing::backoff(failures, asked_for);
    assert!(wait >= Duration::from_secs(30) && wait <= DAY, "{value}: {wait:?}");
    assert!(wait >= asked_for.unwrap_or_default().min(DAY), "{value}: {wait:?}");
    if !value.is_empty() && value.len() < 20 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        assert_eq!(asked_for.map(|wait| wait.as_secs()), value.parse().ok());
    }
});
