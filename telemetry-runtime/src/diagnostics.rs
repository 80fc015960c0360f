//! The one line to the author, under `<ENV>_TELEMETRY_DEBUG`.

use std::fmt::Arguments;
use std::io::{self, Write};

use crate::declare::App;

/// Reports something on stderr. For those who have asked for it: check that first.
pub(crate) fn report(app: &App, message: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}: telemetry: {message}", app.name);
}
