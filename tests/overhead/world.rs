//! Programs in a world of their own.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use support::Program;

use crate::programs::Programs;

/// How long a delivery may disturb what is measured next to it.
pub(crate) const DELIVERY_DISTURBS: Duration = Duration::from_millis(25);

pub(crate) const ON: (&str, &str) = ("ENABLED", "1");
pub(crate) const OFF: (&str, &str) = ("ENABLED", "0");

/// A program with a home of its own, where telemetry is in some state.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) program: Program,
    variables: Vec<(&'static str, String)>,
}

impl World {
    /// One of the examples, which all pass for `toolkit`.
    pub(crate) fn new(program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        World::called("toolkit", program, variables)
    }

    /// A program called `name`; `variables` are named without what their names begin with.
    pub(crate) fn called(name: &str, program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        let variables = variables.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        World { program: Program::at(program, name), variables }
    }

    /// Where the user has said yes or no: by the commands that `toolkit` has.
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

    /// A run that does next to nothing, and well.
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

/// From the start of a process to its end.
pub(crate) fn micros(mut command: Command) -> f64 {
    let start = Instant::now();
    command.status().expect("the program runs");
    start.elapsed().as_secs_f64() * 1e6
}
