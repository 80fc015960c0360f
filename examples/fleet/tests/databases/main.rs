//! Where one machine is not enough: what is in `clickhouse`, `collector` and `grafana`, as far as it can run here.
//!
//! `database` is ClickHouse as a library, `collector` is rotel, started by the script that users start, `broker` speaks
//! Kafka's protocol. `questions` compares the answers of ClickHouse with those of `fleet ask`, `spans` follows what programs
//! deliver, and `files` reads the dashboard and the configurations of what cannot run here: Grafana, otelcol-contrib,
//! containers.

#![cfg(unix)]
// A helper that unwraps fails its test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod broker;
mod collector;
mod database;
#[path = "../serve/delivering.rs"]
mod delivering;
mod files;
mod questions;
mod spans;
