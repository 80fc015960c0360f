//! posthog-rs, its blocking client.

#[path = "../cli.rs"]
mod cli;

use std::time::Instant;

use clap::Parser;
use cli::Cli;
use posthog_rs::{ClientOptionsBuilder, Event};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let cli = Cli::parse();
    let options = ClientOptionsBuilder::default().api_key("phc_key".to_owned()).host(cli::endpoint()).build()?;
    let client = posthog_rs::client(options);
    cli.work();
    let mut event = Event::new_anon("cli_command");
    event.insert_prop("command", cli.command())?;
    event.insert_prop("exit_code", 0)?;
    event.insert_prop("duration_ms", u64::try_from(start.elapsed().as_millis())?)?;
    client.capture(event);
    client.shutdown();
    Ok(())
}
