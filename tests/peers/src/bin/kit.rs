//! telemetry-kit, with automatic delivery and the shutdown that its documentation asks for.

#[path = "../cli.rs"]
mod cli;

use std::path::Path;
use std::time::Instant;

use clap::Parser;
use cli::Cli;
use telemetry_kit::prelude::*;
use telemetry_kit::sync::SyncConfig;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let cli = Cli::parse();
    tokio::runtime::Runtime::new()?.block_on(async {
        let delivery = SyncConfig::builder()
            .endpoint(cli::endpoint())
            .org_id("550e8400-e29b-41d4-a716-446655440000")?
            .app_id("7c9e6679-7425-40de-944b-e07fc1f90ae7")?
            .token("token")
            .secret("secret")
            .build()?;
        let home = std::env::var_os("HOME").unwrap_or_default();
        let telemetry = TelemetryKit::builder()
            .service_name("peer")?
            .service_version("0.1.0")
            .db_path(Path::new(&home).join("events.db"))
            .sync(delivery)
            .auto_sync(true)
            .build()?;
        cli.work();
        let millis = u64::try_from(start.elapsed().as_millis())?;
        telemetry.track_command(cli.command(), |event| event.success(true).duration_ms(millis)).await?;
        telemetry.shutdown().await?;
        Ok(())
    })
}
