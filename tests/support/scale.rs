use std::env;

/// Multiplies the number of rounds of every test that repeats itself. CI raises it.
const SCALE: &str = "TELEMETRY_TESTS_SCALE";

/// The number of rounds of a test that needs at least `rounds`.
///
/// # Panics
///
/// If the variable is not a number.
pub fn scaled(rounds: usize) -> usize {
    let scale = env::var(SCALE).map_or(1, |scale| scale.parse().unwrap_or_else(|_| panic!("{SCALE} is not a number")));
    rounds * scale
}
