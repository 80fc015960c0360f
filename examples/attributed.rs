//! `toolkit` with only the two attributes, to measure what they cost: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/attributed/main.rs"));
