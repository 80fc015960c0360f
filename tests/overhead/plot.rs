//! Diagrams as SVG.

use std::fmt::Write;

/// A row of a diagram.
#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) value: f64,
    /// One of a few kinds, shown in different colours.
    pub(crate) kind: usize,
}

const COLORS: [&str; 3] = ["#4c9a6a", "#d9a441", "#b5483a"];
const NAMES_WIDTH: f64 = 330.0;
const BARS_WIDTH: f64 = 360.0;
const ROW: f64 = 20.0;

/// Horizontal bars on a logarithmic scale that begins at `least`.
pub(crate) fn bars(title: &str, unit: &str, kinds: &[&str], least: f64, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.value).fold(least * 10.0, f64::max);
    let length = |value: f64| BARS_WIDTH * (value.max(least) / least).log10() / (most / least).log10();
    let (width, height) = (NAMES_WIDTH + BARS_WIDTH + 110.0, ROW * (bars.len() as f64 + 3.5));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"20\" font-weight=\"bold\">{title}</text>\n"
    );
    let mut x = 10.0;
    for (kind, color) in kinds.iter().zip(COLORS) {
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"32\" width=\"12\" height=\"12\" fill=\"{color}\"/>");
        let _ = writeln!(svg, "<text x=\"{}\" y=\"43\">{kind}</text>", x + 18.0);
        x += 110.0;
    }
    for (row, bar) in bars.iter().enumerate() {
        let (top, end) = (ROW * (row as f64 + 3.0), NAMES_WIDTH + length(bar.value));
        let (name, color, base) = (&bar.name, COLORS[bar.kind % COLORS.len()], top + 12.0);
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{name}</text>", NAMES_WIDTH - 8.0);
        let _ = writeln!(
            svg,
            "<rect x=\"{NAMES_WIDTH}\" y=\"{top}\" width=\"{:.1}\" height=\"15\" fill=\"{color}\"/>",
            (end - NAMES_WIDTH).max(1.0)
        );
        let _ = writeln!(svg, "<text x=\"{:.1}\" y=\"{base}\">{} {unit}</text>", end + 6.0, rounded(bar.value));
    }
    svg + "</svg>\n"
}

/// Three significant digits, or all digits before the point.
fn rounded(value: f64) -> String {
    match value.abs() {
        ..1.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
