//! The collector rotel.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use support::wait_until;
use tempfile::TempDir;

use crate::database::file;

#[derive(Debug)]
pub(crate) struct Collector {
    process: Child,
    pub(crate) address: SocketAddr,
    _files: TempDir,
}

impl Collector {
    /// In front of ClickHouse at this URL.
    pub(crate) fn to_clickhouse(python: &Path, url: &str) -> Self {
        // What stands for ClickHouse here reads nothing compressed.
        Self::start(python, "clickhouse", "CLICKHOUSE", url, &["--clickhouse-exporter-compression", "none"])
    }

    /// In front of Kafka at this address.
    pub(crate) fn to_kafka(python: &Path, address: &str) -> Self {
        Self::start(python, "kafka", "KAFKA", address, &[])
    }

    fn start(python: &Path, to: &str, variable: &str, target: &str, args: &[&str]) -> Self {
        let files = tempfile::tempdir().unwrap();
        let [http, grpc] = [free_address(), free_address()];
        let mut command = Command::new(file("collector/rotel.sh"));
        command.arg(to).args(args).env(variable, target).env("PYTHON", python);
        command.env("LISTEN", http.to_string()).env("LISTEN_GRPC", grpc.to_string());
        command.arg("--pid-file").arg(files.path().join("pid")).arg("--log-file").arg(files.path().join("log"));
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        wait_until("the collector listens", || {
            assert_eq!(process.try_wait().unwrap(), None, "the collector has ended");
            TcpStream::connect(http).is_ok()
        });
        Collector { process, address: http, _files: files }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/v1/traces", self.address)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where nobody listens.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
