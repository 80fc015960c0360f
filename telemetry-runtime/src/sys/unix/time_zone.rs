//! The user's time zone.

use std::mem::MaybeUninit;

/// How many seconds the user's clocks are ahead of UTC at a time. `None` if unknown.
pub(crate) fn utc_offset_secs(unix_secs: i64) -> Option<i64> {
    let time = Time::try_from(unix_secs).ok()?;
    let mut local = MaybeUninit::<libc::tm>::zeroed();
    let convert = local_time()?;
    // SAFETY: all zeros is a valid `tm`, and there is room for one.
    let local = unsafe {
        if convert(&raw const time, local.as_mut_ptr()).is_null() {
            return None;
        }
        local.assume_init()
    };
    // 32 bits on some systems.
    #[allow(clippy::unnecessary_cast)]
    Some(local.tm_gmtoff as i64)
}

/// libc deprecates this name where musl has changed the type since.
#[allow(deprecated)]
type Time = libc::time_t;

type LocalTime = unsafe extern "C" fn(*const Time, *mut libc::tm) -> *mut libc::tm;

/// Looked up by its name, so that only this command pays for one more import: the dynamic linker would look for it at the
/// start of every run.
#[cfg(target_env = "gnu")]
fn local_time() -> Option<LocalTime> {
    // SAFETY: the name is a C string, and the function of this name has this type. A null pointer is `None`.
    unsafe {
        let found = libc::dlsym(libc::RTLD_DEFAULT, c"localtime_r".as_ptr());
        std::mem::transmute::<*mut libc::c_void, Option<LocalTime>>(found)
    }
}

#[cfg(not(target_env = "gnu"))]
fn local_time() -> Option<LocalTime> {
    Some(libc::localtime_r)
}
