//! `endings` without telemetry: what a user would see. See `build.rs`.

include!(concat!(env!("OUT_DIR"), "/endings_plain/main.rs"));
