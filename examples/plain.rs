//! `toolkit` without telemetry, for comparing output and measuring costs: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/plain/main.rs"));
