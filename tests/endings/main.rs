//! Every ending of a program: one event, and for the user no difference.
//!
//! This is a table. A row is a way to end, that is, a command of the program `endings`, whose source is in `program`. A column
//! is a way to build and run that program: a sync main, an async one run by tokio, and one in which a panic does not unwind.
//! A cell is three runs: recorded, disabled, and of `endings_plain`, the same program without telemetry. `column` is what they
//! have in common. `matrix` holds the rows of a program alone, `forks` those of several processes, `handlers` those of programs
//! with signal handlers, `moments` signals at random moments. `abandoned` is about ends that nobody sees coming. Two files need
//! no table: `hooks` for panic hooks, `classes` for the classes of errors.

#![cfg(unix)]

mod abandoned;
mod classes;
mod column;
mod forks;
mod handlers;
mod hooks;
mod matrix;
mod moments;
