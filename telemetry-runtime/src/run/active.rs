//! Key `actives`: the first recorded run of a calendar week carries a mark, so that users can be counted without an
//! identifier.
//!
//! After DNF's `countme`: <https://dnf.readthedocs.io/en/latest/conf_ref.html>. A mark says since when the user has agreed,
//! in four steps; nothing links the marks of two weeks.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use once_cell::race::OnceBox;

use crate::consent::{Answer, Store};
use crate::declare::limits::SECONDS_PER_DAY;
use crate::declare::{ACTIVE_SINCE, App, TelemetryApp};
use crate::environment;
use crate::event::{ActiveWeek, Week};
use crate::queue;
use crate::sys::files;

/// How a run claims the mark of its week, and leaves it to a later run. Function pointers, so that a program without the
/// key does not contain the code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weekly {
    pub(super) claimed: fn(&App, u64) -> Option<&'static ActiveWeek>,
    pub(super) give_up: fn(),
}

/// `None` unless `C` has the key.
pub(super) const fn weekly<C: TelemetryApp>() -> Option<&'static Weekly> {
    if C::APP.actives { Some(&Weekly { claimed, give_up }) } else { None }
}

/// The mark that this run carries.
#[derive(Debug)]
struct Claim {
    week: ActiveWeek,
    /// The file that other runs of the week find.
    path: PathBuf,
}

/// Claimed at most once, when the command is known.
static CLAIM: OnceBox<Option<Claim>> = OnceBox::new();

/// The mark of the week, if this run is its first.
fn claimed(app: &App, now_unix_ms: u64) -> Option<&'static ActiveWeek> {
    CLAIM.get_or_init(|| Box::new(claim(app, now_unix_ms))).as_ref().map(|claim| &claim.week)
}

fn give_up() {
    if let Some(Some(claim)) = CLAIM.get() {
        let _ = files::remove(&claim.path);
    }
}

/// Creates the file of the week. Of several runs that do this at the same time, one succeeds.
fn claim(app: &App, now_unix_ms: u64) -> Option<Claim> {
    let dir = environment::queue_dir(app).ok()?;
    let week = Week::of_unix_ms(now_unix_ms);
    let path = dir.join(queue::active_file(week));
    match files::create_new(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            files::create_dir(&dir).ok()?;
            files::create_new(&path).ok()?;
        }
        created => drop(created.ok()?),
    }
    remove_earlier(&dir, &path);
    Some(Claim { week: ActiveWeek::new(week, since(app, now_unix_ms)), path })
}

/// Once a week, so that the folder can be looked through.
fn remove_earlier(dir: &Path, current: &Path) {
    for name in files::names_in(dir).unwrap_or_default() {
        let path = dir.join(&name);
        if queue::is_active_file(&name) && path != current {
            let _ = files::remove(&path);
        }
    }
}

/// How many weeks ago the user agreed. `None` if a variable has agreed instead.
fn since(app: &App, now_unix_ms: u64) -> Option<&'static str> {
    const MS_PER_WEEK: u64 = 7 * SECONDS_PER_DAY * 1_000;
    let stored = Store::of(app).ok()?.load()?;
    if !matches!(stored.answer, Answer::Yes | Answer::Told) {
        return None;
    }
    let [first, month, half_year, longer] = ACTIVE_SINCE;
    Some(match now_unix_ms.saturating_sub(stored.decided_unix_ms) / MS_PER_WEEK {
        0 => first,
        1..=3 => month,
        4..=23 => half_year,
        _ => longer,
    })
}
