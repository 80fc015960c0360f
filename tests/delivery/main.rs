//! Delivery by real processes to a receiver on this machine.
#![cfg(target_os = "linux")]

mod answers;
mod courier;
mod failures;
mod otlp;
mod sink;
mod user;
mod worker;
