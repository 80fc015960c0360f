//! The server: from the first connection to the last commit.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::body::Bodies;
use super::connections;
use super::limit::Limit;
use super::metrics::Metrics;
use super::routes::{Receiver, router};
use crate::store::{self, Writer};
use crate::time;

/// How to receive.
#[derive(Debug, Clone)]
pub struct Settings {
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub token: Option<String>,
    /// In bytes, compressed and decompressed.
    pub max_body: usize,
    /// How long the headers of a request may take to arrive, and then its body.
    pub timeout: Duration,
    /// At the same time.
    pub max_connections: usize,
    /// In a second, 0 for any number.
    pub max_requests: u32,
    /// Of the file, in bytes.
    pub max_size: u64,
    /// Runs are deleted so many days after they were received. `None` keeps all. At least [`MIN_KEEP_DAYS`].
    pub keep_days: Option<u16>,
    /// The programs that are expected. Empty for all.
    pub apps: BTreeSet<String>,
}

/// A program sends nothing that is older than 30 days, and its clock may be two days ahead. So a run that has been deleted is too
/// old for the view `runs` if it comes again.
pub const MIN_KEEP_DAYS: u16 = 35;

/// Between two looks for old runs.
const DELETE_EVERY: Duration = Duration::from_secs(60 * 60);

/// Receives until `stop` is ready; then finishes what has begun, and writes everything that was acknowledged to the file.
pub async fn serve(settings: Settings, stop: impl Future<Output = ()>) -> Result<(), Error> {
    // Before the file is created: without an address there is no use for it.
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| Error::Listen(settings.listen, error))?;
    let address = listener.local_addr().map_err(|error| Error::Listen(settings.listen, error))?;
    let db = store::open(&settings.data, settings.max_size).map_err(Error::Store)?;
    let writer = Writer::start(db).map_err(|error| Error::Store(store::Error::Sqlite(settings.data, error)))?;
    let receiver = Arc::new(Receiver {
        writer,
        metrics: Metrics::default(),
        limit: Limit::new(settings.max_requests),
        token: settings.token,
        bodies: Bodies::new(settings.max_body, settings.timeout),
        apps: settings.apps,
    });
    writeln!(io::stdout().lock(), "listening on http://{address}").map_err(Error::Output)?;

    let served =
        connections::serve(listener, router(Arc::clone(&receiver)), settings.max_connections, settings.timeout, stop);
    tokio::select! {
        () = served => {}
        () = delete(&receiver.writer, settings.keep_days) => {}
    }
    // Only a connection that took too long still has it.
    if let Some(receiver) = Arc::into_inner(receiver) {
        receiver.writer.finish();
    }
    Ok(())
}

/// Deletes old runs, if there is an age. Never ready.
async fn delete(writer: &Writer, keep_days: Option<u16>) {
    let Some(days) = keep_days else { return std::future::pending().await };
    let mut looks = tokio::time::interval(DELETE_EVERY);
    loop {
        looks.tick().await;
        writer.delete_before(time::today() - i64::from(days));
    }
}

/// Why the server ended.
#[derive(Debug)]
pub enum Error {
    Store(store::Error),
    Listen(SocketAddr, io::Error),
    Output(io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Store(error) => error.fmt(out),
            Error::Listen(address, error) => write!(out, "cannot listen on {address}: {error}"),
            Error::Output(error) => write!(out, "cannot write to standard output: {error}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Store(error) => Some(error),
            Error::Listen(_, error) | Error::Output(error) => Some(error),
        }
    }
}
