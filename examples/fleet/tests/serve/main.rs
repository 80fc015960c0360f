//! `fleet serve`, as a process, on this machine.
//!
//! `server` is the process and its file, `client` speaks HTTP to it. `answers` is about each status, `limits` about senders
//! that are slow, many or large, `retention` about what is deleted, `stop` about the end of a server, `exactly_once` about
//! duplicates and crashes, `strangers` about hostile texts, `programs` about what real programs deliver; `sender` is the
//! source of one, and `delivering` builds it.

#![cfg(unix)]
// A helper that unwraps fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod answers;
mod client;
mod delivering;
mod exactly_once;
mod limits;
mod programs;
mod retention;
mod server;
mod stop;
mod strangers;
