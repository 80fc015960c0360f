use std::env;
use std::time::SystemTime;

/// Numbers that a seed determines (SplitMix64): a failure can be repeated.
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

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// The seed in the environment variable `variable`, else the time. Printed, so that a failure shows it.
///
/// # Panics
///
/// When the variable holds no number.
pub fn seed(variable: &str) -> u64 {
    let time = || SystemTime::UNIX_EPOCH.elapsed().expect("the clock is not before 1970").as_secs();
    let seed = env::var(variable).map_or_else(|_| time(), |seed| seed.parse().expect("a seed is a number"));
    println!("{variable}={seed}");
    seed
}
