//! Whatever the delivery state file contains, what is understood survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use telemetry_runtime::fuzzing;

fuzz_target!(|file: &[u8]| {
    let Ok(value) = serde_json::from_slice(file) else { return };
    let (written, dropped) = fuzzing::delivery_status(&value);
    assert_eq!(fuzzing::delivery_status(&written), (written, dropped));
});
