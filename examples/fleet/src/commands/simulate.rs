use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, value_parser};
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
    /// Deliver to a server at this address instead, which takes everything as arrived today
    #[arg(long, value_name = "IP:PORT", conflicts_with = "data")]
    #[telemetry(record(given))]
    to: Option<SocketAddr>,
    /// How many runs, roughly
    #[arg(long, default_value_t = 20_000, value_parser = value_parser!(u64).range(1..))]
    #[telemetry(record(buckets(1_000, 10_000, 100_000, 1_000_000)))]
    runs: u64,
    /// How many days, up to today [default: 60, or with --to 30, the most that a server takes]
    #[arg(long, value_parser = value_parser!(u16).range(1..))]
    days: Option<u16>,
    /// The program's name
    #[arg(long, default_value = "toolkit", value_parser = NonEmptyStringValueParser::new())]
    app: String,
    /// How many machines [default: one for 25 runs, and at least 20]
    #[arg(long, value_parser = value_parser!(u64).range(1..))]
    machines: Option<u64>,
    /// A release, and its day from 0; may be repeated, the oldest first [default: 0.1.0 on the first day, 0.2.0 after a
    /// third of the days, 0.3.0 after three quarters]
    #[arg(long, value_name = "VERSION@DAY")]
    release: Vec<Release>,
    /// Something a release changes, such as `since=0.3.0,command=run,takes=2` (times as long) or
    /// `since=0.3.0,command=run,platform=linux/arm64,fails=0.3` (of the runs); may be repeated
    #[arg(long, value_name = "CHANGE")]
    #[telemetry(record(count(1, 2, 5)))]
    change: Vec<Change>,
    /// Other runs for another number
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Simulate {
    pub(crate) fn run(self) -> Result<(), Error> {
        let days = self.days.unwrap_or(if self.to.is_some() { simulate::MAX_DELIVERED_DAYS } else { 60 });
        let mut plan = Plan::new(&self.app, self.runs, days.into(), time::today());
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
        super::print(&format!("{count} runs\n"))
    }
}
