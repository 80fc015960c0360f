//! The author's side of telemetry-runtime: from the events of a fleet to decisions.
//!
//! - `receive`: HTTP, in OTLP or the nemo envelope
//! - `store`: one SQLite file, one row a run
//! - `encode`: runs as a real program sends them
//! - `data`: runs in memory
//! - `changes`: what a release changed
//! - `report`: a page about them
//! - `simulate`: a fleet that does not exist
//! - `run`, `time`: what all of them speak of

pub mod changes;
pub mod data;
pub mod encode;
pub mod receive;
pub mod report;
pub mod run;
pub mod simulate;
pub mod store;
pub mod time;
