use std::env;
use std::process::{Command, Stdio};

use support::run_by;

/// Hashing and random ids make runs differ by a few hundred instructions.
const RUNS: usize = 5;

/// std calls this libc function at the start of every program. It reads `/proc/self/maps`, takes a fifth of the
/// instructions of a small program, and varies by thousands with the length of the program's path and its memory layout. So
/// it is not counted.
const MAIN_STACK: &str = "pthread_getattr_np*";

/// The user-space instructions of a run, median; `None` without valgrind.
pub(crate) fn instructions_of(run: &dyn Fn() -> Command) -> Option<u64> {
    let mut counts: Vec<u64> = (0..RUNS).map(|_| count(&run())).collect::<Option<_>>()?;
    counts.sort_unstable();
    Some(counts[RUNS / 2])
}

fn count(run: &Command) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    // The first implies `--collect-atstart=no`, so the second must come after it.
    valgrind.args([&format!("--toggle-collect={MAIN_STACK}"), "--collect-atstart=yes"]);
    // Needed to find valgrind itself.
    let output = run_by(valgrind, run).env("PATH", env::var_os("PATH")?).stdout(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "callgrind failed: {text}");
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind has collected nothing: {text}"));
    Some(count.trim().parse().expect("a number of instructions"))
}
