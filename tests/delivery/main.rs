//! Delivery by real processes to a receiver on this machine.
//!
//! `courier` is a program under test and its queue. `answers` is about what becomes of events by what the receiver answers,
//! `worker` about the process that delivers, `user` about what the user can do, `otlp` about OpenTelemetry collectors, and
//! `failures` about all that goes wrong. `program` is the source of the program `courier`, which speaks OTLP.

#![cfg(target_os = "linux")]

mod answers;
mod courier;
mod failures;
mod otlp;
mod user;
mod worker;
