use clap::Parser;
use telemetry_runtime::{Fact, telemetry_cli};

enum Cache {
    Hit,
}

#[derive(Fact)]
enum Other {
    One,
}

#[telemetry_cli(facts(Cache, Other))]
#[derive(Parser)]
struct Cli {}

fn main() {
    
}
