//! Programs in a world of their own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::programs::Programs;

/// How long a delivery may disturb what is measured next to it.
pub(crate) const SETTLE: Duration = Duration::from_millis(25);

pub(crate) const ON: (&str, &str) = ("ENABLED", "1");
pub(crate) const OFF: (&str, &str) = ("ENABLED", "0");

/// A program with a home of its own, where telemetry is in some state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) program: PathBuf,
    /// The beginning of its variables' names.
    prefix: &'static str,
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl World {
    /// One of the examples, which all pass for `toolkit`.
    pub(crate) fn new(program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        World::of("TOOLKIT", program, variables)
    }

    /// A program whose variables begin with `prefix`; `variables` are named without it.
    pub(crate) fn of(prefix: &'static str, program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        let home = tempfile::tempdir().expect("a folder for temporary files can be written");
        let variables = variables.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        World { program, prefix, home, variables }
    }

    /// Where the user has said yes or no: by the commands that `toolkit` has.
    pub(crate) fn decided(programs: &Programs, decision: &str) -> Self {
        let mut world = World::new(programs.path("toolkit"), &[]);
        let decided = world.command(&["telemetry", decision]).stdout(Stdio::null()).status();
        assert!(decided.expect("the program runs").success());
        world.program = programs.path("attributed");
        world
    }

    pub(crate) fn command<A: AsRef<std::ffi::OsStr>>(&self, args: &[A]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(args).env_clear().env("HOME", self.home.path()).env(self.variable("DIR"), self.telemetry());
        command.envs(self.variables.iter().map(|(name, value)| (self.variable(name), value)));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    pub(crate) fn variable(&self, name: &str) -> String {
        format!("{}_TELEMETRY_{name}", self.prefix)
    }

    /// A run that does next to nothing, and well.
    pub(crate) fn run(&self) -> Command {
        self.command(&["run", "flow.yaml"])
    }

    fn telemetry(&self) -> PathBuf {
        self.home.path().join("telemetry")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.telemetry().join(name)
    }

    /// The first run, which creates folders, and its line.
    pub(crate) fn settle(&self, run: Command) -> String {
        micros(run);
        thread::sleep(SETTLE);
        fs::read_to_string(self.file("queue.jsonl")).unwrap_or_default()
    }
}

/// From the start of a process to its end.
pub(crate) fn micros(mut command: Command) -> f64 {
    let start = Instant::now();
    command.status().expect("the program runs");
    start.elapsed().as_secs_f64() * 1e6
}
