//! The disclosure on a terminal: the Markdown that it is elsewhere, laid out.

use super::Disclosure;
use crate::declare::Pieces;
use crate::screen::{Screen, Style, Wrap};

/// The column at which the meanings of the fields begin.
const MEANING: usize = 22;

impl Disclosure {
    /// Markdown for a pipe or a file, text for a terminal.
    pub(crate) fn shown(&self, screen: Screen) -> String {
        let markdown = self.markdown();
        if screen.columns.is_none() {
            return markdown;
        }
        let mut out = Wrap::new(screen);
        for line in Pieces::new(&markdown, b'\n') {
            write_line(line, &mut out);
        }
        out.finish()
    }
}

/// Writes one line of the Markdown that `markdown` writes: headings, rows of a table, items of a list, or a paragraph.
fn write_line(line: &str, out: &mut Wrap) {
    if line.starts_with("| field") || line.starts_with("| ---") {
        return;
    }
    if let Some(row) = line.strip_prefix("| `") {
        let mut row = Pieces::new(row, b'`');
        let name = row.next().unwrap_or_default();
        let meaning = row.rest().strip_prefix(" | ").and_then(|row| row.strip_suffix(" |"));
        out.hang(MEANING);
        out.put("  ");
        out.styled(Style::Bold, &[name]);
        for _ in 2 + name.len()..MEANING {
            out.put(" ");
        }
        write_text(meaning.unwrap_or(row.rest()), out);
    } else if line.starts_with('#') {
        let mut heading = Pieces::new(line, b' ');
        heading.next();
        out.styled(Style::Bold, &[heading.rest()]);
    } else {
        out.hang(if line.starts_with("- ") { 2 } else { 0 });
        write_text(line, out);
    }
    out.put("\n");
}

/// Writes text without marks around names and addresses. Those around anything to type stay, and it is not broken.
#[inline(never)]
fn write_text(text: &str, out: &mut Wrap) {
    let mut is_code = false;
    for part in Pieces::new(text, b'`') {
        if !is_code {
            out.put(part);
        } else if part.bytes().any(|byte| matches!(byte, b' ' | b'=' | b'"')) {
            out.whole("`");
            out.whole(part);
            out.whole("`");
        } else {
            out.whole(part);
        }
        is_code = !is_code;
    }
}
