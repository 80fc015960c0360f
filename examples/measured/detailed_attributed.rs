//! The program in `detailed/`, with only the two attributes: see `build.rs`.

include!(concat!(env!("OUT_DIR"), "/detailed_attributed/main.rs"));
