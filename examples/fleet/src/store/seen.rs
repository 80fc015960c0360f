//! The runs of the last days, by their session ids. Eight bytes each, since there can be hundreds of millions.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};

/// A program sends nothing that is older than 30 days, so a run that is older cannot come again.
pub(super) const DAYS: i64 = 32;

#[derive(Debug)]
pub(super) struct Seen {
    ids: HashSet<Id>,
    /// The last day on which old ones were forgotten.
    day: i64,
}

impl Seen {
    pub(super) fn new(today: i64) -> Self {
        Seen { ids: HashSet::new(), day: today }
    }

    /// Whether it was not there.
    pub(super) fn insert(&mut self, id: Id) -> bool {
        self.ids.insert(id)
    }

    pub(super) fn remove(&mut self, id: Id) {
        self.ids.remove(&id);
    }

    /// Forgets, once a day, what cannot come again.
    pub(super) fn forget(&mut self, today: i64) {
        if self.day != today {
            self.day = today;
            self.ids.retain(|id| !id.is_old(today));
        }
    }
}

/// The first half of a session id, of which 60 bits are random. The others, which are the version of a UUID, are replaced by the
/// period in which it was received.
#[derive(Debug, Clone, Copy)]
pub(super) struct Id(u64);

const VERSION: u32 = 12;
const PERIODS: i64 = 16;
const DAYS_OF_A_PERIOD: i64 = 3;

impl Id {
    pub(super) fn new(session_id: &[u8], received_day: i64) -> Self {
        let half = session_id.first_chunk().map_or(0, |half| u64::from_be_bytes(*half));
        Id(half & !(0xf << VERSION) | (period(received_day).cast_unsigned() << VERSION))
    }

    /// 32 of its random bits.
    pub(super) fn bits(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Whether it was received more than [`DAYS`] before.
    fn is_old(self, today: i64) -> bool {
        let received = (self.0 >> VERSION).cast_signed() & 0xf;
        let periods = (period(today) - received).rem_euclid(PERIODS);
        // The last one is yet to come: a clock was set back.
        periods > DAYS / DAYS_OF_A_PERIOD + 1 && periods < PERIODS - 1
    }
}

fn period(day: i64) -> i64 {
    (day / DAYS_OF_A_PERIOD).rem_euclid(PERIODS)
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        (self.0 ^ other.0) & !(0xf << VERSION) == 0
    }
}

impl Eq for Id {}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0 & !(0xf << VERSION));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: i64 = 20_783;

    #[test]
    fn ids_are_known_for_as_long_as_they_can_come_again() {
        let id = |number: u8, day| Id::new(&[number; 16], day);
        for received in TODAY..TODAY + 48 {
            let mut seen = Seen::new(received);
            assert!(seen.insert(id(1, received)));
            for day in received - 1..=received + DAYS {
                seen.forget(day);
                assert!(!seen.insert(id(1, day)), "{received} {day}");
            }
            assert!(seen.insert(id(2, received + DAYS)));
            for day in received + DAYS..received + DAYS + 6 {
                seen.forget(day);
            }
            assert_eq!(seen.ids.len(), 1, "{received}");
            assert!(!seen.insert(id(2, received + DAYS + 6)));
        }
    }

    #[test]
    fn every_random_bit_counts() {
        let bits =
            (0..64).filter(|bit| !(12..16).contains(bit)).map(|bit| Id::new(&(1_u64 << bit).to_be_bytes(), TODAY));
        let different: HashSet<Id> = bits.collect();
        assert_eq!(different.len(), 60);
    }
}
