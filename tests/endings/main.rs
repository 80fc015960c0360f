//! Every way a program can end: one event, and no difference for the user.
//!
//! The tests form a table. A row is a way to end: a command of the program `endings`, whose source is in `program`. A
//! column is a way to build and run that program: a sync main, an async main run by tokio, or a build in which panics
//! abort. A cell is three runs: recorded, disabled, and of `endings_plain`, the same program without telemetry. `column`
//! holds what the runs have in common. `matrix` holds the rows of a single process that every system has, `signals` and
//! `windows` those of one system, `forks` those of several processes, `handlers` those of programs with signal handlers,
//! `moments` signals at random moments. `ending` is about the field of that name. `abandoned` is about endings that leave no time to record them. Four files need
//! no table: `hooks` for panic hooks, `classes` for error classes, `exits` for programs that print their errors and exit
//! by themselves, and `builder` for programs without clap's derive.

mod abandoned;
mod builder;
mod classes;
mod column;
mod ending;
mod exits;
#[cfg(unix)]
mod forks;
#[cfg(unix)]
mod handlers;
mod hooks;
mod matrix;
#[cfg(unix)]
mod moments;
#[cfg(unix)]
mod signals;
#[cfg(windows)]
mod windows;
