use app_cli::Cli;
use telemetry_runtime::telemetry_main;

#[telemetry_main]
fn main(cli: Cli) {
    if let Cli::Read { path } = cli {
        if let Err(error) = std::fs::read(path) {
            app_cli::print(&error);
            std::process::exit(3);
        }
    }
}
