use std::time::Duration;

use anyhow::{ensure, Result};
use clap::{Parser, Subcommand};
use telemetry_runtime::{telemetry_cli, telemetry_main};
use tokio::signal::unix::{signal, SignalKind};
use tokio::time;

/// Print ticks
#[telemetry_cli]
#[derive(Parser)]
#[command(version, about)]
struct Opt {
    #[command(subcommand)]
    command: Cmd,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Cmd {
    /// Print a tick again and again, until SIGINT or SIGTERM
    Run {
        /// Milliseconds between two
        #[arg(long, default_value_t = 1000)]
        every: u64,
    },
    /// Print one tick after a while
    Once {
        /// Milliseconds to wait
        after: u64,
    },
}

#[telemetry_main(Opt)]
#[tokio::main]
async fn main() -> Result<()> {
    let opt = Opt::parse();
    match opt.command {
        Cmd::Run { every } => run(every).await,
        Cmd::Once { after } => {
            time::sleep(Duration::from_millis(after)).await;
            println!("tick");
            Ok(())
        }
    }
}

async fn run(every: u64) -> Result<()> {
    ensure!(every > 0, "cannot tick without a pause");
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interval = time::interval(Duration::from_millis(every));
    let mut ticks = 0_u64;
    loop {
        tokio::select! {
            _ = interval.tick() => {
                ticks += 1;
                println!("tick");
            }
            _ = interrupted.recv() => break,
            _ = terminated.recv() => {
                println!("{ticks} ticks");
                std::process::exit(143);
            }
        }
    }
    println!("{ticks} ticks");
    Ok(())
}
