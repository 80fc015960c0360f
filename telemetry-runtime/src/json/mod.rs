//! The JSON that this crate reads, and the JSON that its commands print.
//!
//! By hand, since every program with the management commands carries it: `serde_json`'s values, its reader and its numbers
//! with fractions, which no file of ours has, would add some 100 KB.

pub(crate) mod flat;
mod reader;
mod value;
mod writer;

pub(crate) use self::value::{Entries, Items, Json};
pub(crate) use self::writer::Writer;
