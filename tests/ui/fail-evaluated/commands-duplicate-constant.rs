// The macro does not know what a constant is; the compiler does.
use clap::Command;
use telemetry_runtime::telemetry_cli;

const NAME: &str = "add";

#[telemetry_cli(command = cli(), commands("remote"("add", NAME)))]
struct Tool;

fn cli() -> Command {
    Command::new("tool")
}

fn main() {
    let _ = cli();
}
