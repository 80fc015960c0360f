//! The program in `detailed/`, with ten recorded options and five facts: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/detailed/main.rs"));
