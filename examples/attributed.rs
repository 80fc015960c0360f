//! `toolkit` with the two attributes and nothing else, for measuring what they cost: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/attributed/main.rs"));
