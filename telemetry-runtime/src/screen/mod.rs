//! What a person sees on a terminal: text laid out at words, and styles.

mod width;
mod wrap;

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
}

impl Style {
    /// The escape sequence that begins it.
    fn begin(self) -> &'static str {
        match self {
            Style::Bold => "\x1b[1m",
        }
    }
}

/// The escape sequence that ends any style.
const END: &str = "\x1b[0m";
