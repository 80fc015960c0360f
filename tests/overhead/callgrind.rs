use std::env;
use std::process::{Command, Stdio};

use support::run_by;

/// Hashing and random ids make a run differ from the next by a few hundred instructions.
const RUNS: usize = 5;

/// What std asks libc at the start of every program, which reads `/proc/self/maps`: a fifth of all that a small program
/// does, and thousands of instructions more or less by the length of its path and by where memory happens to be. It is
/// left out.
const MAIN_STACK: &str = "pthread_getattr_np*";

/// The instructions that a run executes outside the kernel, median; `None` without valgrind.
pub(crate) fn instructions_of(run: &dyn Fn() -> Command) -> Option<u64> {
    let mut counts: Vec<u64> = (0..RUNS).map(|_| count(&run())).collect::<Option<_>>()?;
    counts.sort_unstable();
    Some(counts[RUNS / 2])
}

fn count(run: &Command) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    // In this order: the first also says that nothing is counted at the start.
    valgrind.args([&format!("--toggle-collect={MAIN_STACK}"), "--collect-atstart=yes"]);
    // Valgrind itself is looked for in the path.
    let output = run_by(valgrind, run).env("PATH", env::var_os("PATH")?).stdout(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "callgrind failed: {text}");
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind has collected nothing: {text}"));
    Some(count.trim().parse().expect("a number of instructions"))
}
