//! The user's time zone.

use windows_sys::Win32::Foundation::FILETIME;
use windows_sys::Win32::Storage::FileSystem::FileTimeToLocalFileTime;

/// Windows counts from the year 1601, in units of 100 nanoseconds.
const UNIX_EPOCH_SECS: i64 = 11_644_473_600;
const TICKS_PER_SEC: i64 = 10_000_000;

/// How many seconds the user's clocks are ahead of UTC now, whatever the time of year was then. `None` if unknown.
pub(crate) fn utc_offset_secs(unix_secs: i64) -> Option<i64> {
    let ticks = unix_secs.checked_add(UNIX_EPOCH_SECS)?.checked_mul(TICKS_PER_SEC)?;
    let utc = FILETIME { dwLowDateTime: ticks as u32, dwHighDateTime: (ticks >> 32) as u32 };
    let mut local = FILETIME::default();
    // SAFETY: both pointers are valid.
    if unsafe { FileTimeToLocalFileTime(&raw const utc, &raw mut local) } == 0 {
        return None;
    }
    let local = i64::from(local.dwHighDateTime) << 32 | i64::from(local.dwLowDateTime);
    Some((local - ticks) / TICKS_PER_SEC)
}
