use std::env;
use std::process::Command;

use crate::subject::Subject;

/// Hashing and random ids make a run differ from the next by a few hundred instructions.
const RUNS: usize = 5;

/// The instructions that a run executes outside the kernel, median; `None` without valgrind.
pub(crate) fn instructions(subject: &Subject) -> Option<u64> {
    let mut counts: Vec<u64> = (0..RUNS).map(|_| count(subject)).collect::<Option<_>>()?;
    counts.sort_unstable();
    Some(counts[RUNS / 2])
}

fn count(subject: &Subject) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    // Valgrind itself is looked for in the path.
    let output = subject.run_under(valgrind).env("PATH", env::var_os("PATH")?).output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "callgrind failed: {text}");
    let collected = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, count) = collected.unwrap_or_else(|| panic!("callgrind has collected nothing: {text}"));
    Some(count.trim().parse().expect("a number of instructions"))
}
