use clap::Command;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(command = cli(), commands("remote"(..Remote)))]
struct Tool;

#[derive(clap::Subcommand)]
enum Remote {
    Add,
}

fn cli() -> Command {
    Command::new("tool")
}

fn main() {
    let _ = cli();
}
