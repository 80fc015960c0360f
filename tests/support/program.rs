use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::examples;

/// A program and a home for it. Nothing of the environment outside reaches it, and nothing that it writes stays.
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
        Self::at(examples().path(example).to_owned(), name)
    }

    /// Any program, made to believe that it was called as `name`, which is also the beginning of its variables' names.
    pub fn at(path: PathBuf, name: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder for temporary files can be written");
        Program { path, name: name.to_owned(), home }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts another program in the place of this one.
    pub fn become_program(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// The folder that is this program's home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The folder of its telemetry. It does not exist before something is recorded.
    pub fn telemetry_dir(&self) -> PathBuf {
        self.home().join("telemetry")
    }

    /// A file in the folder of its telemetry.
    pub fn file(&self, name: &str) -> PathBuf {
        self.telemetry_dir().join(name)
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
    /// If it has left no event, or more than one.
    pub fn event(&self, command: &mut Command) -> (Output, Value) {
        let output = command.output().expect("the program runs");
        let mut events = self.take_events();
        assert_eq!(events.len(), 1, "{command:?} has left {} events", events.len());
        (output, events.remove(0))
    }

    /// The lines of the queue, which is empty afterwards.
    pub fn take_lines(&self) -> Vec<String> {
        let queue = self.file("queue.jsonl");
        let Ok(text) = fs::read_to_string(&queue) else { return Vec::new() };
        fs::remove_file(queue).expect("the queue can be removed");
        text.lines().map(str::to_owned).collect()
    }

    /// The events in the queue, which is empty afterwards.
    ///
    /// # Panics
    ///
    /// If a line is not JSON.
    pub fn take_events(&self) -> Vec<Value> {
        self.take_lines().iter().map(|line| serde_json::from_str(line).expect("a line of the queue is JSON")).collect()
    }
}

/// What differs from run to run of one program: command, status, exit code and class of the error.
pub fn facts(event: &Value) -> Value {
    json!([event["command"], event["status"], event["exit_code"], event["error_class"]])
}

/// The names in a folder, sorted.
///
/// # Panics
///
/// If it is not a folder that can be read.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").file_name().into_string().expect("names are UTF-8"))
        .collect();
    names.sort();
    names
}

/// `command` as the last arguments of `tool`, which gets its environment, too.
pub fn run_by(mut tool: Command, command: &Command) -> Command {
    tool.arg(command.get_program()).args(command.get_args()).env_clear();
    tool.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    tool.stdin(Stdio::null());
    tool
}

/// `command` as `"$@"` of a script.
pub fn run_in_shell(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, "sh"]);
    run_by(shell, command)
}
