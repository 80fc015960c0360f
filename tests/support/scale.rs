use std::env;

/// The variable that multiplies the number of rounds of every test that repeats itself. CI raises it.
const SCALE: &str = "TELEMETRY_TESTS_SCALE";

/// How often to do what a test does `rounds` times at least.
///
/// # Panics
///
/// If the variable is not a number.
pub fn scaled(rounds: usize) -> usize {
    let scale = env::var(SCALE).map_or(1, |scale| scale.parse().unwrap_or_else(|_| panic!("{SCALE} is not a number")));
    rounds * scale
}
