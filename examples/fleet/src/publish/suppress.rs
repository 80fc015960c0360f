//! Small numbers are not published.

/// What the rest is called.
pub(super) const OTHER: &str = "(other)";

/// Merges rows of fewer runs than `threshold` into one. If that is still too small, the smallest of the others are merged
/// into it, too: left out, it could be told from the sum. No rows are left if all together are too few.
pub(super) fn suppress(mut rows: Vec<(String, u64)>, threshold: u64) -> Vec<(String, u64)> {
    let mut by_size: Vec<(u64, usize)> = rows.iter().enumerate().map(|(place, (_, runs))| (*runs, place)).collect();
    by_size.sort_unstable();
    let (mut other, mut merged) = (0, Vec::new());
    for (runs, place) in by_size {
        let is_small = runs < threshold;
        let is_needed = !merged.is_empty() && other < threshold;
        if is_small || is_needed {
            other += runs;
            merged.push(place);
        }
    }
    let mut place = 0..;
    rows.retain(|_| !place.next().is_some_and(|place| merged.contains(&place)));
    if other > 0 && other >= threshold {
        rows.push((OTHER.to_owned(), other));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suppressed(rows: &[(&str, u64)], threshold: u64) -> Vec<(String, u64)> {
        suppress(rows.iter().map(|(name, runs)| ((*name).to_owned(), *runs)).collect(), threshold)
    }

    fn named(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
        suppressed(rows, 0)
    }

    #[test]
    fn small_rows_are_merged() {
        let rows = [("a", 100), ("b", 49), ("c", 50), ("d", 1)];
        assert_eq!(suppressed(&rows, 50), named(&[("a", 100), ("c", 50), (OTHER, 50)]));
        assert_eq!(suppressed(&rows, 1), named(&rows));
    }

    /// One small row would be the only thing in the rest.
    #[test]
    fn a_rest_that_is_too_small_takes_the_next() {
        assert_eq!(suppressed(&[("a", 100), ("b", 60), ("c", 3)], 50), named(&[("a", 100), (OTHER, 63)]));
        assert_eq!(suppressed(&[("a", 60), ("b", 3)], 50), named(&[(OTHER, 63)]));
        assert_eq!(suppressed(&[("a", 20), ("b", 3)], 50), []);
    }

    /// Whatever the rows are, nothing small is told, and nothing can be told from the sum.
    #[test]
    fn nothing_small_is_left() {
        for seed in 0..500_u64 {
            let rows = (0..seed % 12).map(|row| (row.to_string(), (seed * 7_919 + row * row * 104_729) % 131));
            let rows: Vec<_> = rows.collect();
            let all: u64 = rows.iter().map(|(_, runs)| runs).sum();
            let left = suppress(rows, 50);
            assert!(left.iter().all(|(_, runs)| *runs >= 50), "{left:?}");
            let told: u64 = left.iter().map(|(_, runs)| runs).sum();
            assert!(told == all || left.is_empty() && all < 50, "{told} of {all}");
        }
    }
}
