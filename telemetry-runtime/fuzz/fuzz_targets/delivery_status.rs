//! Whatever the delivery state file contains, what is understood survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use telemetry_runtime::fuzzing;

fuzz_target!(|file: &[u8]| {
    let Some((written, dropped)) = fuzzing::delivery_status(file) else { return };
    assert_eq!(fuzzing::delivery_status(written.as_bytes()), Some((written, dropped)));
});
