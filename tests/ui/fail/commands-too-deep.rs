use clap::Command;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(command = cli(), commands("1"("2"("3"("4"("5"("6"("7"("8"("9"))))))))))]
struct Tool;

fn cli() -> Command {
    Command::new("tool")
}

fn main() {
    let _ = cli();
}
