//! Many clients, each with a connection and a prepared request.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use fleet::encode;
use fleet::run::Run;
use fleet::simulate::client::{self, PROTOBUF};
use fleet::simulate::{Fleet, Plan, Random};
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) spans: usize,
    pub(crate) gzip: bool,
}

/// What was acknowledged.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) requests: u64,
    pub(crate) runs: u64,
    pub(crate) took: Duration,
    /// 99 of 100 requests took less.
    pub(crate) slow: Duration,
    /// What the server took of the processors.
    pub(crate) processor_time: Duration,
}

/// Requests of a client that were compressed beforehand: compressing takes more than everything else here.
const COMPRESSED: usize = 32;

pub(crate) fn run(load: Load, server: SocketAddr, takes: Duration) -> io::Result<Loaded> {
    let plan = Plan::new("toolkit", 20_000, 14, fleet::time::today());
    let runs: Vec<Run<'_>> = Fleet::new(&plan).days().flat_map(|(_, runs)| runs).collect();
    let clients: Vec<Client> =
        (0..load.connections).map(|number| Client::new(load, &runs, number)).collect::<io::Result<_>>()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let start = Instant::now();
        let clients: Vec<_> =
            clients.into_iter().map(|client| tokio::spawn(client.deliver(server, start + takes))).collect();
        let mut waits: Vec<Duration> = Vec::new();
        for client in clients {
            waits.extend(client.await.map_err(io::Error::other)??);
        }
        let took = start.elapsed();
        waits.sort_unstable();
        let requests = waits.len() as u64;
        let slow = waits.get(waits.len() * 99 / 100).copied().unwrap_or_default();
        Ok(Loaded { requests, runs: requests * load.spans as u64, took, slow, processor_time: Duration::ZERO })
    })
}

/// A client, and what it sends.
struct Client {
    /// Complete requests, taken in turn.
    requests: Vec<Vec<u8>>,
    /// Where the session ids are, unless the requests are compressed.
    sessions: Vec<usize>,
    random: Random,
}

impl Client {
    fn new(load: Load, runs: &[Run<'_>], number: usize) -> io::Result<Self> {
        let mut client = Client { requests: Vec::new(), sessions: Vec::new(), random: random(number) };
        let batch: Vec<Run<'_>> = runs.iter().cycle().skip(number * load.spans).take(load.spans).cloned().collect();
        if !load.gzip {
            let body = encode::request(&batch, "toolkit").encode_to_vec();
            let request = request(&body, None);
            // Each is there once: it is random.
            let places = batch.iter().filter_map(|run| request.windows(16).position(|window| window == run.session_id));
            client.sessions = places.collect();
            client.requests.push(request);
            return Ok(client);
        }
        for _ in 0..COMPRESSED {
            let mut batch = batch.clone();
            batch.iter_mut().for_each(|run| run.session_id = client.random.session());
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&encode::request(&batch, "toolkit").encode_to_vec())?;
            client.requests.push(request(&encoder.finish()?, Some("gzip")));
        }
        Ok(client)
    }

    /// Delivers until then. Returns how long each answer took.
    async fn deliver(mut self, server: SocketAddr, until: Instant) -> io::Result<Vec<Duration>> {
        let mut stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let (mut waits, mut answer) = (Vec::new(), [0; 1_024]);
        // A compressed request cannot get new session ids, so it is sent once.
        let limit = if self.sessions.is_empty() { self.requests.len() } else { usize::MAX };
        for number in 0..limit {
            let place = number % self.requests.len();
            for session in self.sessions.clone() {
                let id = self.random.session();
                let bytes = self.requests.get_mut(place).and_then(|request| request.get_mut(session..session + 16));
                bytes.into_iter().for_each(|bytes| bytes.copy_from_slice(&id));
            }
            let start = Instant::now();
            stream.write_all(self.requests.get(place).map_or(&[], Vec::as_slice)).await?;
            let read = stream.read(&mut answer).await?;
            if !answer.starts_with(b"HTTP/1.1 200") || read == 0 {
                return Err(io::Error::other(String::from_utf8_lossy(&answer).into_owned()));
            }
            waits.push(start.elapsed());
            if Instant::now() >= until {
                break;
            }
        }
        Ok(waits)
    }
}

/// Different in each process and client.
fn random(number: usize) -> Random {
    Random::new((fleet::time::unix_ms() << 16) + number as u64)
}

fn request(body: &[u8], encoding: Option<&str>) -> Vec<u8> {
    let encoding = encoding.map(|encoding| ("content-encoding", encoding));
    let headers: Vec<_> = std::iter::once(PROTOBUF).chain(encoding).collect();
    client::message("POST", "/v1/traces", &headers, body)
}
