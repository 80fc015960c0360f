use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
#[allow(non_camel_case_types)]
enum Cli {
    FooBar,
    Foo_Bar,
}

fn main() {
    let _ = [Cli::FooBar, Cli::Foo_Bar];
}
