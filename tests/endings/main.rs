//! Every ending of a program: one event, and for the user no difference.
//!
//! The program is `endings`, whose source is in `program`; `endings_plain` is the same without telemetry.

#![cfg(unix)]

mod abandoned;
mod classes;
mod column;
mod forks;
mod handlers;
mod hooks;
mod matrix;
mod moments;
