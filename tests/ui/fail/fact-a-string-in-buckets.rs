use clap::Parser;
use telemetry_runtime::{Fact, telemetry_cli};

#[derive(Fact)]
#[fact(buckets(1, 10))]
struct Files(String);

#[telemetry_cli(facts(Files))]
#[derive(Parser)]
struct Cli {}

fn main() {
    
}
