//! The example `plain`, built as a user's program is.

include!(concat!(env!("OUT_DIR"), "/plain/main.rs"));
