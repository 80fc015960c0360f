//! Diagnostics for the CLI's author: one line on stderr, printed only under `<ENV>_TELEMETRY_DEBUG`.

use std::fmt::Arguments;
use std::io::{self, Write};

use crate::declare::App;

/// Prints a message to stderr. Callers check that the user asked for diagnostics.
pub(crate) fn report(app: &App, message: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}: telemetry: {message}", app.name);
}
