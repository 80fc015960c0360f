//! `export`: everything that is kept about the user, file by file, as JSON lines.

use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::{Done, ManageError, Output};
use crate::consent::Store;
use crate::declare::App;
use crate::environment;
use crate::event::Timestamp;
use crate::json::{Json, Writer};
use crate::queue;
use crate::sys::files;
use crate::text::Text;

/// A longer file is not ours.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

pub(super) fn run(app: &App, out: &mut Output) -> Done {
    if let Ok(store) = Store::of(app) {
        file(store.path(), out)?;
    }
    let Ok(dir) = environment::queue_dir(app) else { return Ok(()) };
    let kept = queue::kept(&dir).map_err(|cause| ManageError::file("list the files in", &dir, cause))?;
    for path in &kept {
        file(path, out)?;
    }
    Ok(())
}

/// A line for each line of a list, and one for any other file.
fn file(path: &Path, out: &mut Output) -> Done {
    let bytes = match files::read_anyones(path, MAX_BYTES) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        read => read.map_err(|cause| ManageError::file("read", path, cause))?.bytes,
    };
    let changed = files::metadata(path).ok().and_then(|file| file.modified().duration_since(UNIX_EPOCH).ok());
    let changed = Timestamp(changed.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(0)));
    let mut lines = FileLines { path: quoted(&path.to_string_lossy()), changed, out };
    let text = String::from_utf8_lossy(&bytes);
    if text.bytes().all(|byte| byte.is_ascii_whitespace()) {
        // It is there, which may say something: that a week has its mark, for example.
        return lines.write("null");
    }
    // JSON has no line feeds within strings.
    let mut one_line = Text::default();
    for char in text.chars() {
        let char = if matches!(char, '\r' | '\n') { ' ' } else { char };
        one_line.put(char.encode_utf8(&mut [0; 4]));
    }
    if is_json(one_line.as_str()) {
        return lines.write(one_line.as_str());
    }
    for entry in text.lines() {
        if is_json(entry) {
            lines.write(entry)?;
        } else if !entry.is_empty() {
            lines.write(&quoted(entry))?;
        }
    }
    Ok(())
}

/// The lines of one file: `{"file":…,"changed":…,"content":…}`.
struct FileLines<'a> {
    /// As a JSON string.
    path: String,
    changed: Timestamp,
    out: &'a mut Output,
}

impl FileLines<'_> {
    /// Writes a line with this content, which is JSON.
    #[inline(never)]
    fn write(&mut self, content: &str) -> Done {
        let FileLines { path, changed, out } = self;
        out.line(format_args!("{{\"file\":{path},\"changed\":\"{changed}\",\"content\":{content}}}"))
    }
}

/// Whether the text can be printed as it is: somebody else's JSON may hold characters that a terminal obeys.
#[inline(never)]
fn is_json(text: &str) -> bool {
    !text.chars().any(char::is_control) && Json::parse(text.as_bytes()).is_some()
}

/// As a JSON string.
#[inline(never)]
fn quoted(text: &str) -> String {
    let mut out = Writer::default();
    out.text(text);
    out.finish()
}
