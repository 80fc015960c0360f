//! `fleet serve`, as a process, on this machine.
//!
//! `server` is the process and its file, `client` speaks HTTP to it. `answers` is about each status, `exactly_once` about
//! duplicates and crashes, `programs` about what real programs deliver; `sender` is the source of one.

#![cfg(unix)]
// A helper that unwraps fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod client;
mod delivering;
mod exactly_once;
mod programs;
mod server;
