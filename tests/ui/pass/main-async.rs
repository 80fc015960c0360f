//! Executors below and above the attribute, with arguments and without.

use clap::Parser;
use std::process::ExitCode;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[arg(long)]
    fast: bool,
}

mod below {
    use super::*;

    #[telemetry_main]
    #[tokio::main]
    pub(crate) async fn main(cli: Cli) -> Result<(), std::io::Error> {
        tokio::task::yield_now().await;
        if cli.fast { Err(std::io::Error::other("x")) } else { Ok(()) }
    }
}

mod below_with_arguments {
    use super::*;

    #[telemetry_main(Cli)]
    #[tokio::main(flavor = "current_thread")]
    pub(crate) async fn main() -> ExitCode {
        let _cli = Cli::parse();
        ExitCode::SUCCESS
    }
}

mod above {
    use super::*;

    #[tokio::main(flavor = "current_thread")]
    #[telemetry_main(Cli)]
    pub(crate) async fn main() {
        let _cli = Cli::parse();
        tokio::task::yield_now().await;
    }
}

#[telemetry_main]
#[tokio::main(flavor = "current_thread")]
async fn main(Cli { fast }: Cli) {
    let mains: [fn() -> ExitCode; 2] = [below::main, below_with_arguments::main];
    let above: fn() -> ExitCode = above::main;
    assert!(!fast && mains.len() == 2);
    let _ = above;
}
