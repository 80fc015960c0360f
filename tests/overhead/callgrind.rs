use std::env;
use std::process::{Command, Stdio};

use crate::subject::Subject;

/// Hashing and random ids make a run differ from the next by a few hundred instructions.
const RUNS: usize = 5;

/// What std asks libc at the start of every program, which reads `/proc/self/maps`: a fifth of all that a small program
/// does, and thousands of instructions more or less by the length of its path and by where memory happens to be. It is
/// left out.
const MAIN_STACK: &str = "pthread_getattr_np*";

/// The instructions that a run executes outside the kernel, median; `None` without valgrind.
pub(crate) fn instructions(subject: &Subject) -> Option<u64> {
    median(|valgrind| subject.run_under(valgrind))
}

/// The same of any run.
pub(crate) fn instructions_of(run: &dyn Fn() -> Command) -> Option<u64> {
    median(|mut valgrind| {
        let run = run();
        valgrind.arg(run.get_program()).args(run.get_args()).env_clear();
        valgrind.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
        valgrind.stdin(Stdio::null()).stdout(Stdio::null());
        valgrind
    })
}

fn median(under: impl Fn(Command) -> Command) -> Option<u64> {
    let mut counts: Vec<u64> = (0..RUNS).map(|_| count(&under)).collect::<Option<_>>()?;
    counts.sort_unstable();
    Some(counts[RUNS / 2])
}

fn count(under: impl Fn(Command) -> Command) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    // In this order: the first also says that nothing is counted at the start.
    valgrind.args([&format!("--toggle-collect={MAIN_STACK}"), "--collect-atstart=yes"]);
    // Valgrind itself is looked for in the path.
    let output = under(valgrind).env("PATH", env::var_os("PATH")?).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "callgrind failed: {text}");
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind has collected nothing: {text}"));
    Some(count.trim().parse().expect("a number of instructions"))
}
