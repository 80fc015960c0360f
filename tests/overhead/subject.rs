use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The programs that are compared: without telemetry, with telemetry that is off, and on.
#[derive(Debug)]
pub(crate) struct Subjects([Subject; 3]);

/// A program and its environment. Only the value of one variable differs between them.
#[derive(Debug)]
pub(crate) struct Subject {
    program: PathBuf,
    enabled: &'static str,
    home: TempDir,
}

impl Subjects {
    pub(crate) fn new(plain: &Path, toolkit: &Path) -> Self {
        Subjects([Subject::new(plain, "0"), Subject::new(toolkit, "0"), Subject::new(toolkit, "1")])
    }

    /// Measures each; `None` if one could not be measured.
    pub(crate) fn each<T>(&self, measure: impl Fn(&Subject) -> Option<T>) -> Option<[T; 3]> {
        let [plain, off, on] = &self.0;
        Some([measure(plain)?, measure(off)?, measure(on)?])
    }
}

impl Subject {
    fn new(program: &Path, enabled: &'static str) -> Self {
        let home = tempfile::tempdir().expect("a folder for temporary files can be written");
        let subject = Subject { program: program.to_owned(), enabled, home };
        // The first run that is recorded creates a folder; what counts is all the others.
        let status = subject.run().status().expect("the program runs");
        assert!(status.success(), "{subject:?}");
        let recorded = subject.telemetry_dir().exists();
        assert_eq!(recorded, enabled == "1", "{subject:?}");
        subject
    }

    fn telemetry_dir(&self) -> PathBuf {
        self.home.path().join("telemetry")
    }

    /// A run that does next to nothing, and well.
    pub(crate) fn run(&self) -> Command {
        self.with_arguments(Command::new(&self.program))
    }

    /// The same run under a tool that is given the program as its next argument.
    pub(crate) fn run_under(&self, mut tool: Command) -> Command {
        tool.arg(&self.program);
        self.with_arguments(tool)
    }

    fn with_arguments(&self, mut command: Command) -> Command {
        command.args(["run", "flow.yaml"]).env_clear();
        command.env("TOOLKIT_TELEMETRY_ENABLED", self.enabled).env("TOOLKIT_TELEMETRY_DIR", self.telemetry_dir());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }
}
