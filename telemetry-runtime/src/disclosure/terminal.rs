//! The disclosure on a terminal: the Markdown that it is elsewhere, laid out.

use std::fmt::{self, Write};

use super::Disclosure;
use crate::screen::{Screen, Style, Wrap};

/// The column at which the meanings of the fields begin.
const MEANING: usize = 22;

impl Disclosure {
    /// Markdown for a pipe or a file, text for a terminal.
    pub(crate) fn shown(&self, screen: Screen) -> String {
        let markdown = self.to_string();
        if screen.columns.is_none() {
            return markdown;
        }
        let mut text = String::new();
        let mut out = Wrap::new(&mut text, screen);
        // Writing to a string cannot fail.
        let _ = markdown.lines().try_for_each(|line| write_line(line, &mut out)).and_then(|()| out.finish());
        text
    }
}

/// Writes one line of the Markdown that `markdown` writes: headings, rows of a table, items of a list, or a paragraph.
fn write_line(line: &str, out: &mut Wrap<'_>) -> fmt::Result {
    if line.starts_with("| field") || line.starts_with("| ---") {
        return Ok(());
    }
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() {
        out.styled(Style::Bold, &[heading.trim_start()])?;
    } else if let Some((name, meaning)) = line.strip_prefix("| ").and_then(|row| row.split_once(" | ")) {
        let name = name.trim_matches('`');
        out.hang(MEANING);
        out.write_str("  ")?;
        out.styled(Style::Bold, &[name])?;
        write!(out, "{:1$}", "", MEANING.saturating_sub(2 + name.len()).max(1))?;
        write_text(meaning.trim_end_matches(" |"), out)?;
    } else {
        out.hang(if line.starts_with("- ") { 2 } else { 0 });
        write_text(line, out)?;
    }
    out.line(&[])
}

/// Writes text without marks around names and addresses. Those around anything to type stay, and it is not broken.
fn write_text(text: &str, out: &mut Wrap<'_>) -> fmt::Result {
    for (position, part) in text.split('`').enumerate() {
        if position % 2 == 0 {
            out.write_str(part)?;
        } else if part.contains([' ', '=', '"']) {
            out.whole(&format!("`{part}`"));
        } else {
            out.whole(part);
        }
    }
    Ok(())
}
