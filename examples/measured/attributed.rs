//! The example `attributed`, built as a user's program is.

include!(concat!(env!("OUT_DIR"), "/attributed/main.rs"));
