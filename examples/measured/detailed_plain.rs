//! The program in `detailed/`, without telemetry: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/detailed_plain/main.rs"));
