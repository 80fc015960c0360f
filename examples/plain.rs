//! `toolkit` without telemetry, to compare output and measure costs: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/plain/main.rs"));
