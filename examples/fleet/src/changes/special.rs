//! The distribution of a test statistic, and the correction for many tests.

/// The probability that a variable with Student's t distribution is at least this far from 0, on either side.
pub(super) fn student_two_sided(t: f64, degrees: f64) -> f64 {
    incomplete_beta(degrees / 2.0, 0.5, degrees / (degrees + t * t))
}

/// The regularized incomplete beta function, by its continued fraction (Lentz's method).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    // The fraction converges quickly on one side only.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front = (a * x.ln() + b * (1.0 - x).ln() - ln_beta(a, b)).exp() / a;
    let nonzero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let (mut c, mut d) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for m in 1..500 {
        let m = f64::from(m);
        for numerator in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / nonzero(1.0 + numerator * d);
            c = nonzero(1.0 + numerator / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-12 {
            break;
        }
    }
    front * fraction
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The logarithm of the gamma function for positive numbers, by Stirling's series.
fn ln_gamma(x: f64) -> f64 {
    // The series is exact enough from 10 on.
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x.powi(3)) + 1.0 / (1_260.0 * x.powi(5));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - below
}

/// The p-values of a family of tests, corrected by Benjamini and Hochberg: of those below q, a share of q is wrong on average.
pub(super) fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    let value = |index: usize| p.get(index).copied().unwrap_or(1.0);
    order.sort_by(|a, b| value(*b).total_cmp(&value(*a)));
    let mut corrected = vec![1.0; p.len()];
    let mut least: f64 = 1.0;
    for (index, rank) in order.into_iter().zip((1..=p.len()).rev()) {
        least = least.min(value(index) * p.len() as f64 / rank as f64);
        if let Some(corrected) = corrected.get_mut(index) {
            *corrected = least;
        }
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn student_s_distribution() {
        // By numerical integration of the density.
        for (t, degrees, p) in [
            (2.0, 10.0, 0.073_388_034_770_740_4),
            (1.0, 1.0, 0.5),
            (0.0, 5.0, 1.0),
            (3.5, 30.0, 0.001_476_807_437),
            (6.0, 100.0, 3.172_49e-8),
            (1.959_963_984_540_05, 1e7, 0.05),
        ] {
            let found = student_two_sided(t, degrees);
            assert!((found - p).abs() < 1e-4 * p.max(1e-9), "{t} {degrees}: {found}");
        }
    }

    #[test]
    fn many_tests_are_corrected() {
        // From R: p.adjust(p, "BH").
        let corrected = benjamini_hochberg(&[0.01, 0.02, 0.03, 0.04, 0.9]);
        for (found, expected) in corrected.iter().zip([0.05, 0.05, 0.05, 0.05, 0.9]) {
            assert!((found - expected).abs() < 1e-12, "{corrected:?}");
        }
        assert_eq!(benjamini_hochberg(&[0.2, 0.001]), [0.2, 0.002]);
        assert!(benjamini_hochberg(&[]).is_empty());
    }
}
