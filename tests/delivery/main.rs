//! Delivery by real processes to a receiver on this machine.
//!
//! `courier` is a program under test and its queue. `answers` is about what happens to events after each response of the
//! receiver, `worker` about the process that delivers (`windows` on Windows), `user`, `sent` and `page` about what users can
//! do and see, `otlp` about OpenTelemetry collectors, and `failures` about everything that can go wrong. `program` is the
//! source of the program `courier`, which sends OTLP, and `terminal` the one of the tests of consent.

// Most of these look at processes through `/proc`.
#![cfg(any(target_os = "linux", windows))]

#[cfg(target_os = "linux")]
mod answers;
mod courier;
#[cfg(target_os = "linux")]
mod failures;
#[cfg(target_os = "linux")]
mod otlp;
#[cfg(target_os = "linux")]
mod page;
#[cfg(target_os = "linux")]
mod sent;
#[cfg(target_os = "linux")]
#[allow(dead_code)]
#[path = "../consent/terminal.rs"]
mod terminal;
#[cfg(target_os = "linux")]
mod user;
#[cfg(windows)]
mod windows;
#[cfg(target_os = "linux")]
mod worker;
