use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::examples;

/// A program and its home. It sees nothing of the environment outside, and nothing it writes remains.
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

    /// The example `example`, called by the name `name`, which clap shows.
    pub fn called(example: &str, name: &str) -> Self {
        Self::at(examples().path(example).to_owned(), name)
    }

    /// Any program, called by the name `name`. That is also the prefix of its variables.
    pub fn at(path: PathBuf, name: &str) -> Self {
        #[cfg(unix)]
        restore_signals();
        let home = tempfile::tempdir().expect("a folder for temporary files can be written");
        Program { path, name: name.to_owned(), home }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces this program by another.
    pub fn become_program(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// The folder that is this program's home.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Its telemetry folder, which does not exist until something is recorded.
    pub fn telemetry_dir(&self) -> PathBuf {
        self.home().join("telemetry")
    }

    /// A file in its telemetry folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.telemetry_dir().join(name)
    }

    /// The name of one of its variables, from the part after `_TELEMETRY_`.
    pub fn variable(&self, key: &str) -> String {
        format!("{}_TELEMETRY_{key}", self.name.to_uppercase())
    }

    /// A run that is recorded.
    pub fn recorded<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = self.undecided(args);
        command.env(self.variable("ENABLED"), "1");
        command
    }

    /// A run of a user who has not decided.
    pub fn undecided<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.path);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, &self.name);
        command.args(args).env_clear().env("HOME", self.home()).env(self.variable("DIR"), self.telemetry_dir());
        // Programs on Windows do not start, or have no network, without this variable.
        #[cfg(windows)]
        command.envs(std::env::var_os("SystemRoot").map(|folder| ("SystemRoot", folder)));
        command.stdin(Stdio::null());
        command
    }

    /// The processes that deliver for this program: those with its home in their environment.
    ///
    /// # Panics
    ///
    /// Where there is no `/proc`.
    pub fn workers(&self) -> Vec<u32> {
        let home = self.home().as_os_str().as_encoded_bytes();
        let mut workers = Vec::new();
        for entry in fs::read_dir("/proc").expect("this is Linux").flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let Ok(environment) = fs::read(entry.path().join("environ")) else { continue };
            let has = |text: &[u8]| environment.windows(text.len()).any(|window| window == text);
            // A process that is still being loaded has no environment yet.
            let is_loaded = !environment.is_empty();
            let is_ours = fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == self.path());
            if is_ours && !is_loaded || has(b"TELEMETRY_RUNTIME_WORKER=") && has(home) {
                workers.push(pid);
            }
        }
        workers
    }

    /// A run with this environment, and its event.
    ///
    /// # Panics
    ///
    /// If it left no event, or more than one.
    pub fn event(&self, command: &mut Command) -> (Output, Value) {
        let output = command.output().expect("the program runs");
        let mut events = self.take_events();
        assert_eq!(events.len(), 1, "{command:?} has left {} events", events.len());
        (output, events.remove(0))
    }

    /// Takes the lines of the queue, which is then empty.
    pub fn take_lines(&self) -> Vec<String> {
        let queue = self.file("queue.jsonl");
        let Ok(text) = fs::read_to_string(&queue) else { return Vec::new() };
        fs::remove_file(queue).expect("the queue can be removed");
        text.lines().map(str::to_owned).collect()
    }

    /// Takes the events of the queue, which is then empty.
    ///
    /// # Panics
    ///
    /// If a line is not JSON.
    pub fn take_events(&self) -> Vec<Value> {
        self.take_lines().iter().map(|line| serde_json::from_str(line).expect("a line of the queue is JSON")).collect()
    }
}

/// Restores the usual dispositions of signals, which programs inherit. Under `nohup`, or in the background of a shell
/// without job control, some are ignored.
#[cfg(unix)]
fn restore_signals() {
    static RESTORED: std::sync::Once = std::sync::Once::new();

    RESTORED.call_once(|| {
        for signal in [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM] {
            // SAFETY: SIG_DFL runs no code.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    });
}

/// The fields that differ between runs of one program: command, status, exit code and error class.
pub fn facts(event: &Value) -> Value {
    json!([event["command"], event["status"], event["exit_code"], event["error_class"]])
}

/// The names in a folder, sorted.
///
/// # Panics
///
/// If it is not a readable folder.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("the folder can be read").file_name().into_string().expect("names are UTF-8"))
        .collect();
    names.sort();
    names
}

/// `command` as the last arguments of `tool`, with its environment.
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
