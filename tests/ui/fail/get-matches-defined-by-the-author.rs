// The note names the key that leaves the function to the author: `parse = false`.
use clap::Command;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(command = cli())]
struct Tool;

impl Tool {
    fn get_matches() {}
}

fn cli() -> Command {
    Command::new("tool")
}

fn main() {
    let _ = cli();
}
