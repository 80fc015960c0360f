use clap::Command;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(command = cli(), commands = ["build"])]
struct Tool;

fn cli() -> Command {
    Command::new("tool")
}

fn main() {
    let _ = cli();
}
