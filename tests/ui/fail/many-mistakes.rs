// Everything is reported in one go, and what uses the type compiles nevertheless.
use clap::Subcommand;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = 1, colour = "red", interval = "1s", protocol = "grpc")]
#[derive(clap::Parser)]
enum Cli {
    #[telemetry(skip, opaqe)]
    Run,
    #[command(name = "run")]
    Walk {
        #[telemetry(opaque)]
        #[arg(long)]
        fast: bool,
    },
    #[telemetry]
    #[command(subcommand)]
    Info(Info),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Info {
    #[telemetry(skip = true)]
    List,
}

#[telemetry_main]
fn main(cli: Cli) {
    match cli {
        Cli::Run => drop(Cli::try_parse()),
        Cli::Walk { fast } => drop(fast),
        Cli::Info(Info::List) => {}
    }
}
