//! A model-based test of the queue: its guarantees hold under any sequence of operations.
//!
//! Runs random sequences of appends, torn lines, locked files, deliveries, purges, and crashes between any two steps,
//! and compares the queue with a model of its guarantees:
//!
//! - an appended line is delivered, unless the queue was full; then it is counted,
//! - a line whose delivery was recorded is never sent again; a crash repeats at most one batch,
//! - lines that were appended to the same file arrive in order,
//! - a torn line does not affect its neighbours,
//! - no file exceeds its size limit, and purged lines are not sent.
//!
//! A failure prints its seed. `QUEUE_SEED=<seed>` repeats it.
#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::mem;
use std::time::Duration;

use super::testing::{APP, Folder, numbers};
use super::{
    Batch, Drain, LIVE, LIVE_MAX_BYTES, OLD, Queue, REJECTED, REJECTED_MAX_BYTES, SPILL, SPILL_MAX_BYTES, Sealed, purge,
};
use crate::declare::limits::QUEUE_FILES_MAX_BYTES;

const SEQUENCES: u64 = 80;
const STEPS: u32 = 120;

#[test]
fn the_guarantees_hold_under_any_sequence() {
    let chosen = std::env::var("QUEUE_SEED").ok().map(|seed| seed.parse().unwrap());
    let mut seen = Seen::default();
    for seed in chosen.map_or(0..SEQUENCES, |seed: u64| seed..seed + 1) {
        println!("QUEUE_SEED={seed}");
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step();
            world.check_sizes();
        }
        world.deliver_the_rest();
        seen.add(mem::take(&mut world.seen));
    }
    println!("{seen:?}");
    assert!(chosen.is_some() || seen.is_everything(), "some cases never occurred");
}

/// How often each case occurred.
#[derive(Debug, Default)]
struct Seen {
    delivered: u64,
    repeated: u64,
    spilled: u64,
    lost: u64,
    dropped: u64,
    rejected: u64,
    purged: u64,
}

impl Seen {
    fn counts(&mut self) -> [&mut u64; 7] {
        let Seen { delivered, repeated, spilled, lost, dropped, rejected, purged } = self;
        [delivered, repeated, spilled, lost, dropped, rejected, purged]
    }

    fn add(&mut self, mut other: Seen) {
        self.counts().into_iter().zip(other.counts()).for_each(|(sum, count)| *sum += *count);
    }

    fn is_everything(&mut self) -> bool {
        self.counts().into_iter().all(|count| *count > 0)
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// The queue, and the model: what is known about it from outside.
struct World {
    random: Random,
    folder: Folder,
    queue: Queue,
    /// The delivery in progress.
    courier: Courier,
    is_slow: bool,
    next: i64,
    /// Appended to the live file.
    live: BTreeSet<i64>,
    spilled: BTreeSet<i64>,
    delivered: BTreeSet<i64>,
    purged: BTreeSet<i64>,
    /// Sent in a batch whose delivery was not recorded: the next batch may hold them again.
    unnoted: BTreeSet<i64>,
    /// The last event sent from the live file, and from the spill file.
    last_live: i64,
    last_spilled: i64,
    /// As the queue has counted them.
    dropped: u64,
    torn: u64,
    seen: Seen,
}

#[derive(Default)]
struct Courier {
    drain: Option<Drain>,
    sealed: Option<Sealed>,
    batch: Option<Sent>,
}

/// A batch that the endpoint has received.
struct Sent {
    numbers: Vec<i64>,
    dropped: u64,
    foreign: Vec<Vec<u8>>,
    end: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let (folder, queue) = Folder::new(&format!("model-{seed}"));
        World {
            random: Random(seed),
            folder,
            queue,
            courier: Courier::default(),
            is_slow: seed % 3 == 0,
            next: 0,
            live: BTreeSet::new(),
            spilled: BTreeSet::new(),
            delivered: BTreeSet::new(),
            purged: BTreeSet::new(),
            unnoted: BTreeSet::new(),
            last_live: -1,
            last_spilled: -1,
            dropped: 0,
            torn: 0,
            seen: Seen::default(),
        }
    }

    fn step(&mut self) {
        match self.random.below(20) {
            0..7 => self.append(),
            // Without this, the queue would rarely be full.
            9..18 if self.is_slow && self.random.below(4) > 0 => self.append(),
            7 => self.append_while_held(),
            8 => self.tear(),
            9..12 => self.seal(),
            12..15 => self.send(),
            15..18 => self.note(),
            18 => self.crash(),
            _ if self.random.below(4) == 0 => self.purge(),
            _ => {}
        }
    }

    /// A run appends its event. A few dozen of the long ones fill the file.
    fn append(&mut self) {
        let number = self.next;
        self.next += 1;
        let kilobytes = if self.random.below(3) == 0 { self.random.below(100) } else { 0 };
        let space = " ".repeat(1_000 * usize::try_from(kilobytes).unwrap());
        let line = format!(
            r#"{{"v":2,"session_id":"{number:032x}","start_time_unix_ms":1,"app":"{APP}","version":"1","os":"linux","arch":"x86_64","ci":false,"command":[{space}"a"],"ending":"return","status":"success","exit_code":0,"error_class":null,"duration_us":{number}}}"#
        );
        let spilled = self.size(SPILL);
        if self.queue.append(format!("{line}\n").as_bytes()).is_err() {
            self.seen.lost += 1;
        } else if self.size(SPILL) == spilled {
            self.live.insert(number);
        } else {
            self.spilled.insert(number);
            self.seen.spilled += 1;
        }
    }

    /// Another process holds the lock, as a delivery does right after sealing the file.
    fn append_while_held(&mut self) {
        let held = File::open(self.folder.0.join(LIVE)).ok();
        if let Some(held) = &held {
            held.lock().unwrap();
        }
        self.append();
    }

    /// The disk fills up in the middle of a line.
    fn tear(&mut self) {
        let name = if self.random.below(4) == 0 { SPILL } else { LIVE };
        let Ok(mut file) = OpenOptions::new().append(true).open(self.folder.0.join(name)) else { return };
        if file.metadata().unwrap().len() + 100 < SPILL_MAX_BYTES {
            file.write_all(br#"{"v":2,"session_id":"6a45"#).unwrap();
            self.torn += 1;
        }
    }

    fn seal(&mut self) {
        let courier = &mut self.courier;
        if courier.sealed.as_ref().is_some_and(Sealed::is_there) {
            return;
        }
        courier.sealed = None;
        let drain = courier.drain.get_or_insert_with(|| {
            Drain::begin(&self.folder.0, Duration::from_secs(5)).unwrap().expect("nobody else delivers")
        });
        courier.sealed = drain.next().unwrap();
        if courier.sealed.is_none() {
            courier.drain = None;
        }
    }

    /// The endpoint receives a batch.
    fn send(&mut self) {
        let Some(sealed) = self.courier.sealed.as_ref().filter(|sealed| sealed.is_there()) else { return };
        let max = usize::try_from(1 + self.random.below(5)).unwrap();
        let Some(batch) = sealed.batch(APP, max) else { return };
        let sent = numbers(&batch.records);
        assert!(sent.len() <= max && sent.is_sorted());
        for number in &sent {
            assert!(!self.purged.contains(number), "{number} was purged");
            assert!(!self.delivered.contains(number), "{number} was delivered before");
            let last = if self.live.contains(number) {
                &mut self.last_live
            } else {
                assert!(self.spilled.contains(number), "{number} was not appended");
                &mut self.last_spilled
            };
            assert!(number > last || self.unnoted.contains(number), "{number} after {last}");
            self.seen.repeated += u64::from(number <= last);
            *last = (*last).max(*number);
        }
        // At most one batch is sent again.
        assert!(self.unnoted.is_empty() || sent.is_empty() || self.unnoted.contains(&sent[0]));
        self.unnoted.extend(&sent);
        let Batch { dropped, foreign, end, .. } = batch;
        let foreign = foreign.into_iter().map(<[u8]>::to_owned).collect();
        self.courier.batch = Some(Sent { numbers: sent, dropped, foreign, end });
    }

    /// The courier records that the batch is delivered.
    fn note(&mut self) {
        let courier = &mut self.courier;
        let (Some(drain), Some(sealed), Some(batch)) = (&courier.drain, &courier.sealed, courier.batch.take()) else {
            return;
        };
        drain.reject(&batch.foreign.iter().map(Vec::as_slice).collect::<Vec<_>>());
        self.seen.rejected += batch.foreign.len() as u64;
        match sealed.done(batch.end) {
            Ok(()) => {
                self.dropped += batch.dropped;
                self.seen.dropped += batch.dropped;
                self.seen.delivered += batch.numbers.len() as u64;
                self.unnoted.retain(|number| !batch.numbers.contains(number));
                self.delivered.extend(batch.numbers);
            }
            Err(_) => assert!(!sealed.is_there()),
        }
        if !sealed.is_there() {
            courier.sealed = None;
        }
    }

    /// The courier crashes and loses its state and its locks.
    fn crash(&mut self) {
        self.courier = Courier::default();
    }

    fn purge(&mut self) {
        purge(&self.folder.0).unwrap();
        self.purged.extend(self.live.iter().chain(&self.spilled).filter(|number| !self.delivered.contains(number)));
        self.seen.purged += 1;
        self.unnoted.clear();
        self.courier.batch = None;
        // What was dropped before is not counted any more.
        self.dropped = 0;
    }

    fn check_sizes(&self) {
        // A line that follows a torn one adds an extra line feed.
        for (name, max) in
            [(LIVE, LIVE_MAX_BYTES), (OLD, LIVE_MAX_BYTES), (SPILL, SPILL_MAX_BYTES), (REJECTED, REJECTED_MAX_BYTES)]
        {
            assert!(self.size(name) <= max + 1, "{name}");
        }
        let all =
            fs::read_dir(&self.folder.0).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>();
        assert!(all <= QUEUE_FILES_MAX_BYTES, "{all} bytes in all");
    }

    /// At the end, every missing line has been counted.
    fn deliver_the_rest(&mut self) {
        self.crash();
        let mut last = 0;
        loop {
            self.seal();
            if self.courier.sealed.is_none() {
                break;
            }
            self.send();
            self.note();
            last += 1;
            assert!(last < 10_000, "the queue does not end");
        }
        let appended: BTreeSet<i64> = self.live.union(&self.spilled).copied().collect();
        let missing =
            appended.iter().filter(|number| !self.delivered.contains(number) && !self.purged.contains(number));
        let missing = missing.count() as u64;
        // Torn lines that were dropped are counted as lines.
        assert!(missing <= self.dropped, "{missing} are missing, {} are counted", self.dropped);
        assert!(self.dropped <= missing + self.torn, "{missing} are missing, {} are counted", self.dropped);
        let mut left = fs::read_dir(&self.folder.0).unwrap().filter_map(Result::ok);
        assert!(!left.any(|file| file.file_name().to_string_lossy().starts_with("sealed-")));
    }

    fn size(&self, name: &str) -> u64 {
        self.folder.0.join(name).metadata().map_or(0, |file| file.len())
    }
}
