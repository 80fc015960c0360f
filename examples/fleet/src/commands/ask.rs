use clap::{Args, ValueEnum};
use fleet::ask;
use telemetry_runtime::telemetry_cli;

use super::Store;
use crate::Error;

#[telemetry_cli]
#[derive(Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    store: Store,
    /// One SELECT on the view `runs`, such as "SELECT command, count(*) AS runs, avg(failed) FROM runs GROUP BY command ORDER BY runs DESC"
    sql: String,
    #[arg(long, value_enum, default_value = "table")]
    #[telemetry(record)]
    format: Format,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Table,
    Csv,
    /// One object a line
    Json,
}

impl Ask {
    pub(crate) fn run(self) -> Result<(), Error> {
        let format = match self.format {
            Format::Table => ask::Format::Table,
            Format::Csv => ask::Format::Csv,
            Format::Json => ask::Format::Json,
        };
        let answer = ask::ask(&self.store.open()?, &self.sql, format).map_err(Error::Ask)?;
        super::print(&answer)
    }
}
