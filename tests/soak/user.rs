//! A user: a home, a receiver, and one action after the other.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use support::{Program, Random, delivering, run_in_shell, wait_at_most};

use crate::books::Books;
use crate::disk::Disk;
use crate::folder::Folder;
use crate::receiver::{Mood, Receiver};
use crate::runs::Run;

/// The longest lifetime of a worker, and some time for a busy machine.
const WORKER_LIVES: Duration = Duration::from_secs(60);

/// The largest number of runs at once.
const CROWD: usize = 6;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Beyond what a clock of another machine is ahead, and beyond any wait.
const JUMP: Duration = Duration::from_secs(1_000_000);

#[derive(Debug)]
pub(crate) struct User {
    number: usize,
    program: Program,
    folder: Folder,
    receiver: Receiver,
    disk: Option<Disk>,
    random: Random,
    books: Books,
}

/// What a user says about telemetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Enable,
    Disable,
    Purge,
}

impl User {
    pub(crate) fn new(number: usize, seed: u64, has_small_disk: bool) -> Self {
        let program = Program::at(delivering().path("soaked").to_owned(), "soaked");
        let folder = Folder::new(program.telemetry_dir());
        let disk = has_small_disk.then(|| Disk::new(folder.path()).expect("mounting is permitted"));
        let random = Random::new(seed.wrapping_add(number as u64));
        let mut user =
            User { number, program, folder, receiver: Receiver::new(), disk, random, books: Books::default() };
        user.decide(Decision::Enable);
        user
    }

    /// Does something.
    pub(crate) fn act(&mut self) {
        match self.random.below(40) {
            0..14 => self.run_crowd(&[]),
            14..18 => self.receiver.become_(Mood::any(&mut self.random)),
            18..22 => self.move_stamp(),
            22..26 => self.move_state(),
            26..30 => self.kill_workers(),
            30..32 => self.fill_or_clear_disk(),
            32 => self.leave_junk(),
            33..36 => self.flush(),
            36 => self.decide(Decision::Enable),
            37 => {
                let decision = self.any_decision();
                self.decide(decision);
            }
            38 => {
                let decision = self.any_decision();
                let decisions = [Decision::Disable, decision];
                let first = self.random.below(2);
                self.run_crowd(&decisions[first..]);
            }
            _ => std::thread::sleep(self.random.time_below(Duration::from_millis(200))),
        }
    }

    fn any_decision(&mut self) -> Decision {
        self.random.pick(&[Decision::Enable, Decision::Disable, Decision::Purge])
    }

    /// Runs at the same time, some of which are killed or may not write. Meanwhile the user may decide.
    fn run_crowd(&mut self, decisions: &[Decision]) {
        let crowd = 1 + self.random.below(CROWD);
        let mut runs: Vec<Run> = Vec::new();
        for _ in 0..crowd {
            // Long enough for a decision.
            let ending = self.random.pick(if decisions.is_empty() { &["work", "quit"] } else { &["work", "nap"] });
            let mut command = self.command(&[ending]);
            if self.random.below(8) == 0 {
                // Even after a no.
                command.env(self.program.variable("ENABLED"), "1");
            }
            if self.random.below(8) == 0 {
                // A block: the queue cannot grow, but its losses can be counted.
                command = run_in_shell(r#"ulimit -f 1; exec "$@""#, &command);
            }
            let is_killed = self.random.below(4) == 0;
            let lives = is_killed.then(|| self.random.time_below(Duration::from_millis(12)));
            runs.push(Run::start(&mut command, lives));
        }
        if !decisions.is_empty() {
            // Meanwhile most runs begin.
            std::thread::sleep(self.random.time_below(Duration::from_millis(100)));
        }
        decisions.iter().for_each(|&decision| self.decide(decision));
        for run in runs {
            let recorded = run.end();
            if !decisions.is_empty() {
                // It may have been deleted, or recorded before a no.
                recorded.id.iter().for_each(|id| self.books.excuse(id));
            }
            self.books.note_run(recorded);
        }
    }

    /// Runs the command of a decision. What it deletes is no loss.
    fn decide(&mut self, decision: Decision) {
        let argument = match decision {
            Decision::Enable => "enable",
            Decision::Disable => "disable",
            Decision::Purge => "purge",
        };
        // After a no, a yes deletes what has been recorded since.
        let deletes = decision != Decision::Enable || self.has_said_no();
        if deletes {
            self.books.delete(self.folder.queued());
        }
        let began = SystemTime::now();
        let status = self.command(&["telemetry", argument]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        self.books.unnamed += 1;
        let is_done = status.expect("the program runs").success();
        if is_done && decision == Decision::Disable {
            self.books.note_no(began);
        }
    }

    fn has_said_no(&self) -> bool {
        let text = fs::read(self.folder.file("consent.json")).unwrap_or_default();
        serde_json::from_slice(&text).is_ok_and(|consent: Value| consent["decision"] == "no")
    }

    /// Delivers everything now, unless it is killed.
    fn flush(&mut self) {
        let mut command = self.command(&["telemetry", "flush"]);
        let is_killed = self.random.below(2) == 0;
        let lives = is_killed.then(|| self.random.time_below(Duration::from_millis(30)));
        let recorded = Run::start(command.stderr(Stdio::null()), lives).end();
        self.books.note_run(recorded);
    }

    /// As if the clock was set, or a long time has passed.
    fn move_stamp(&mut self) {
        let now = SystemTime::now();
        let times = [now, now - JUMP, now - JUMP, now - JUMP, now + JUMP];
        let time = self.random.pick(&times);
        if let Ok(stamp) = File::options().append(true).open(self.folder.file("delivery.stamp")) {
            let _ = stamp.set_modified(time);
        }
    }

    fn move_state(&mut self) {
        let back = self.random.below(2) == 0;
        let moved = |time: &Value| match time.as_u64() {
            Some(time) if back => json!(time.saturating_sub(DAY_MS)),
            Some(time) => json!(time + DAY_MS),
            None => Value::Null,
        };
        // A worker that delivers at the moment will write its own.
        let _ = self.folder.change_state(|state| {
            for (part, time) in [("refusal", "unix_ms"), ("last_error", "unix_ms")] {
                if state[part].is_object() {
                    state[part][time] = moved(&state[part][time]);
                }
            }
            state["next_attempt_unix_ms"] = moved(&state["next_attempt_unix_ms"]);
            // The next version of the program.
            state["ended_version"] = Value::Null;
        });
    }

    fn kill_workers(&mut self) {
        std::thread::sleep(self.random.time_below(Duration::from_millis(20)));
        for worker in self.program.workers() {
            // SAFETY: touches no memory.
            unsafe { libc::kill(worker.cast_signed(), libc::SIGKILL) };
        }
    }

    fn fill_or_clear_disk(&mut self) {
        if let Some(disk) = &self.disk {
            if self.random.below(2) == 0 { disk.fill() } else { disk.clear() }
        }
    }

    /// Lines of somebody else, so many that the queue rotates soon.
    fn leave_junk(&mut self) {
        const LINES: usize = 8;
        let Ok(mut queue) = File::options().append(true).open(self.folder.file("queue.jsonl")) else { return };
        let is_small = queue.metadata().is_ok_and(|queue| queue.len() < 10_000);
        if self.disk.is_none() && is_small && queue.lock_shared().is_ok() {
            let line = format!("{{\"junk\":\"{}\"}}\n", "x".repeat(60_000));
            queue.write_all(line.repeat(LINES).as_bytes()).expect("the disk has room");
            self.books.junk += LINES as u64;
        }
    }

    /// All is well again: what is queued can be delivered. Returns what does not balance.
    pub(crate) fn settle(mut self) -> Vec<String> {
        if let Some(disk) = &self.disk {
            disk.clear();
        }
        self.receiver.become_(Mood::Healthy);
        wait_at_most(WORKER_LIVES, "the end of all workers", || self.program.workers().is_empty());
        let mut problems = self.books.balance(self.number, &self.folder, &self.receiver);
        self.decide(Decision::Enable);
        wait_at_most(WORKER_LIVES, "the end of all workers", || self.program.workers().is_empty());
        let _ = self.folder.change_state(|state| state["ended_version"] = Value::Null);
        // Its own event comes after it.
        let flush = self.command(&["telemetry", "flush"]).output().expect("the program runs");
        self.books.unnamed += 1;
        let left = self.folder.queued();
        if !flush.status.success() || left.ids.len() > 1 {
            problems.push(format!("{} events cannot be delivered: {flush:?}", left.ids.len()));
        }
        problems.extend(self.books.balance(self.number, &self.folder, &self.receiver));
        problems
    }

    /// A run of this user. Now and then there is nobody at the receiver's address.
    fn command(&mut self, args: &[&str]) -> Command {
        let is_gone = self.random.below(20) == 0 && args[0] != "telemetry";
        let url = if is_gone { "http://127.0.0.1:9/".to_owned() } else { self.receiver.url() };
        let mut command = self.program.undecided(args);
        command.env(self.program.variable("ENDPOINT"), url);
        command
    }
}
