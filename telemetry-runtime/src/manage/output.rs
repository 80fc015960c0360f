//! Output of the management commands, to a terminal, a pipe or a file.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, StdoutLock, Write};

use super::{Done, ManageError};
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
    #[inline(never)]
    pub(super) fn line(&mut self, line: Arguments<'_>) -> Done {
        ignore_closed_reader(writeln!(self.stdout, "{line}"))
    }

    /// Writes bytes unchanged, and a line feed after text.
    #[cfg(feature = "http")]
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Done {
        let written = self.stdout.write_all(bytes);
        let written =
            if std::str::from_utf8(bytes).is_ok() { written.and_then(|()| writeln!(self.stdout)) } else { written };
        ignore_closed_reader(written)
    }

    /// Writes lines.
    #[inline(never)]
    pub(super) fn text(&mut self, text: &str) -> Done {
        ignore_closed_reader(self.stdout.write_all(text.as_bytes()))
    }

    pub(super) fn screen(&self) -> Screen {
        self.screen
    }
}

fn ignore_closed_reader(written: io::Result<()>) -> Done {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(ManageError::Output { source: error }.into()),
        _ => Ok(()),
    }
}
