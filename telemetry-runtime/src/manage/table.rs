//! A table that fits the terminal.

use crate::screen::{Screen, Style, styled, width};

/// Between two columns.
const GAP: usize = 2;

/// No column is shortened to less.
const SHORT: usize = 12;

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) heading: &'static str,
    /// Numbers are aligned to the right.
    pub(super) is_number: bool,
    /// The column with the highest number is the first to be left out where not all fit: one with 1 only after texts were
    /// shortened a lot, and one with 0 never.
    pub(super) dispensable: u8,
}

impl Column {
    pub(super) const fn text(heading: &'static str, dispensable: u8) -> Self {
        Column { heading, is_number: false, dispensable }
    }

    pub(super) const fn number(heading: &'static str, dispensable: u8) -> Self {
        Column { heading, is_number: true, dispensable }
    }
}

/// A cell.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) is_alarming: bool,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell { text, is_alarming: false }
    }
}

/// A table. Every row has a cell for each column.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Writes the table, and returns the headings of the columns that do not fit the screen.
    pub(super) fn write(&self, screen: Screen, out: &mut String) -> Vec<&'static str> {
        let widths = self.widths(screen.columns.unwrap_or(usize::MAX));
        let heading = self.columns.iter().map(|column| (column.heading, Some(Style::Bold)));
        self.line(&mut heading.into_iter(), &widths, screen, out);
        for row in &self.rows {
            let cells = row.iter().map(|cell| (&*cell.text, cell.is_alarming.then_some(Style::Red)));
            self.line(&mut cells.into_iter(), &widths, screen, out);
        }
        let left_out = self.columns.iter().zip(&widths).filter(|(_, width)| width.is_none());
        left_out.map(|(column, _)| column.heading).collect()
    }

    /// The width of each column; `None` for those that are left out.
    fn widths(&self, limit: usize) -> Vec<Option<usize>> {
        let natural = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| columns(&cell.text));
            cells.chain(self.columns.get(column).map(|column| columns(column.heading))).max()
        };
        let mut widths: Vec<Option<usize>> = (0..self.columns.len()).map(natural).collect();
        loop {
            let total = widths.iter().flatten().map(|width| width + GAP).sum::<usize>().saturating_sub(GAP);
            let excess = total.saturating_sub(limit);
            let is_done = excess == 0
                || !self.shorten(&mut widths, excess, 2 * SHORT)
                    && !self.leave_out(&mut widths, 2)
                    && !self.shorten(&mut widths, excess, SHORT)
                    && !self.leave_out(&mut widths, 1);
            if is_done {
                return widths;
            }
        }
    }

    /// Takes so many columns from the longest text, to which at least `least` are left. False if it has no more.
    fn shorten(&self, widths: &mut [Option<usize>], excess: usize, least: usize) -> bool {
        let texts = self.columns.iter().zip(widths).filter(|(column, _)| !column.is_number);
        match texts.filter_map(|(_, width)| width.as_mut()).max() {
            Some(longest) if *longest > least => {
                *longest = least.max(longest.saturating_sub(excess));
                true
            }
            _ => false,
        }
    }

    /// Leaves out the most dispensable column. False if none is as dispensable as `least`.
    fn leave_out(&self, widths: &mut [Option<usize>], least: u8) -> bool {
        let all = self.columns.iter().zip(widths);
        let dispensable = all.filter(|(column, width)| width.is_some() && column.dispensable >= least);
        match dispensable.max_by_key(|(column, _)| column.dispensable) {
            Some((_, width)) => {
                *width = None;
                true
            }
            None => false,
        }
    }

    fn line(
        &self,
        cells: &mut dyn Iterator<Item = (&str, Option<Style>)>,
        widths: &[Option<usize>],
        screen: Screen,
        out: &mut String,
    ) {
        let mut spaces = 0;
        for ((column, width), (text, style)) in self.columns.iter().zip(widths).zip(cells) {
            let Some(width) = *width else { continue };
            if text.is_empty() {
                spaces += width + GAP;
                continue;
            }
            let text = shortened(text, width);
            let padding = width.saturating_sub(columns(&text));
            let (before, after) = if column.is_number { (padding, 0) } else { (0, padding) };
            out.extend(std::iter::repeat_n(' ', spaces + before));
            styled(style, &text, screen, out);
            // Not at the end of a line.
            spaces = after + GAP;
        }
        out.push('\n');
    }
}

fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The text, with an ellipsis in place of what does not fit.
fn shortened(text: &str, limit: usize) -> String {
    if columns(text) <= limit {
        return text.to_owned();
    }
    let mut shortened = String::new();
    let mut taken = 1;
    for char in text.chars() {
        taken += width(char);
        if taken > limit {
            break;
        }
        shortened.push(char);
    }
    shortened.push('…');
    shortened
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let row = |name: &str, number: &str, note: &str, more: &str| {
            [name, number, note, more].map(|text| Cell::from(text.to_owned())).to_vec()
        };
        Table {
            columns: vec![
                Column::text("NAME", 0),
                Column::number("N", 1),
                Column::text("NOTE", 2),
                Column::text("MORE", 3),
            ],
            rows: vec![
                row("build", "7", "seen", "options and facts, of which there are a great many"),
                row("目的", "1200", "-", ""),
            ],
        }
    }

    fn shown(columns: usize) -> (String, Vec<&'static str>) {
        let mut out = String::new();
        let left_out = table().write(Screen { columns: Some(columns), has_styles: false }, &mut out);
        assert!(out.lines().all(|line| super::columns(line) <= columns), "{out}");
        (out, left_out)
    }

    #[test]
    fn numbers_are_aligned_to_the_right() {
        let (text, left_out) = shown(100);
        let expected = "NAME      N  NOTE  MORE\n\
                        build     7  seen  options and facts, of which there are a great many\n\
                        目的   1200  -\n";
        assert_eq!(text, expected);
        assert_eq!(left_out, [""; 0]);
    }

    #[test]
    fn what_does_not_fit_is_shortened_or_left_out_and_named() {
        let (text, left_out) = shown(50);
        assert!(text.contains("build     7  seen  options and facts, of which th…\n"), "{text}");
        assert_eq!(left_out, [""; 0]);
        assert_eq!(shown(40).1, ["MORE"]);
        assert_eq!(shown(12), ("NAME      N\nbuild     7\n目的   1200\n".to_owned(), vec!["NOTE", "MORE"]));
    }

    #[test]
    fn headings_and_alarms_have_styles() {
        let mut table = table();
        table.rows[0][2].is_alarming = true;
        let mut out = String::new();
        table.write(Screen { columns: None, has_styles: true }, &mut out);
        assert!(out.starts_with("\x1b[1mNAME\x1b[0m   "), "{out}");
        assert!(out.contains("  \x1b[31mseen\x1b[0m  options"), "{out}");
    }
}
