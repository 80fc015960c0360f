use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use fleet::simulate::{self, Change, Plan, Release};
use fleet::time;
use telemetry_runtime::telemetry_cli;

use crate::Error;

#[telemetry_cli]
#[derive(Args)]
pub(crate) struct Simulate {
    /// The file to write to. It must not have runs yet
    #[arg(long, default_value = "demo.db")]
    data: PathBuf,
    /// Deliver to a server at this address instead. It takes everything as arrived today, so keep to 30 days
    #[arg(long, value_name = "ADDRESS", conflicts_with = "data")]
    #[telemetry(record(given))]
    to: Option<SocketAddr>,
    /// How many runs, roughly
    #[arg(long, default_value_t = 20_000)]
    #[telemetry(record(buckets(1_000, 10_000, 100_000, 1_000_000)))]
    runs: u64,
    /// How many days, up to today
    #[arg(long, default_value_t = 60)]
    days: u16,
    /// The program's name
    #[arg(long, default_value = "toolkit")]
    app: String,
    /// How many machines [default: one for 25 runs]
    #[arg(long)]
    machines: Option<u64>,
    /// A release, and its day from 0: VERSION@DAY; may be repeated [default: three of them]
    #[arg(long, value_name = "RELEASE")]
    release: Vec<Release>,
    /// Something a release changes, such as `since=0.3.0,command=run,takes=2` or
    /// `since=0.3.0,command=run,platform=linux/arm64,fails=0.3`; may be repeated
    #[arg(long, value_name = "CHANGE")]
    #[telemetry(record(count(1, 2, 5)))]
    change: Vec<Change>,
    /// Other runs for another number
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Simulate {
    pub(crate) fn run(self) -> Result<(), Error> {
        let mut plan = Plan::new(&self.app, self.runs, self.days.into(), time::today());
        plan.seed = self.seed;
        plan.changes = self.change;
        plan.machines = self.machines.unwrap_or(plan.machines);
        if !self.release.is_empty() {
            plan.releases = self.release;
        }
        let count = match self.to {
            Some(server) => simulate::deliver(&plan, server),
            None => super::block_on(simulate::write(&plan, &self.data))?,
        };
        let count = count.map_err(Error::Simulate)?;
        writeln!(io::stdout().lock(), "{count} runs").map_err(Error::Output)
    }
}
