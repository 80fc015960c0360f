//! The document that holds the measurements, between markers, so that the text around them stays.

use std::path::PathBuf;
use std::{fmt, fs, io};

/// Puts `table` between the markers called `name` in `docs/performance.md`.
pub(crate) fn replace(name: &str, table: &impl fmt::Display) -> io::Result<()> {
    let path = path("performance.md");
    let text = fs::read_to_string(&path)?;
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = text.split_once(&start).ok_or(io::ErrorKind::NotFound)?;
    let (_, after) = rest.split_once(&end).ok_or(io::ErrorKind::NotFound)?;
    fs::write(path, format!("{before}{start}{table}{end}{after}"))
}

/// A file of the documentation.
pub(crate) fn path(file: &str) -> PathBuf {
    [crate::DOCS, file].iter().collect()
}

/// A table in Markdown.
#[derive(Debug)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Table { header: header.map(str::to_owned).into(), rows: Vec::new() }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| {} |", self.header.join(" | "))?;
        // The first column is text, the others are numbers.
        writeln!(f, "|---|{}", "--:|".repeat(self.header.len() - 1))?;
        self.rows.iter().try_for_each(|row| writeln!(f, "| {} |", row.join(" | ")))
    }
}
