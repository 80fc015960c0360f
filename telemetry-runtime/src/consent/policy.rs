//! The administrator's policy: `{"enabled": false}` in `/etc/<app>/telemetry.json`.

use crate::declare::App;
use crate::environment;
use crate::json::flat;
use crate::sys::files;
use std::io::ErrorKind;

/// A larger file is not accepted as a policy.
const MAX_BYTES: u64 = 64 * 1024;

/// Whether the administrator forbids telemetry. A policy that cannot be read or parsed forbids it too: somebody put it
/// there for a reason, and only `"enabled": true` allows telemetry.
pub(super) fn forbids(app: &App) -> bool {
    environment::policy_file(app).is_some_and(|path| match files::read_anyones(&path, MAX_BYTES) {
        Ok(policy) => !allows(&policy.bytes),
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    })
}

pub(crate) fn allows(policy: &[u8]) -> bool {
    let mut enabled = false;
    let read = std::str::from_utf8(policy).ok().and_then(|policy| {
        flat::entries(policy, &mut |key, value| {
            if key == "enabled" {
                enabled = value == "true";
            }
        })
    });
    read.is_some() && enabled
}
