//! Output of the management commands, to a terminal, a pipe or a file.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, StdoutLock, Write};

use super::ManageError;
use crate::screen::Screen;

/// Standard output.
pub(super) struct Output {
    stdout: StdoutLock<'static>,
    screen: Screen,
}

impl Output {
    pub(super) fn stdout() -> Self {
        Output { screen: Screen::stdout(), stdout: io::stdout().lock() }
    }

    /// Writes a line. A closed pipe (`| head`) is not an error.
    pub(super) fn line(&mut self, line: Arguments<'_>) -> Result<(), ManageError> {
        ignore_closed_reader(writeln!(self.stdout, "{line}"))
    }

    /// Writes bytes unchanged, and a line feed after text.
    #[cfg(feature = "http")]
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), ManageError> {
        let written = self.stdout.write_all(bytes);
        let written =
            if std::str::from_utf8(bytes).is_ok() { written.and_then(|()| writeln!(self.stdout)) } else { written };
        ignore_closed_reader(written)
    }

    /// Writes a table. Columns are as wide as their cells; the heading is bold on a terminal that supports it.
    pub(super) fn table<const N: usize>(
        &mut self,
        heading: [&str; N],
        rows: &[[String; N]],
    ) -> Result<(), ManageError> {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain(heading.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
        };
        let widths: [usize; N] = std::array::from_fn(width);
        let limit = self.screen.columns.unwrap_or(usize::MAX);
        let (bold, plain) = if self.screen.has_styles { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        self.line(format_args!("{bold}{}{plain}", row(heading, widths, limit)))?;
        rows.iter().try_for_each(|cells| {
            let cells = cells.each_ref().map(String::as_str);
            self.line(format_args!("{}", row(cells, widths, limit)))
        })
    }
}

fn ignore_closed_reader(written: io::Result<()>) -> Result<(), ManageError> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(ManageError::Output { source: error }),
        _ => Ok(()),
    }
}

/// One line of a table, truncated to the width of the terminal.
fn row<const N: usize>(cells: [&str; N], widths: [usize; N], limit: usize) -> String {
    let mut line = String::new();
    for (cell, width) in cells.into_iter().zip(widths) {
        line.push_str(&format!("{cell:<width$}  "));
    }
    let line = line.trim_end();
    match line.char_indices().nth(limit) {
        Some(_) => line.chars().take(limit.saturating_sub(1)).chain(['…']).collect(),
        None => line.to_owned(),
    }
}
