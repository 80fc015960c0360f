//! The commands' arguments.

mod ask;
mod publish;
mod report;
mod serve;
mod simulate;

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use fleet::store;
use rusqlite::Connection;

pub(crate) use self::ask::Ask;
pub(crate) use self::publish::Publish;
pub(crate) use self::report::Report;
pub(crate) use self::serve::Serve;
pub(crate) use self::simulate::Simulate;

use crate::Error;

/// The file to read from.
#[derive(Args)]
pub(crate) struct Store {
    /// The file that keeps the runs
    #[arg(long, default_value = "fleet.db")]
    data: PathBuf,
}

impl Store {
    fn open(&self) -> Result<Connection, Error> {
        store::open_read_only(&self.data).map_err(Error::Store)
    }
}

/// Prints a result. Whoever stops reading it, such as `head`, has seen enough.
fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
        _ => Ok(()),
    }
}

/// Runs what is asynchronous.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    Ok(runtime.block_on(future))
}
