//! Processes: their identity, and starting one that outlives this one.

#[cfg(feature = "http")]
use std::ffi::OsString;
#[cfg(feature = "http")]
use std::io;

use windows_sys::Win32::Foundation::{
    CloseHandle, ERROR_INVALID_PARAMETER, FILETIME, GetLastError, HANDLE, WAIT_TIMEOUT,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, GetProcessTimes, OpenProcess, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE,
    WaitForSingleObject,
};

use crate::sys::Process;

impl Process {
    /// The current process; never `None` on Windows.
    pub(crate) fn this() -> Option<Self> {
        // SAFETY: this pseudo handle is always valid and needs no closing.
        let start = unsafe { start_time(GetCurrentProcess()) };
        Some(Process { pid: std::process::id().into(), start })
    }

    /// Whether the process is still running. One that cannot be looked at counts as running, so that its run is not
    /// reported as abandoned.
    pub(crate) fn is_running(self) -> bool {
        let Ok(pid) = u32::try_from(self.pid) else { return true };
        // SAFETY: the handle is checked, and closed once.
        unsafe {
            let process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_SYNCHRONIZE, 0, pid);
            if process.is_null() {
                // The error for an id that no process has.
                return GetLastError() != ERROR_INVALID_PARAMETER;
            }
            // An ended process has its id until the last handle to it is closed.
            let runs = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
            let start = start_time(process);
            CloseHandle(process);
            runs && start.zip(self.start).is_none_or(|(start, expected)| start == expected)
        }
    }
}

/// When the process began, in units of 100 ns since 1601.
///
/// # Safety
///
/// The handle must be valid.
unsafe fn start_time(process: HANDLE) -> Option<u64> {
    const ZERO: FILETIME = FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 };
    let (mut start, mut end, mut kernel, mut user) = (ZERO, ZERO, ZERO, ZERO);
    // SAFETY: the handle is valid by this function's contract, and there is room for each time.
    let known = unsafe { GetProcessTimes(process, &raw mut start, &raw mut end, &raw mut kernel, &raw mut user) };
    (known != 0).then_some(u64::from(start.dwHighDateTime) << 32 | u64::from(start.dwLowDateTime))
}

/// Ends this process at once: no exit hook or destructor runs, and nothing can delay it. Unlike an abort, it is not
/// reported to the user as a crash.
#[cfg(feature = "http")]
pub(crate) fn kill_this_process() {
    use windows_sys::Win32::System::Threading::TerminateProcess;

    // SAFETY: ends this process.
    unsafe { TerminateProcess(GetCurrentProcess(), 1) };
}

/// Starts this program again with `args` and the variables from `environment`, and no others: without a console, in the
/// system's folder, and with no handle of this process's.
///
/// std's `Command` lets the new process inherit handles. Whoever reads this program's output through a pipe would then
/// wait for the new process to end.
#[cfg(feature = "http")]
pub(crate) fn start_detached(
    args: &[&str],
    environment: impl FnOnce() -> Vec<(&'static str, OsString)>,
) -> io::Result<()> {
    use std::ffi::OsStr;
    use std::iter::once;
    use std::os::windows::ffi::OsStrExt;
    use std::ptr::null;

    use windows_sys::Win32::System::Threading::{
        CREATE_NEW_PROCESS_GROUP, CREATE_UNICODE_ENVIRONMENT, CreateProcessW, DETACHED_PROCESS, PROCESS_INFORMATION,
        STARTUPINFOW,
    };

    const FLAGS: u32 = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | CREATE_UNICODE_ENVIRONMENT;

    let program: Vec<u16> = std::env::current_exe()?.as_os_str().encode_wide().chain(once(0)).collect();
    // These are our own words without spaces: nothing to quote.
    let mut line: Vec<u16> = args.join(" ").encode_utf16().chain(once(0)).collect();
    let mut entries: Vec<u16> = Vec::new();
    for (name, value) in environment() {
        let entry = OsStr::new(name).encode_wide().chain(once(u16::from(b'='))).chain(value.encode_wide());
        entries.extend(entry.chain(once(0)));
    }
    entries.push(0);
    let folder = system_folder()?;
    let startup = STARTUPINFOW { cb: u32::try_from(size_of::<STARTUPINFOW>()).unwrap_or(0), ..STARTUPINFOW::default() };
    let mut started = PROCESS_INFORMATION::default();
    // SAFETY: all strings end with a zero, the environment with two, and there is room for the result.
    unsafe {
        if CreateProcessW(
            program.as_ptr(),
            line.as_mut_ptr(),
            null(),
            null(),
            0,
            FLAGS,
            entries.as_ptr().cast(),
            folder.as_ptr(),
            &raw const startup,
            &raw mut started,
        ) == 0
        {
            return Err(io::Error::last_os_error());
        }
        CloseHandle(started.hThread);
        CloseHandle(started.hProcess);
    }
    Ok(())
}

/// The folder of Windows, as a string that ends with a zero. A process's working directory cannot be removed, so it must
/// not be one of the user's.
#[cfg(feature = "http")]
fn system_folder() -> io::Result<Vec<u16>> {
    use windows_sys::Win32::Foundation::MAX_PATH;
    use windows_sys::Win32::System::SystemInformation::GetSystemWindowsDirectoryW;

    let mut folder = vec![0; MAX_PATH as usize];
    // SAFETY: there is room for as many units as stated.
    match unsafe { GetSystemWindowsDirectoryW(folder.as_mut_ptr(), MAX_PATH) } {
        1..MAX_PATH => Ok(folder),
        _ => Err(io::Error::last_os_error()),
    }
}
