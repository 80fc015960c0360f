//! `export`: everything that is kept about the user, file by file, as JSON lines.

use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::{ManageError, Output};
use crate::consent::Store;
use crate::declare::App;
use crate::environment;
use crate::event::Timestamp;
use crate::json::{Json, Writer};
use crate::queue;
use crate::sys::files;

/// A longer file is not ours.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

pub(super) fn run(app: &App, out: &mut Output) -> Result<(), ManageError> {
    if let Ok(store) = Store::of(app) {
        file(store.path(), out)?;
    }
    let Ok(dir) = environment::queue_dir(app) else { return Ok(()) };
    let kept = queue::kept(&dir).map_err(|cause| ManageError::file("list the files in", &dir, cause))?;
    for path in kept {
        file(&path, out)?;
    }
    Ok(())
}

/// A line for each line of a list, and one for any other file: `{"file":…,"changed":…,"content":…}`.
fn file(path: &Path, out: &mut Output) -> Result<(), ManageError> {
    let bytes = match files::read_anyones(path, MAX_BYTES) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        read => read.map_err(|cause| ManageError::file("read", path, cause))?.bytes,
    };
    let text = String::from_utf8_lossy(&bytes);
    let changed = files::metadata(path).ok().and_then(|file| file.modified().duration_since(UNIX_EPOCH).ok());
    let changed = Timestamp(changed.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(0)));
    let path = quoted(&path.to_string_lossy());
    let begin = format!("{{\"file\":{path},\"changed\":\"{changed}\",\"content\":");
    if text.trim_ascii().is_empty() {
        // It is there, which may say something: that a week has its mark, for example.
        return line(&begin, "null", out);
    }
    // JSON has no line feeds within strings.
    let one_line = text.replace(['\r', '\n'], " ");
    if is_json(&one_line) {
        return line(&begin, &one_line, out);
    }
    for entry in text.lines().filter(|entry| !entry.is_empty()) {
        if is_json(entry) {
            line(&begin, entry, out)?;
        } else {
            line(&begin, &quoted(entry), out)?;
        }
    }
    Ok(())
}

/// Whether the text can be printed as it is: somebody else's JSON may hold characters that a terminal obeys.
fn is_json(text: &str) -> bool {
    !text.chars().any(char::is_control) && Json::parse(text.as_bytes()).is_some()
}

#[inline(never)]
fn line(begin: &str, content: &str, out: &mut Output) -> Result<(), ManageError> {
    out.line(format_args!("{begin}{content}}}"))
}

/// As a JSON string.
fn quoted(text: &str) -> String {
    let mut out = Writer::default();
    out.text(text);
    out.finish()
}
