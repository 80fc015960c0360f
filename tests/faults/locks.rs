//! File systems with other locks or none: appending and rotating do not need them.

use std::fs;
use std::process::Stdio;
use std::thread;

use support::{Locks, Program, names};

/// Half of the queue's cap: the size at which it rotates.
const FULL: usize = 512 * 1024;

#[test]
fn a_full_queue_rotates_whatever_the_locks_are() {
    const WRITERS: usize = 8;
    const RUNS: usize = 25;
    for locks in Locks::ALL {
        let program = Program::new("toolkit");
        let run = || {
            let mut command = program.recorded(["remote"]);
            assert!(locks.under(command.stdout(Stdio::null())).status().unwrap().success());
        };
        run();
        let queue = program.file("queue.jsonl");
        let line = fs::read_to_string(&queue).unwrap();
        // Room for a part of what follows, so that several processes find the file full at once.
        let filled = FULL / line.len() - WRITERS * RUNS / 2;
        fs::write(&queue, line.repeat(filled)).unwrap();
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| (0..RUNS).for_each(|_| run()));
            }
        });
        let text = |name: &str| fs::read_to_string(program.file(name)).unwrap_or_default();
        // A process that takes a line for torn, while another is still writing it, begins a new one. That may leave an empty one.
        let lines = |name: &str| text(name).lines().filter(|line| !line.is_empty()).count();
        assert_eq!(
            lines("queue.jsonl") + lines("queue.old.jsonl") + lines("queue.spill.jsonl"),
            filled + WRITERS * RUNS,
            "{locks:?}: {:?}",
            names(&program.telemetry_dir())
        );
        assert!(lines("queue.old.jsonl") > 0, "it has not rotated");
        assert!(!program.file("drain.held").exists());
    }
}
