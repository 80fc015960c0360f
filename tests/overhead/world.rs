//! Programs with a home of their own.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use support::Program;

use crate::programs::Programs;

/// How long a delivery may disturb the measurements next to it.
pub(crate) const DELIVERY_DISTURBS: Duration = Duration::from_millis(25);

pub(crate) const ON: (&str, &str) = ("ENABLED", "1");
pub(crate) const OFF: (&str, &str) = ("ENABLED", "0");

/// A program with a home of its own, in which telemetry is in a certain state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) program: Program,
    variables: Vec<(&'static str, String)>,
}

impl World {
    /// One of the examples, run under the name `toolkit`.
    pub(crate) fn new(program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        World::called("toolkit", program, variables)
    }

    /// A program called `name`. `variables` are given without the prefix of their names.
    pub(crate) fn called(name: &str, program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        let variables = variables.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        World { program: Program::at(program, name), variables }
    }

    /// After the user said yes or no, through the commands of `toolkit`.
    pub(crate) fn decided(programs: &Programs, decision: &str) -> Self {
        let mut world = World::new(programs.path("toolkit"), &[]);
        let decided = world.command(&["telemetry", decision]).status();
        assert!(decided.expect("the program runs").success());
        world.program.become_program(programs.path("attributed"));
        world
    }

    pub(crate) fn command<A: AsRef<OsStr>>(&self, args: &[A]) -> Command {
        let mut command = self.program.undecided(args);
        command.envs(self.variables.iter().map(|(name, value)| (self.program.variable(name), value)));
        command.stdout(Stdio::null());
        command
    }

    /// A run that does almost nothing, and succeeds.
    pub(crate) fn run(&self) -> Command {
        self.command(&["run", "flow.yaml"])
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.program.file(name)
    }

    /// The first run, which creates folders, and its line.
    pub(crate) fn first_line(&self, run: Command) -> String {
        micros(run);
        thread::sleep(DELIVERY_DISTURBS);
        fs::read_to_string(self.file("queue.jsonl")).unwrap_or_default()
    }
}

/// Wall-clock time of a process.
pub(crate) fn micros(mut command: Command) -> f64 {
    let start = Instant::now();
    command.status().expect("the program runs");
    start.elapsed().as_secs_f64() * 1e6
}
