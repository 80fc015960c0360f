//! Numbers as people read them.

/// With commas, such as `20,072`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Such as `1 run`.
pub(super) fn runs(number: u64) -> String {
    format!("{} run{}", count(number), if number == 1 { "" } else { "s" })
}

/// A part of a whole, such as `4.5%`.
pub(super) fn share(part: u64, whole: u64) -> String {
    percent(ratio(part, whole))
}

pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent == 0.0 || percent >= 9.95 { format!("{percent:.0}%") } else { format!("{percent:.1}%") }
}

/// A duration in microseconds, such as `2.8 s`.
pub(super) fn duration(micros: f64) -> String {
    let millis = micros / 1_000.0;
    match millis {
        ..0.0995 => format!("{micros:.0} µs"),
        ..9.95 => format!("{millis:.1} ms"),
        ..999.5 => format!("{millis:.0} ms"),
        ..59_950.0 => format!("{:.1} s", millis / 1_000.0),
        _ => format!("{:.1} min", millis / 60_000.0),
    }
}

/// A probability, as far as it says something.
pub(super) fn probability(q: f64) -> String {
    if q < 0.000_1 { "< 0.0001".to_owned() } else { format!("= {q:.4}") }
}

/// Text in HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([0, 999, 1_000, 20_072, 1_000_000].map(count), ["0", "999", "1,000", "20,072", "1,000,000"]);
        assert_eq!([0.0, 0.004, 0.0994, 0.0996, 1.0].map(percent), ["0%", "0.4%", "9.9%", "10%", "100%"]);
        assert_eq!(
            [12.0, 300.0, 2_400.0, 46_000.0, 2_800_000.0, 90_000_000.0].map(duration),
            ["12 µs", "0.3 ms", "2.4 ms", "46 ms", "2.8 s", "1.5 min"]
        );
        assert_eq!(escape("<a href='x'>&\"</a>"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
        assert_eq!(share(1, 0), "0%");
    }
}
