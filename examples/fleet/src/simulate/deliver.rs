//! Where simulated runs go: to a server, or directly into a file. Both ways they are encoded as a real program encodes them,
//! and decoded as a server does.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use prost::Message;

use super::client::{Client, PROTOBUF};
use super::{Fleet, Plan};
use crate::receive::{self, LeftOut};
use crate::run::Run;
use crate::store::{self, Batch, Writer};
use crate::{encode, time};

/// A server leaves out what is older, as no program sends it.
pub const MAX_DELIVERED_DAYS: u16 = 30;

/// What a program puts into one request, at most.
const PER_REQUEST: usize = 256;

/// What is written at once, if there is no server.
const PART: usize = 20_000;

/// Why a simulation ended early.
#[derive(Debug)]
pub enum Error {
    /// The plan has a part without effect.
    Plan(String),
    Store(store::Error),
    /// The file has runs already.
    NotEmpty(PathBuf),
    Refused(store::Refused),
    Server(SocketAddr, io::Error),
    /// The server answered with this status.
    Status(SocketAddr, u16),
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Plan(why) => out.write_str(why),
            Error::Store(error) => error.fmt(out),
            Error::NotEmpty(path) => {
                write!(out, "{} has runs already; name another file with --data, or remove it", path.display())
            }
            Error::Refused(_) => write!(out, "the file cannot be written, or is full"),
            Error::Server(address, error) => write!(out, "cannot deliver to {address}: {error}"),
            Error::Status(address, 401) => {
                write!(out, "{address} asks for a token; simulated runs are sent without one")
            }
            Error::Status(address, status) => write!(out, "{address} answered with the status {status}"),
        }
    }
}

impl std::error::Error for Error {}

/// Delivers the runs of a plan to a server. It takes them as if they had come today. Returns how many there were.
pub fn deliver(plan: &Plan, server: SocketAddr) -> Result<usize, Error> {
    plan.check().map_err(Error::Plan)?;
    if plan.days > i64::from(MAX_DELIVERED_DAYS) {
        return Err(Error::Plan(format!("a server leaves out runs of more than {MAX_DELIVERED_DAYS} days ago")));
    }
    let failed = |error| Error::Server(server, error);
    let mut client = Client::connect(server).map_err(failed)?;
    let mut count = 0;
    for (_, runs) in Fleet::new(plan).days() {
        for batch in runs.chunks(PER_REQUEST) {
            let body = encoded(plan, batch);
            let answer = client.request("POST", "/v1/traces", &[PROTOBUF], &body).map_err(failed)?;
            if answer.status != 200 {
                return Err(Error::Status(server, answer.status));
            }
            count += batch.len();
        }
    }
    Ok(count)
}

/// Writes the runs of a plan to a file without runs, as if each had come on its day. Returns how many there were.
///
/// Runs are known again for as long as a program can send them. The older ones of a plan would be kept twice, and those of a
/// real fleet and a simulated one could not be told apart.
pub async fn write(plan: &Plan, data: &Path) -> Result<usize, Error> {
    plan.check().map_err(Error::Plan)?;
    let failed = |error| Error::Store(store::Error::Sqlite(data.to_owned(), error));
    let db = store::open(data, u64::MAX).map_err(Error::Store)?;
    if db.query_row("SELECT EXISTS (SELECT 1 FROM kept)", [], |row| row.get(0)).map_err(failed)? {
        return Err(Error::NotEmpty(data.to_owned()));
    }
    let writer = Writer::start(db).map_err(failed)?;
    let mut count = 0;
    for (received, runs) in Fleet::new(plan).days() {
        for runs in runs.chunks(PART) {
            // Decodes what was just encoded.
            let bytes = encoded(plan, runs);
            let runs = receive::runs(&bytes, &mut LeftOut::default()).unwrap_or_default();
            count += runs.len();
            let batch = Batch::new(runs, received.min(time::unix_ms()));
            writer.store(batch).await.map_err(Error::Refused)?;
        }
    }
    writer.finish();
    Ok(count)
}

fn encoded(plan: &Plan, runs: &[Run<'_>]) -> Vec<u8> {
    encode::request(runs, &plan.app).encode_to_vec()
}
