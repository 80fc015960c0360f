//! How a run ended: the way, its status, exit code and error class.

use crate::declare::ErrorClassName;

/// How a run ended, in the terms of NVIDIA's NeMo Agent Toolkit.
///
/// The runtime itself records `Success`, `Failure`, `Interrupted` and `Undefined`. The others are for programs that
/// call [`emit_command_event`](crate::emit_command_event).
///
/// ```
/// use telemetry_runtime::TaskStatus;
///
/// assert_eq!(TaskStatus::Interrupted.as_str(), "interrupted");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskStatus {
    /// Exit code 0.
    Success,
    /// An error, a panic, or an exit code other than 0.
    Failure,
    /// A long-running task finished.
    Completed,
    /// A task ended with an error.
    Error,
    /// The program canceled the task.
    Canceled,
    /// A signal, or the exit code that stands for one (129 to 131, 143), or the reader of the output is gone.
    Interrupted,
    /// It is not known how the run ended.
    Undefined,
}

impl TaskStatus {
    /// Every status.
    pub(crate) const ALL: [TaskStatus; 7] = [
        TaskStatus::Success,
        TaskStatus::Failure,
        TaskStatus::Completed,
        TaskStatus::Error,
        TaskStatus::Canceled,
        TaskStatus::Interrupted,
        TaskStatus::Undefined,
    ];

    /// The status as it is written to the event.
    pub const fn as_str(self) -> &'static str {
        match self {
            TaskStatus::Success => "success",
            TaskStatus::Failure => "failure",
            TaskStatus::Completed => "completed",
            TaskStatus::Error => "error",
            TaskStatus::Canceled => "canceled",
            TaskStatus::Interrupted => "interrupted",
            TaskStatus::Undefined => "undefined",
        }
    }
}

/// The way in which a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Main returned, and not with an error.
    Return,
    /// Main returned an error.
    Error,
    /// The program called `exit`, or main ended where telemetry does not see it.
    Exit,
    Panic,
    Signal,
    /// clap refused the command line. Also when it printed the help because something was missing: nobody asked for it,
    /// and clap exits with the code of its errors.
    Usage,
    /// clap printed the help that the user asked for.
    Help,
    /// clap printed the version that the user asked for.
    Version,
    /// Another program took the place of this one.
    Exec,
    /// Nothing told how.
    Abandoned,
}

impl Ending {
    /// Every way.
    pub(crate) const ALL: [Ending; 10] = [
        Ending::Return,
        Ending::Error,
        Ending::Exit,
        Ending::Panic,
        Ending::Signal,
        Ending::Usage,
        Ending::Help,
        Ending::Version,
        Ending::Exec,
        Ending::Abandoned,
    ];

    /// The way as it is written to the event.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Ending::Return => "return",
            Ending::Error => "error",
            Ending::Exit => "exit",
            Ending::Panic => "panic",
            Ending::Signal => "signal",
            Ending::Usage => "usage",
            Ending::Help => "help",
            Ending::Version => "version",
            Ending::Exec => "exec",
            Ending::Abandoned => "abandoned",
        }
    }
}

/// The fields of an event that say how the run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) ending: Ending,
    pub(crate) status: TaskStatus,
    /// -1 when unknown.
    pub(crate) exit_code: i32,
    pub(crate) error_class: Option<ErrorClassName>,
}

impl Outcome {
    /// The outcome when only the exit code is known. By convention, 128 + n means that signal n ended the program.
    pub(crate) fn from_code(ending: Ending, exit_code: i32) -> Self {
        let status = match exit_code {
            0 => TaskStatus::Success,
            129..=131 | 143 => TaskStatus::Interrupted,
            _ => TaskStatus::Failure,
        };
        Outcome { ending, status, exit_code, error_class: None }
    }

    /// A broken pipe is no failure: whoever read the output has seen enough.
    pub(crate) fn with_its_status(self) -> Self {
        match self.error_class {
            Some(ErrorClassName::BROKEN_PIPE) if self.is_failure() => {
                Outcome { status: TaskStatus::Interrupted, ..self }
            }
            _ => self,
        }
    }

    pub(crate) fn is_failure(self) -> bool {
        self.status == TaskStatus::Failure
    }

    /// A panic.
    pub(crate) fn panic(exit_code: i32, error_class: ErrorClassName) -> Self {
        let status = TaskStatus::Failure;
        Outcome { ending: Ending::Panic, status, exit_code, error_class: Some(error_class) }
    }

    /// It is not known with which exit code the run ended.
    pub(crate) const fn unknown(ending: Ending) -> Self {
        Outcome { ending, status: TaskStatus::Undefined, exit_code: -1, error_class: None }
    }

    /// What is known if nothing tells how the run ended, and while it has not ended.
    pub(crate) const UNTOLD: Outcome = Outcome::unknown(Ending::Abandoned);
}
