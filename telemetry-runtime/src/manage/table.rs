//! A table that fits the terminal.

use std::fmt::Arguments;

use crate::screen::{Screen, Style, width};
use crate::text::Text;

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

/// A table, filled row by row.
pub(super) struct Table<'a> {
    columns: &'a [Column],
    /// The texts of all cells, one after the other.
    text: Text,
    cells: Vec<Cell>,
}

/// A cell, by its place in the text.
struct Cell {
    start: usize,
    end: usize,
    is_alarming: bool,
}

impl<'a> Table<'a> {
    pub(super) fn new(columns: &'a [Column]) -> Self {
        Table { columns, text: Text::default(), cells: Vec::new() }
    }

    /// Adds a cell. Every row has one for each column.
    #[inline(never)]
    pub(super) fn add(&mut self, text: Arguments<'_>) {
        self.add_marked(text, false);
    }

    /// Adds a cell with this text.
    #[inline(never)]
    pub(super) fn add_text(&mut self, text: &str) {
        self.add(format_args!("{text}"));
    }

    /// Adds a cell that stands out if it is alarming.
    #[inline(never)]
    pub(super) fn add_marked(&mut self, text: Arguments<'_>, is_alarming: bool) {
        let start = self.text.as_str().len();
        self.text.write_fmt(text);
        self.cells.push(Cell { start, end: self.text.as_str().len(), is_alarming });
    }

    /// Writes the table, and returns the headings of the columns that do not fit the screen.
    pub(super) fn write(&self, screen: Screen, out: &mut Text) -> Vec<&'static str> {
        let widths = self.widths(screen.columns.unwrap_or(usize::MAX));
        let mut line = Line { out, screen, spaces: 0 };
        let mut left_out = Vec::new();
        for (column, width) in self.columns.iter().zip(&widths) {
            line.add(column, *width, column.heading, Some(Style::Bold));
            if *width == 0 {
                left_out.push(column.heading);
            }
        }
        line.end();
        for row in self.rows() {
            for ((column, width), cell) in self.columns.iter().zip(&widths).zip(row) {
                line.add(column, *width, self.text(cell), if cell.is_alarming { Some(Style::Red) } else { None });
            }
            line.end();
        }
        left_out
    }

    fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunks(self.columns.len().max(1))
    }

    #[inline(never)]
    fn text(&self, cell: &Cell) -> &str {
        self.text.as_str().get(cell.start..cell.end).unwrap_or_default()
    }

    /// The width of each column; 0 for those that are left out.
    fn widths(&self, limit: usize) -> Vec<usize> {
        let mut widths = Vec::new();
        for column in self.columns {
            widths.push(columns(column.heading));
        }
        for row in self.rows() {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = columns(self.text(cell)).max(*width);
            }
        }
        loop {
            let mut total = 0;
            for width in &widths {
                total += if *width > 0 { width + GAP } else { 0 };
            }
            let excess = total.saturating_sub(GAP).saturating_sub(limit);
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
    #[inline(never)]
    fn shorten(&self, widths: &mut [usize], excess: usize, least: usize) -> bool {
        let mut longest = &mut 0;
        for (column, width) in self.columns.iter().zip(widths) {
            if !column.is_number && *width >= *longest {
                longest = width;
            }
        }
        let can_shorten = *longest > least;
        if can_shorten {
            *longest = least.max(longest.saturating_sub(excess));
        }
        can_shorten
    }

    /// Leaves out the most dispensable column. False if none is as dispensable as `least`.
    #[inline(never)]
    fn leave_out(&self, widths: &mut [usize], least: u8) -> bool {
        let mut most = least;
        let mut chosen = None;
        for (column, width) in self.columns.iter().zip(widths) {
            if *width > 0 && column.dispensable >= most {
                most = column.dispensable;
                chosen = Some(width);
            }
        }
        match chosen {
            Some(width) => {
                *width = 0;
                true
            }
            None => false,
        }
    }
}

/// Writes lines.
struct Line<'a> {
    out: &'a mut Text,
    screen: Screen,
    /// Not yet written, because there are none at the end of a line.
    spaces: usize,
}

impl Line<'_> {
    #[inline(never)]
    fn add(&mut self, column: &Column, width: usize, text: &str, style: Option<Style>) {
        if width == 0 {
            return;
        }
        if text.is_empty() {
            self.spaces += width + GAP;
            return;
        }
        let (text, ellipsis) = shortened(text, width);
        let padding = width.saturating_sub(columns(text) + columns(ellipsis));
        let (before, after) = if column.is_number { (padding, 0) } else { (0, padding) };
        self.out.repeat(" ", self.spaces + before);
        let (begin, end) = self.screen.around(style);
        write!(self.out, "{begin}{text}{ellipsis}{end}");
        self.spaces = after + GAP;
    }

    fn end(&mut self) {
        self.out.put("\n");
        self.spaces = 0;
    }
}

#[inline(never)]
fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// What fits of the text, and an ellipsis in place of the rest. From the front: a line that somebody else has written may be as
/// long as the queue.
fn shortened(text: &str, limit: usize) -> (&str, &'static str) {
    if columns(text) <= limit {
        return (text, "");
    }
    // The ellipsis takes one column.
    let mut taken = 1;
    let mut fitting = 0;
    for char in text.chars() {
        taken += width(char);
        if taken > limit {
            break;
        }
        fitting += char.len_utf8();
    }
    (text.get(..fitting).unwrap_or_default(), "…")
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] =
        [Column::text("NAME", 0), Column::number("N", 1), Column::text("NOTE", 2), Column::text("MORE", 3)];

    const SEEN: usize = 2;

    fn table() -> Table<'static> {
        let mut table = Table::new(&COLUMNS);
        for row in
            [["build", "7", "seen", "options and facts, of which there are a great many"], ["目的", "1200", "-", ""]]
        {
            row.iter().for_each(|cell| table.add(format_args!("{cell}")));
        }
        table
    }

    fn shown(columns: usize) -> (String, Vec<&'static str>) {
        let mut out = Text::default();
        let left_out = table().write(Screen { columns: Some(columns), has_styles: false }, &mut out);
        let out = out.finish();
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

    /// Slower than by one look at each character, this would not end.
    #[test]
    fn a_text_as_long_as_the_queue_is_shortened() {
        let long = "目".repeat(1 << 20);
        for (limit, fitting) in [(1, 0), (2, 0), (3, 1), (12, 5), (13, 6)] {
            assert_eq!(shortened(&long, limit), (&*"目".repeat(fitting), "…"));
        }
        assert_eq!(shortened("e\u{301}f", 2), ("e\u{301}f", ""));
        assert_eq!(shortened("e\u{301}fg", 2), ("e\u{301}", "…"));
    }

    #[test]
    fn headings_and_alarms_have_styles() {
        let mut table = table();
        table.cells[SEEN].is_alarming = true;
        let mut out = Text::default();
        table.write(Screen { columns: None, has_styles: true }, &mut out);
        let out = out.finish();
        assert!(out.starts_with("\x1b[1mNAME\x1b[0m   "), "{out}");
        assert!(out.contains("  \x1b[31mseen\x1b[0m  options"), "{out}");
    }
}
