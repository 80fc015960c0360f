//! Delivery by real processes to a receiver on this machine.
//!
//! `courier` is a program under test and its queue. `answers` is about what happens to events after each response of the
//! receiver, `worker` about the process that delivers, `user` about what users can do, `otlp` about OpenTelemetry
//! collectors, and `failures` about everything that can go wrong. `program` is the source of the program `courier`, which
//! sends OTLP.

#![cfg(target_os = "linux")]

mod answers;
mod courier;
mod failures;
mod otlp;
mod user;
mod worker;
