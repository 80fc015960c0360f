use std::ops::RangeInclusive;

use clap::{Args, value_parser};
use fleet::data::Data;
use fleet::{publish, report, time};
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
    /// The name of the program [default: the one with the most runs in these days]
    #[arg(long)]
    app: Option<String>,
    /// How many days, up to today
    #[arg(long, default_value_t = 60, value_parser = value_parser!(u16).range(1..))]
    days: u16,
}

impl Of {
    /// The program and its runs.
    pub(crate) fn read(&self) -> Result<(String, Data), Error> {
        let today = time::today();
        self.read_days(today - i64::from(self.days) + 1..=today + 1)?.ok_or_else(|| self.no_runs())
    }

    /// The program and its runs in completed weeks.
    pub(crate) fn read_whole_weeks(&self) -> Result<(String, Data), Error> {
        let (first, last) = publish::whole_weeks(time::today(), self.days);
        self.read_days(first..=last)?.ok_or_else(|| Error::NoWeeks(self.app.clone(), self.days))
    }

    fn no_runs(&self) -> Error {
        Error::NoRuns(self.app.clone(), self.days)
    }

    /// `None` if there are none.
    fn read_days(&self, days: RangeInclusive<i64>) -> Result<Option<(String, Data)>, Error> {
        fleet::data::read(&self.store.data, self.app.as_deref(), days).map_err(Error::Store)
    }
}

impl Report {
    pub(crate) fn run(self) -> Result<(), Error> {
        let (app, data) = self.of.read()?;
        let page = report::page(&data, &app, time::unix_ms()).ok_or_else(|| self.of.no_runs())?;
        super::print(&page)
    }
}
