//! The program under load.

use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server in a process of its own.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    pub(crate) fn start(fleet: &Path, data: &Path) -> Result<Self, Box<dyn Error>> {
        let mut command = Command::new(fleet);
        command.args(["serve", "--listen", "127.0.0.1:0", "--max-requests", "0", "--data"]).arg(data);
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().ok_or("no stdout")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://").ok_or("the server does not listen")?.parse()?;
        Ok(Server { child, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The processor time it has taken. Known on Linux only.
    pub(crate) fn processor_time(&self) -> Duration {
        processor_time(self.child.id())
    }

    /// Killed: what was acknowledged is on the disk.
    pub(crate) fn stop(mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

/// What a command on a file prints.
pub(crate) fn output(fleet: &Path, args: &[&str], data: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
    let output = Command::new(fleet).args(args).arg(data).stderr(Stdio::inherit()).output()?;
    if output.status.success() { Ok(output.stdout) } else { Err(format!("{args:?} failed").into()) }
}

fn processor_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name, which is in parentheses: user and system time, in hundredths of a second.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    Duration::from_millis(fields.filter_map(|field| field.parse::<u64>().ok()).sum::<u64>() * 10)
}

/// What a command took.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) output: Vec<u8>,
    /// The most memory, in kB. Known on Linux only, as is the processor time.
    pub(crate) memory: u64,
    pub(crate) processor_time: Duration,
}

/// Runs a command on a file, and watches it.
pub(crate) fn watch(fleet: &Path, args: &[&str], data: &Path) -> Result<Taken, Box<dyn Error>> {
    let mut child = Command::new(fleet).args(args).arg(data).stdout(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut taken = Taken::default();
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0);
        taken.memory = taken.memory.max(now);
        taken.processor_time = taken.processor_time.max(processor_time(child.id()));
        std::thread::sleep(Duration::from_millis(5));
    }
    child.stdout.take().ok_or("no stdout")?.read_to_end(&mut taken.output)?;
    Ok(taken)
}
