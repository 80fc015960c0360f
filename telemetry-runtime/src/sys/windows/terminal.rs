//! The console: reads one line, with a timeout until the first key, and treats Ctrl-C as an answer.

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle};
use std::ptr::null;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use windows_sys::Win32::Foundation::HANDLE;
use windows_sys::Win32::System::Console::{
    CONSOLE_SCREEN_BUFFER_INFO, CTRL_C_EVENT, ENABLE_VIRTUAL_TERMINAL_PROCESSING, GetConsoleMode,
    GetConsoleScreenBufferInfo, INPUT_RECORD, KEY_EVENT, PeekConsoleInputW, ReadConsoleInputW, ReadConsoleW,
    SetConsoleCtrlHandler, SetConsoleMode,
};
use windows_sys::core::BOOL;

use crate::sys::Input;
use crate::sys::clock::Stopwatch;
#[cfg(feature = "http")]
pub(crate) use crate::sys::interruptible::Interruptible;

/// The longest line that is read. Answers are shorter.
const LINE_MAX: usize = 1024;

/// The longest time until a key or Ctrl-C is noticed.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How often the handler of Ctrl-C checks whether the answer is stored: for five seconds.
const STORE_POLLS_MAX: u32 = 250;

/// Whether the question is open.
static ASKING: AtomicBool = AtomicBool::new(false);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Lets nothing happen until the answer is stored. Then the next handler is asked, and the last one ends the process.
unsafe extern "system" fn on_event(event: u32) -> BOOL {
    if event == CTRL_C_EVENT && ASKING.load(Ordering::Acquire) {
        INTERRUPTED.store(true, Ordering::Release);
        let mut polls = (0..STORE_POLLS_MAX).take_while(|_| ASKING.load(Ordering::Acquire));
        polls.all(|_| {
            std::thread::sleep(POLL_INTERVAL);
            true
        });
    }
    0
}

/// Whether stdin is a console. Other terminals are pipes here, from which nothing can be read with a timeout.
pub(crate) fn in_foreground() -> bool {
    console_mode(stdin()).is_some()
}

/// Whether a key was pressed before the question was shown.
pub(crate) fn is_typed_ahead() -> bool {
    is_key_pressed(stdin())
}

/// Calls `ask` and reads one line. Waits for the first key for at most `timeout`, and then for the rest of the line.
pub(crate) fn read_line(ask: impl FnOnce(), timeout: Duration) -> Input {
    ASKING.store(true, Ordering::Release);
    // Stays installed: it does nothing when no question is open. SAFETY: it is part of this program, which stays loaded.
    unsafe { SetConsoleCtrlHandler(Some(on_event), 1) };
    ask();
    let console = stdin();
    let asked = Stopwatch::start();
    while !is_key_pressed(console) && !INTERRUPTED.load(Ordering::Acquire) && asked.elapsed() < timeout {
        std::thread::sleep(POLL_INTERVAL);
    }
    let line = if is_key_pressed(console) { read(console) } else { None };
    let is_interrupted = INTERRUPTED.load(Ordering::Acquire);
    // After Ctrl-C the handler waits for `interrupt`.
    ASKING.store(is_interrupted, Ordering::Release);
    Input { line: line.filter(|_| !is_interrupted), is_interrupted }
}

/// Lets Ctrl-C have its usual effect, for which it has waited since it interrupted the question.
pub(crate) fn interrupt() {
    ASKING.store(false, Ordering::Release);
    // The effect comes from another thread.
    std::thread::sleep(5 * POLL_INTERVAL);
}

/// The width of the console behind `output`, in columns; `None` if unknown.
pub(crate) fn columns(output: impl AsHandle) -> Option<usize> {
    let mut info = CONSOLE_SCREEN_BUFFER_INFO::default();
    // SAFETY: the handle is open while `output` is borrowed, and there is room for the result.
    let known = unsafe { GetConsoleScreenBufferInfo(output.as_handle().as_raw_handle(), &raw mut info) };
    let width = i32::from(info.srWindow.Right) - i32::from(info.srWindow.Left) + 1;
    usize::try_from(width).ok().filter(|&width| known != 0 && width > 0)
}

/// Whether the console behind `output` understands escape sequences. They have to be turned on first.
pub(crate) fn has_styles(output: impl AsHandle) -> bool {
    let console = output.as_handle().as_raw_handle();
    // SAFETY: the handle is open while `output` is borrowed.
    console_mode(console)
        .is_some_and(|mode| unsafe { SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0 })
}

fn stdin() -> HANDLE {
    io::stdin().as_raw_handle()
}

/// `None` if it is not a console.
fn console_mode(handle: HANDLE) -> Option<u32> {
    let mut mode = 0;
    // SAFETY: there is room for the result. An invalid handle is an error.
    (unsafe { GetConsoleMode(handle, &raw mut mode) } != 0).then_some(mode)
}

/// Whether a key is waiting to be read. Discards what comes before it: released keys, the mouse, a new window size.
fn is_key_pressed(console: HANDLE) -> bool {
    let (mut event, mut count) = (INPUT_RECORD::default(), 0);
    // SAFETY: there is room for one event. The event's type says which of its forms it has.
    unsafe {
        while PeekConsoleInputW(console, &raw mut event, 1, &raw mut count) != 0 && count > 0 {
            if u32::from(event.EventType) == KEY_EVENT
                && event.Event.KeyEvent.bKeyDown != 0
                && event.Event.KeyEvent.uChar.UnicodeChar != 0
            {
                return true;
            }
            if ReadConsoleInputW(console, &raw mut event, 1, &raw mut count) == 0 {
                return false;
            }
        }
    }
    false
}

/// Reads a line. `None` at the end of input. Not through std, which starts over when Ctrl-C interrupts it.
fn read(console: HANDLE) -> Option<Vec<u8>> {
    let mut line = [0_u16; LINE_MAX];
    let mut length = 0;
    // SAFETY: there is room for as many units as stated.
    let is_read = unsafe { ReadConsoleW(console, line.as_mut_ptr().cast(), LINE_MAX as u32, &raw mut length, null()) };
    let line = line.get(..length as usize).filter(|line| is_read != 0 && !line.is_empty())?;
    Some(String::from_utf16_lossy(line).into_bytes())
}
