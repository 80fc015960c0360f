use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::Examples;

/// One example and a home for it: nothing of the world outside reaches it, and nothing it writes stays.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    name: String,
    home: TempDir,
}

impl Program {
    /// The example `name`.
    pub fn new(name: &str) -> Self {
        Self::called(name, name)
    }

    /// The example `example`, made to believe that it was called as `name`: clap shows the name it was called by.
    pub fn called(example: &str, name: &str) -> Self {
        Self::at(Examples::get().path(example).to_owned(), name)
    }

    /// Any program, made to believe that it was called as `name`.
    pub fn at(path: PathBuf, name: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder for temporary files can be written");
        Program { path, name: name.to_owned(), home }
    }

    /// The folder that is this program's home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The folder of its telemetry. It does not exist before something is recorded.
    pub fn telemetry_dir(&self) -> PathBuf {
        self.home().join("telemetry")
    }

    /// The name of a variable of this program, by the part behind `_TELEMETRY_`.
    pub fn variable(&self, key: &str) -> String {
        format!("{}_TELEMETRY_{key}", self.name.to_uppercase())
    }

    /// A run that is recorded.
    pub fn recorded<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.undecided(args);
        command.env(self.variable("ENABLED"), "1");
        command
    }

    /// A run of a user who has not said whether it may be recorded.
    pub fn undecided<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.path);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.name);
        command.args(args).env_clear().env("HOME", self.home()).env(self.variable("DIR"), self.telemetry_dir());
        command.stdin(Stdio::null());
        command
    }

    /// A run with this environment, and its event.
    ///
    /// # Panics
    ///
    /// When it has left no event, or more than one.
    pub fn event(&self, command: &mut Command) -> (Output, Value) {
        let output = command.output().expect("the program runs");
        let mut events = self.take_events();
        assert_eq!(events.len(), 1, "{command:?} has left {} events", events.len());
        (output, events.remove(0))
    }

    /// The lines of the queue, which is empty afterwards.
    pub fn take_lines(&self) -> Vec<String> {
        let queue = self.telemetry_dir().join("queue.jsonl");
        let Ok(text) = fs::read_to_string(&queue) else { return Vec::new() };
        fs::remove_file(queue).expect("the queue can be removed");
        text.lines().map(str::to_owned).collect()
    }

    /// The events in the queue, which is empty afterwards.
    ///
    /// # Panics
    ///
    /// When a line is not JSON.
    pub fn take_events(&self) -> Vec<Value> {
        self.take_lines().iter().map(|line| serde_json::from_str(line).expect("a line of the queue is JSON")).collect()
    }
}
