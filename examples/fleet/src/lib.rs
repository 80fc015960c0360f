//! The author's side of telemetry-runtime: from the events of a fleet to decisions.
//!
//! - `receive`: HTTP, in OTLP or the nemo envelope
//! - `store`: one SQLite file, one row a run
//! - `encode`: runs as a real program sends them
//! - `data`: runs in memory
//! - `changes`: what a release changed
//! - `report`: a page about them
//! - `publish`: the same for everybody; `csv`: its form for spreadsheets
//! - `ask`: questions in SQL
//! - `simulate`: a fleet that does not exist
//! - `run`, `time`: what all of them speak of

pub mod ask;
pub mod changes;
pub mod csv;
pub mod data;
pub mod encode;
pub mod publish;
pub mod receive;
pub mod report;
pub mod run;
pub mod simulate;
pub mod store;
pub mod time;
