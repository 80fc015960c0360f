use std::env;
use std::time::{Duration, SystemTime};

/// The variable with the seed of a run to repeat.
const SEED: &str = "TELEMETRY_TESTS_SEED";

/// Random numbers determined by a seed (SplitMix64), so that a failure can be repeated.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A whole number of microseconds below `end`.
    pub fn time_below(&mut self, end: Duration) -> Duration {
        Duration::from_micros(self.next() % end.as_micros() as u64)
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// The seed in `TELEMETRY_TESTS_SEED`, else the time. It is printed, so that a failure shows it.
///
/// # Panics
///
/// If the variable is not a number.
pub fn seed() -> u64 {
    let time = || SystemTime::UNIX_EPOCH.elapsed().expect("the clock is not before 1970").as_secs();
    let seed = env::var(SEED)
        .map_or_else(|_| time(), |seed| seed.parse().unwrap_or_else(|_| panic!("{SEED} is not a number")));
    println!("{SEED}={seed}");
    seed
}
