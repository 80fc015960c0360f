//! Users, and what belongs to them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use support::{run_by, skip};

/// Two users who have nothing to do with each other, and are not root.
pub(crate) const ALICE: u32 = 65_533;
pub(crate) const MALLORY: u32 = 65_534;

/// `command` as run by this user.
pub(crate) fn run_as(user: u32, command: &Command) -> Command {
    let mut setpriv = Command::new("/usr/bin/setpriv");
    setpriv.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]);
    run_by(setpriv, command)
}

/// Gives a file or folder to a user.
pub(crate) fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Whether this process may become other users. If not, `what` is skipped.
#[track_caller]
pub(crate) fn are_permitted(what: &str) -> bool {
    static PERMITTED: LazyLock<bool> = LazyLock::new(|| {
        let output = run_as(ALICE, &Command::new("/bin/true")).output();
        output.is_ok_and(|output| output.status.success())
    });
    if !*PERMITTED {
        skip(what, "`setpriv` is missing, or not permitted here");
    }
    *PERMITTED
}
