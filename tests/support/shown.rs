use std::process::{Command, ExitStatus, Output};

/// What a user sees of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Shown {
    /// Runs `command`.
    ///
    /// # Panics
    ///
    /// If it does not run, or its output is not UTF-8.
    pub fn of(command: &mut Command) -> Self {
        command.output().expect("the program runs").into()
    }
}

impl From<Output> for Shown {
    fn from(output: Output) -> Self {
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("the output is text"));
        Shown { status: output.status, stdout, stderr: comparable(&stderr) }
    }
}

/// Stderr without the parts that differ between processes, or between a program and its plain twin: thread ids, folders of
/// source files, addresses.
fn comparable(stderr: &str) -> String {
    // A panic that cannot unwind shows the calls inside the runtime, including the wrapper.
    let text = stderr.split("stack backtrace:").next().unwrap_or_default();
    let lines = text.lines().map(|line| {
        let words = line.split(' ').filter(|word| !is_thread_id(word));
        words.map(|word| word.rsplit('/').next().unwrap_or_default()).collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_thread_id(word: &str) -> bool {
    let digits = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
