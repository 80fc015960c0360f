//! The program of the soak's users. A recorded run says which one it is, so that each can be looked for.

use std::time::{Duration, UNIX_EPOCH};
use std::{io, process, thread};

use clap::Parser;
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{CliCommandEvent, telemetry_cli, telemetry_main};

#[telemetry_cli(app = "soaked", protocol = "nemo")]
#[derive(Parser)]
#[command(name = "soaked", version)]
enum Cli {
    /// Return from main
    Work,
    /// Exit by itself
    Quit,
    /// Take some time
    Nap,
    /// See and change what is collected
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_main]
fn main(cli: Cli) -> io::Result<()> {
    match cli {
        Cli::Work => introduce(),
        Cli::Quit => {
            introduce();
            process::exit(0);
        }
        Cli::Nap => {
            introduce();
            thread::sleep(Duration::from_millis(300));
        }
        Cli::Telemetry(command) => command.run::<Cli>().map_err(io::Error::other)?,
    }
    Ok(())
}

/// Prints the id of this run and when it began.
fn introduce() {
    if let Some(event) = CliCommandEvent::current() {
        let id: String = event.session_id().iter().map(|byte| format!("{byte:02x}")).collect();
        let start = event.start_time().duration_since(UNIX_EPOCH).expect("the clock is not before 1970");
        println!("{id} {}", start.as_millis());
    }
}
