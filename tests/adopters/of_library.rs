use app_cli::Cli;
use telemetry_runtime::telemetry_main;

#[telemetry_main]
fn main(cli: Cli) {
    let Cli::Run = cli;
}
