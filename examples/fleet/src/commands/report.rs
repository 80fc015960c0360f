use std::io::{self, Write};

use clap::Args;
use fleet::data::Data;
use fleet::{publish, report, store, time};
use telemetry_runtime::telemetry_cli;

use super::Store;
use crate::Error;

#[telemetry_cli]
#[derive(Args)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) of: Of,
}

/// What a page is about.
#[derive(Args)]
pub(crate) struct Of {
    #[command(flatten)]
    store: Store,
    /// The program [default: the one with the most runs]
    #[arg(long)]
    app: Option<String>,
    /// How many days, up to today
    #[arg(long, default_value_t = 60)]
    days: u16,
}

impl Of {
    /// The program and its runs.
    pub(crate) fn read(&self) -> Result<(String, Data), Error> {
        let today = today();
        self.read_days(today - i64::from(self.days) + 1, today + 1)?.ok_or(Error::NoRuns)
    }

    /// The program and its runs in completed weeks.
    pub(crate) fn read_whole_weeks(&self) -> Result<(String, Data), Error> {
        let (first, last) = publish::whole_weeks(today(), self.days);
        self.read_days(first, last)?.ok_or(Error::NoWeeks(self.days))
    }

    /// `None` if there are none.
    fn read_days(&self, first: i64, last: i64) -> Result<Option<(String, Data)>, Error> {
        let failed = |error| Error::Store(store::Error::Sqlite(self.store.data.clone(), error));
        let db = self.store.open()?;
        let app = match &self.app {
            Some(app) => app.clone(),
            None => fleet::data::largest(&db).map_err(failed)?.ok_or(Error::NoRuns)?,
        };
        let data = fleet::data::read(&db, &app, first, last).map_err(failed)?;
        Ok(data.filter(|data| !data.records.is_empty()).map(|data| (app, data)))
    }
}

fn today() -> i64 {
    i64::try_from(time::unix_ms() / time::MS_PER_HOUR / 24).unwrap_or(0)
}

impl Report {
    pub(crate) fn run(self) -> Result<(), Error> {
        let (app, data) = self.of.read()?;
        let page = report::page(&data, &app, time::unix_ms()).ok_or(Error::NoRuns)?;
        io::stdout().lock().write_all(page.as_bytes()).map_err(Error::Output)
    }
}
