use std::path::PathBuf;

use clap::Args;
use fleet::publish;
use telemetry_runtime::telemetry_cli;

use super::report::Of;
use crate::Error;

#[telemetry_cli]
#[derive(Args)]
pub(crate) struct Publish {
    #[command(flatten)]
    of: Of,
    /// Merge rows of fewer runs
    #[arg(long, default_value_t = 50)]
    #[telemetry(record(buckets(10, 50, 100, 1_000)))]
    threshold: u64,
    /// The folder to write to. Its `index.html`, its `runs.json` and the CSV files of an earlier edition are replaced
    #[arg(long, default_value = "public")]
    out: PathBuf,
}

impl Publish {
    pub(crate) fn run(self) -> Result<(), Error> {
        let (app, data) = self.of.read_whole_weeks()?;
        publish::publish(&data, &app, self.threshold, &self.out).map_err(|error| Error::Publish(self.out, error))
    }
}
