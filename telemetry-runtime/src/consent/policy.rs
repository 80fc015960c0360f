//! The administrator's policy: `{"enabled": false}` in `/etc/<app>/telemetry.json`.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::app::App;
use crate::{files, flat_json, settings};

/// A larger file is no policy.
const MAX_BYTES: u64 = 64 * 1024;

/// Where the policy stands.
pub(crate) fn path(app: &App) -> Option<PathBuf> {
    Some(settings::below(settings::machine_dir()?, [app.name, "telemetry.json"]))
}

/// Does the administrator forbid it? A policy that cannot be read or understood forbids too: whoever put it there had
/// something to say, and only `true` is no objection.
pub(super) fn forbids(app: &App) -> bool {
    path(app).is_some_and(|path| match files::read(&path, MAX_BYTES) {
        Ok(policy) => !allows(&policy),
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    })
}

pub(crate) fn allows(policy: &[u8]) -> bool {
    let mut enabled = false;
    let read = str::from_utf8(policy).ok().and_then(|policy| {
        flat_json::entries(policy, |key, value| {
            if key == "enabled" {
                enabled = value == "true";
            }
        })
    });
    read.is_some() && enabled
}
