//! What the program finds out in each run.

use std::hint::black_box;

use telemetry_runtime::Fact;

use super::Cli;

#[derive(Fact)]
pub enum Cache {
    Hit,
    Miss,
}

#[derive(Fact)]
#[fact(buckets(1, 10, 100, 1_000))]
pub struct FilesScanned(u64);

#[derive(Fact)]
#[fact(buckets(1, 10, 100))]
pub struct Matches(u32);

#[derive(Fact)]
pub enum Encoding {
    Utf8,
    Utf16,
    Binary,
}

#[derive(Fact)]
pub enum Outcome {
    Found,
    NothingFound,
}

/// Of a run that found something in one of forty-two files.
pub fn record() {
    Cli::record(if black_box(true) { Cache::Hit } else { Cache::Miss });
    Cli::record(FilesScanned(black_box(42)));
    Cli::record(Matches(black_box(1)));
    Cli::record(match black_box(0) {
        0 => Encoding::Utf8,
        1 => Encoding::Utf16,
        _ => Encoding::Binary,
    });
    Cli::record(if black_box(true) { Outcome::Found } else { Outcome::NothingFound });
}
