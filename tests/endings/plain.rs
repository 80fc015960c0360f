//! `endings` without telemetry, to compare with: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/endings_plain/main.rs"));
