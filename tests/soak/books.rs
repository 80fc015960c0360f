//! What a user did, to be compared with what arrived.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, SystemTime};

use crate::folder::{Folder, Queued};
use crate::receiver::Receiver;
use crate::runs::Ended;

/// How long a request may be on its way, on a busy machine.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// What is known about one user's runs.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// The recorded runs that ended with status 0, and when they began.
    acknowledged: HashMap<String, SystemTime>,
    /// Recorded runs that did not: they may leave an event or not.
    unsure: HashMap<String, SystemTime>,
    /// Runs that may be recorded but did not say which one they are.
    pub(crate) unnamed: usize,
    /// Events that the user deleted, or that were being recorded meanwhile.
    deleted: HashSet<String>,
    /// Counts of dropped events that the user deleted.
    deleted_counts: u64,
    /// Lines that are not events, written by the soak, and how many of these the user deleted.
    pub(crate) junk: u64,
    deleted_junk: u64,
    nos: Vec<No>,
}

/// A no of the user: from when to when the command ran.
#[derive(Debug)]
struct No {
    began: SystemTime,
    ended: SystemTime,
}

impl Books {
    pub(crate) fn note_run(&mut self, Ended { success, id, began }: Ended) {
        match id {
            Some(id) if success => drop(self.acknowledged.insert(id, began)),
            Some(id) => drop(self.unsure.insert(id, began)),
            None => self.unnamed += 1,
        }
    }

    /// The user deletes what is queued.
    pub(crate) fn delete(&mut self, queued: Queued) {
        self.deleted.extend(queued.ids);
        self.deleted_counts += queued.dropped;
        self.deleted_junk += queued.junk;
    }

    /// A run was under way while the user deleted what is queued.
    pub(crate) fn excuse(&mut self, id: &str) {
        self.deleted.insert(id.to_owned());
    }

    pub(crate) fn note_no(&mut self, began: SystemTime) {
        self.nos.push(No { began, ended: SystemTime::now() });
    }

    /// Prints the books, and returns what does not balance.
    pub(crate) fn balance(&self, user: usize, folder: &Folder, receiver: &Receiver) -> Vec<String> {
        let (queued, delivered, dropped) = (folder.queued(), receiver.accepted(), folder.dropped());
        let is_seen = |id: &&String| delivered.contains(*id) || queued.ids.contains(*id) || self.deleted.contains(*id);
        let missing: Vec<&String> = self.acknowledged.keys().filter(|id| !is_seen(id)).collect();
        let junk = self.junk - self.deleted_junk - queued.junk;
        let counted = dropped.values().sum::<u64>() + queued.dropped + self.deleted_counts;
        let is_ours = |id: &&String| self.acknowledged.contains_key(*id) || self.unsure.contains_key(*id);
        let unknown: HashSet<&String> = delivered.iter().chain(&queued.ids).filter(|id| !is_ours(id)).collect();
        println!(
            "user {user}: {} acknowledged; {} delivered, {} queued, {} deleted by the user, {} missing; \
             {counted} counted as dropped {dropped:?}, {junk} of these junk; {} runs unsure, {} without a name, {} noes",
            self.acknowledged.len(),
            delivered.len(),
            queued.ids.len(),
            self.deleted.len(),
            missing.len(),
            self.unsure.len(),
            self.unnamed,
            self.nos.len(),
        );
        let mut problems = Vec::new();
        if missing.len() as u64 + junk > counted {
            problems.push(format!("{} events and {junk} lines are gone, {counted} are counted", missing.len()));
        }
        if unknown.len() > self.unnamed {
            problems.push(format!("{} events come from {} runs", unknown.len(), self.unnamed));
        }
        problems.extend(self.sent_after_a_no(receiver));
        problems.extend(folder.undocumented().iter().map(|name| format!("what is the file {name}?")));
        problems
    }

    /// One request may be on its way when the user says no, for a while.
    fn sent_after_a_no(&self, receiver: &Receiver) -> Vec<String> {
        let sent = receiver.sent();
        let runs: HashMap<&String, &SystemTime> = self.acknowledged.iter().chain(&self.unsure).collect();
        let is_after = |no: &No, than: Duration, id: &String, time: SystemTime| {
            time > no.ended + than && runs.get(id).is_some_and(|&&began| began < no.began)
        };
        let after = |no: &No, than: Duration| -> HashSet<String> {
            sent.iter().filter(|sent| is_after(no, than, &sent.id, sent.time)).map(|sent| sent.id.clone()).collect()
        };
        let problem = |no: &No| {
            let ids = after(no, Duration::ZERO);
            (ids.len() > 1 || !after(no, ON_ITS_WAY).is_empty()).then(|| format!("sent after a no: {ids:?}"))
        };
        self.nos.iter().filter_map(problem).collect()
    }
}
