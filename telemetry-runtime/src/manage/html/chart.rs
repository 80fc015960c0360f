//! Bars as inline SVG.

use super::text::Escaped;
use crate::text::Text;

/// A bar: how many runs, and how many of them failed.
#[derive(Debug, Default, Clone)]
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) runs: usize,
    pub(super) failed: usize,
}

impl Bar {
    pub(super) fn add(&mut self, has_failed: bool) {
        self.runs += 1;
        self.failed += usize::from(has_failed);
    }
}

/// Bars from left to right, for days. The number of runs is in each bar's title, which browsers show on hover.
pub(super) fn columns(bars: &[Bar], out: &mut Text) {
    const HEIGHT: usize = 120;
    const STEP: usize = 20;
    let most = most(bars);
    let width = (bars.len() * STEP).max(STEP);
    write!(
        out,
        "<svg width=\"{width}\" height=\"{0}\" viewBox=\"0 0 {width} {0}\" role=\"img\" aria-label=\"Runs by day\">",
        HEIGHT + 16
    );
    for (place, bar) in bars.iter().enumerate() {
        let x = place * STEP;
        let (all, failed) = (bar.runs * HEIGHT / most, bar.failed * HEIGHT / most);
        write!(
            out,
            "<g><title>{}: {} runs, {} failed</title><rect class=\"run\" x=\"{x}\" y=\"{}\" width=\"16\" height=\"{all}\"/>\
             <rect class=\"failed\" x=\"{x}\" y=\"{}\" width=\"16\" height=\"{failed}\"/></g>",
            Escaped(&bar.label),
            bar.runs,
            bar.failed,
            HEIGHT - all,
            HEIGHT - failed,
        );
    }
    if let (Some(first), Some(last)) = (bars.first(), bars.last()) {
        let y = HEIGHT + 13;
        write!(
            out,
            "<text x=\"0\" y=\"{y}\">{}</text><text x=\"{width}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
            Escaped(&first.label),
            Escaped(&last.label)
        );
    }
    out.put("</svg>\n");
}

/// A row for each command, as a table whose last column is its bar.
pub(super) fn rows(bars: &[Bar], out: &mut Text) {
    let most = most(bars);
    out.put("<table><thead><tr><th>command<th class=\"n\">runs<th class=\"n\">failed<th></tr></thead>\n");
    for bar in bars {
        writeln!(
            out,
            "<tr><td>{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"bar\"><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" \
             aria-hidden=\"true\"><rect class=\"run\" width=\"{}\" height=\"10\"/><rect class=\"failed\" width=\"{}\" height=\"10\"/></svg></tr>",
            Escaped(&bar.label),
            bar.runs,
            bar.failed,
            bar.runs * 100 / most,
            bar.failed * 100 / most,
        );
    }
    out.put("</table>\n");
}

fn most(bars: &[Bar]) -> usize {
    bars.iter().map(|bar| bar.runs).max().unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_is_as_high_as_the_picture() {
        let bar = |label: &str, runs, failed| Bar { label: label.to_owned(), runs, failed };
        let mut out = Text::default();
        columns(&[bar("Nov 1", 4, 2), bar("Nov 2", 0, 0)], &mut out);
        assert!(out.as_str().contains("<title>Nov 1: 4 runs, 2 failed</title>"), "{}", out.as_str());
        assert!(
            out.as_str().contains("y=\"0\" width=\"16\" height=\"120\"") && out.as_str().contains("height=\"60\""),
            "{}",
            out.as_str()
        );
        columns(&[], &mut out);
    }
}
