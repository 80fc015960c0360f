//! What a person sees on a terminal: text laid out at words, styles, and text from outside made harmless.

mod width;
mod wrap;

use std::ffi::OsStr;
use std::fmt::{self, Display, Formatter, Write};
use std::io::{self, IsTerminal};

pub(crate) use self::width::width;
pub(crate) use self::wrap::Wrap;
use crate::environment;
use crate::sys::terminal;

/// What an output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Screen {
    /// The width in columns; `None` in a pipe or a file, where lines may have any length.
    pub(crate) columns: Option<usize>,
    /// Whether escape sequences are styles. Not under `NO_COLOR`.
    pub(crate) has_styles: bool,
}

/// The width of a terminal that does not tell it.
const USUAL_COLUMNS: usize = 80;

impl Screen {
    pub(crate) fn stdout() -> Self {
        let stdout = io::stdout();
        Screen::of(stdout.is_terminal(), terminal::columns(&stdout), || terminal::has_styles(&stdout))
    }

    pub(crate) fn stderr() -> Self {
        let stderr = io::stderr();
        Screen::of(stderr.is_terminal(), terminal::columns(&stderr), || terminal::has_styles(&stderr))
    }

    /// What to write before and after text in a style.
    pub(crate) fn around(self, style: Option<Style>) -> (&'static str, &'static str) {
        match style {
            Some(style) if self.has_styles => (style.begin(), END),
            _ => ("", ""),
        }
    }

    fn of(is_terminal: bool, columns: Option<usize>, has_styles: impl FnOnce() -> bool) -> Self {
        if !is_terminal {
            return Screen { columns: None, has_styles: false };
        }
        Screen {
            columns: Some(columns.unwrap_or(USUAL_COLUMNS)),
            has_styles: environment::allows_colour() && has_styles(),
        }
    }
}

/// A style of text. Only these, because they can be read on a light and on a dark background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Bold,
    Dim,
    Red,
    Green,
}

impl Style {
    /// The escape sequence that begins it.
    fn begin(self) -> &'static str {
        match self {
            Style::Bold => "\x1b[1m",
            Style::Dim => "\x1b[2m",
            Style::Red => "\x1b[31m",
            Style::Green => "\x1b[32m",
        }
    }
}

/// The escape sequence that ends any style.
const END: &str = "\x1b[0m";

/// Text from outside, such as a path or the value of a variable, with escapes for the control characters in it.
pub(crate) fn printable(text: &(impl AsRef<OsStr> + ?Sized)) -> Printable<'_> {
    Printable(text.as_ref())
}

/// Text that [`printable`] has made harmless.
pub(crate) struct Printable<'a>(&'a OsStr);

impl Display for Printable<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for char in self.0.to_string_lossy().chars() {
            match char {
                '\t' => out.write_str("\\t")?,
                '\n' => out.write_str("\\n")?,
                '\r' => out.write_str("\\r")?,
                _ if char.is_control() => write!(out, "\\u{{{:x}}}", u32::from(char))?,
                _ => out.write_char(char)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_as_in_rust() {
        let text = "a\t\r\n\u{0}\u{1b}\u{7f}\u{9b}\"\\é目";
        let shown = printable(text).to_string();
        assert_eq!(shown, "a\\t\\r\\n\\u{0}\\u{1b}\\u{7f}\\u{9b}\"\\é目");
        for char in text.chars().filter(|char| char.is_control()) {
            assert!(shown.contains(&char.escape_default().to_string()), "{char:?}");
        }
    }
}
