//! Charts, as SVG without a script. The shapes are stretched to the width of the page; texts are HTML beside them, so that
//! they have the same size on a phone.

use std::fmt::Write;

use super::format::{count, escape, percent};
use crate::time;

/// Values by day or week, with a name.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) name: String,
    /// One for each position.
    pub(super) values: Vec<f64>,
}

/// Colours of series. The last one is for all others.
const COLOURS: usize = 7;

const HEIGHT: f64 = 100.0;

/// Bars, one for each day, stacked. `days` are the first days of what a bar stands for.
pub(super) fn stacked(title: &str, days: &[i64], series: &[Series]) -> String {
    let sum = |position: usize| series.iter().filter_map(|series| series.values.get(position)).sum::<f64>();
    let top = (0..days.len()).map(sum).fold(1.0, f64::max);
    let mut shapes = String::new();
    for (position, day) in days.iter().enumerate() {
        let mut y = HEIGHT;
        for (colour, series) in series.iter().enumerate() {
            let value = series.values.get(position).copied().unwrap_or(0.0);
            if value > 0.0 {
                let height = HEIGHT * value / top;
                y -= height;
                let x = position * 10;
                // Writing to memory cannot fail.
                let _ = write!(
                    shapes,
                    "<rect class=\"f{}\" x=\"{x}\" y=\"{y:.1}\" width=\"9\" height=\"{height:.1}\"><title>{}: {} {}</title></rect>",
                    colour % COLOURS,
                    time::short(*day),
                    count(value as u64),
                    escape(&series.name),
                );
            }
        }
    }
    // There is no half a run.
    let middle = if top < 2.0 { String::new() } else { count((top / 2.0) as u64) };
    figure(title, series, [count(top as u64), middle, "0".to_owned()], days, days.len() * 10, &shapes)
}

/// Lines of shares.
pub(super) fn lines(title: &str, days: &[i64], series: &[Series]) -> String {
    let all = series.iter().flat_map(|series| &series.values);
    let top = all.copied().fold(0.01, f64::max);
    let width = days.len().saturating_sub(1).max(1) * 10;
    let mut shapes = String::new();
    for (colour, series) in series.iter().enumerate() {
        let points = points(&series.values, top, 1);
        let _ = write!(
            shapes,
            "<polyline class=\"s{}\" points=\"{points}\"><title>{}</title></polyline>",
            colour % COLOURS,
            escape(&series.name),
        );
    }
    figure(title, series, [percent(top), percent(top / 2.0), "0%".to_owned()], days, width, &shapes)
}

/// A small line without axes.
pub(super) fn spark(values: &[f64]) -> String {
    let top = values.iter().copied().fold(1.0, f64::max);
    let points = points(values, top, 0);
    let width = values.len().saturating_sub(1).max(1) * 10;
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <polyline class=\"s0\" points=\"{points}\"/></svg>"
    )
}

/// Of a line. A single value would be a point, which cannot be seen: it is a level line.
fn points(values: &[f64], top: f64, decimals: usize) -> String {
    let again = values.first().filter(|_| values.len() == 1);
    let points = values.iter().chain(again).enumerate().map(|(position, value)| {
        format!("{},{:.decimals$}", position * 10, 1.0 + (HEIGHT - 2.0) * (1.0 - value / top))
    });
    points.collect::<Vec<_>>().join(" ")
}

fn figure(title: &str, series: &[Series], scale: [String; 3], days: &[i64], width: usize, shapes: &str) -> String {
    let mut html = format!("<figure><figcaption class=\"key\" aria-label=\"{}\">", escape(title));
    for (colour, series) in series.iter().enumerate() {
        let _ = write!(html, "<span><i class=\"b{}\"></i>{}</span>", colour % COLOURS, escape(&series.name));
    }
    let [top, middle, bottom] = scale;
    let _ = write!(
        html,
        "</figcaption><div class=\"plot\"><div class=\"y\"><span>{top}</span><span>{middle}</span><span>{bottom}</span></div>\
         <svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\">\
         <path class=\"grid\" d=\"M0 0H{width}M0 50H{width}M0 100H{width}\"/>{shapes}</svg></div><div class=\"x\">",
        escape(title),
    );
    for day in ticks(days) {
        let _ = write!(html, "<span>{}</span>", time::short(day));
    }
    html + "</div></figure>"
}

/// A few days, evenly spaced: the first and the last, and two between them.
fn ticks(days: &[i64]) -> Vec<i64> {
    let last = days.len().saturating_sub(1);
    let mut positions = vec![0, last / 3, last * 2 / 3, last];
    positions.dedup();
    positions.into_iter().filter_map(|position| days.get(position).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_bars_add_up() {
        let series = |name: &str, values: &[f64]| Series { name: name.to_owned(), values: values.to_vec() };
        let chart = stacked("Runs", &[0, 1], &[series("<1>", &[10.0, 30.0]), series("2", &[10.0, 10.0])]);
        assert!(chart.contains("&lt;1&gt;") && !chart.contains("<1>"));
        // The second day is the highest, and full.
        assert!(
            chart.contains("y=\"25.0\" width=\"9\" height=\"75.0\"")
                && chart.contains("y=\"0.0\" width=\"9\" height=\"25.0\"")
        );
        let chart = stacked("Runs", &[0], &[series("1", &[1.0])]);
        assert!(chart.contains("<span>1</span><span></span><span>0</span>"), "{chart}");
        assert_eq!(ticks(&[5, 6, 7, 8, 9, 10, 11]), [5, 7, 9, 11]);
        assert_eq!(ticks(&[5]), [5]);
        assert!(ticks(&[]).is_empty());
    }

    #[test]
    fn a_single_value_is_a_level_line() {
        assert_eq!(points(&[1.0, 0.0], 1.0, 0), "0,1 10,99");
        assert_eq!(points(&[1.0], 1.0, 0), "0,1 10,1");
        assert_eq!(points(&[], 1.0, 0), "");
    }
}
