use clap::Parser;

#[derive(Parser)]
enum Cli {
    #[telemetry(skip)]
    Run,
}

fn main() {
    let _ = Cli::try_parse();
}
