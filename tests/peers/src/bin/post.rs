//! A POST at the end of the run, with the library's own timeouts.

#[path = "../cli.rs"]
mod cli;

use std::time::Instant;

use clap::Parser;
use cli::Cli;

fn main() {
    let start = Instant::now();
    let cli = Cli::parse();
    cli.work();
    let event = format!(
        r#"{{"command":"{}","status":"success","exit_code":0,"duration_ms":{}}}"#,
        cli.command(),
        start.elapsed().as_millis()
    );
    let _ = ureq::post(format!("{}/v1/events", cli::endpoint())).content_type("application/json").send(event);
}
