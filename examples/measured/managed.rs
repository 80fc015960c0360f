//! The example `toolkit`, built as a user's program is.

include!(concat!(env!("OUT_DIR"), "/managed/main.rs"));
