use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, value_parser};
use fleet::receive::{self, MIN_KEEP_DAYS, Settings};
use telemetry_runtime::telemetry_cli;

use crate::Error;

#[telemetry_cli]
#[derive(Args)]
pub(crate) struct Serve {
    /// The file that keeps the runs
    #[arg(long, default_value = "fleet.db")]
    data: PathBuf,
    /// Where to listen. Anything but loopback belongs behind a proxy that speaks TLS
    #[arg(long, default_value = "127.0.0.1:4318", value_name = "IP:PORT")]
    listen: SocketAddr,
    /// Accept only requests with `authorization: Bearer TOKEN`, and read TOKEN from this file
    #[arg(long, value_name = "FILE")]
    #[telemetry(record(given))]
    token_file: Option<PathBuf>,
    /// The largest body, in bytes, compressed and decompressed. All bodies together may be 16 times as large
    #[arg(long, default_value_t = 4 << 20, value_name = "BYTES", value_parser = value_parser!(u32).range(1..))]
    max_body: u32,
    /// How long the headers of a request may take to arrive, and then its body; and how long a connection may be idle
    #[arg(long, default_value_t = 30, value_name = "SECONDS", value_parser = value_parser!(u64).range(1..))]
    timeout: u64,
    /// Connections at the same time. Further ones wait. A connection is an open file
    #[arg(long, default_value_t = 512, value_name = "NUMBER", value_parser = value_parser!(u16).range(1..))]
    max_connections: u16,
    /// Requests a second, from all senders together; 0 for any number
    #[arg(long, default_value_t = 2_000, value_name = "NUMBER")]
    max_requests: u32,
    /// The largest size of the file, in MiB
    #[arg(long, default_value_t = 16 * 1_024, value_name = "MIB", value_parser = value_parser!(u64).range(1..=MAX_MIB))]
    max_size: u64,
    /// Delete runs that arrived more than so many days ago, from 35 on [default: keep all]
    #[arg(long, value_name = "DAYS", value_parser = value_parser!(u16).range(i64::from(MIN_KEEP_DAYS)..))]
    #[telemetry(record(given))]
    keep_days: Option<u16>,
    /// Keep only runs of this program; may be repeated
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    #[telemetry(record(count(1, 2, 5)))]
    app: Vec<String>,
}

/// A petabyte: more than a file of SQLite can have.
const MAX_MIB: u64 = 1 << 30;

impl Serve {
    pub(crate) fn run(self) -> Result<(), Error> {
        let token = self.token_file.map(|path| match fs::read_to_string(&path) {
            Ok(token) if token.trim().is_empty() => Err(Error::EmptyToken(path)),
            Ok(token) => Ok(token.trim().to_owned()),
            Err(error) => Err(Error::Token(path, error)),
        });
        let settings = Settings {
            data: self.data,
            listen: self.listen,
            token: token.transpose()?,
            max_body: self.max_body as usize,
            timeout: Duration::from_secs(self.timeout),
            max_connections: self.max_connections.into(),
            max_requests: self.max_requests,
            max_size: self.max_size << 20,
            keep_days: self.keep_days,
            apps: BTreeSet::from_iter(self.app),
        };
        super::block_on(async {
            let stop = stop().map_err(Error::Runtime)?;
            receive::serve(settings, stop).await.map_err(Error::Receive)
        })?
    }
}

/// Ready when the program is told to stop. From the call on, a signal no longer ends the process.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the program is told to stop. From the call on, Ctrl-C no longer ends the process.
#[cfg(windows)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
