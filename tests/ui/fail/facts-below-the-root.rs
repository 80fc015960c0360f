use clap::Args;
use telemetry_runtime::{Fact, telemetry_cli};

#[derive(Fact)]
enum Cache {
    Hit,
}

#[telemetry_cli(facts(Cache))]
#[derive(Args)]
struct Build {}

fn main() {}
