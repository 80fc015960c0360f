use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
fn run() {}

fn main() {
    run();
}
