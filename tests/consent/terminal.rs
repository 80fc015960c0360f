//! A pseudo-terminal, and a program on it.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{FdFlags, fcntl_setfd};
use rustix::process::{ioctl_tiocsctty, setsid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use support::HANGS_AFTER;

/// Keys that are not characters.
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_D: &str = "\x04";

/// A terminal with a program as its session leader: keys pressed here reach the program as from a keyboard.
pub(crate) struct Terminal {
    keyboard_and_screen: File,
    program: Child,
    hangs_at: Instant,
    seen: Vec<u8>,
}

/// What is visible when the program has ended.
#[derive(Debug)]
pub(crate) struct Screen {
    pub(crate) status: ExitStatus,
    /// What was typed and printed.
    pub(crate) text: String,
}

impl Terminal {
    /// Starts a program with all three streams on a new terminal.
    pub(crate) fn start(command: Command) -> Self {
        Terminal::start_after("", 0, command, |command| command)
    }

    /// The same, on a terminal of this width. The others do not tell theirs.
    pub(crate) fn start_wide(columns: u16, command: Command) -> Self {
        Terminal::start_after("", columns, command, |command| command)
    }

    /// The same, but `redirect` may change the streams.
    pub(crate) fn start_with(command: Command, redirect: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        Terminal::start_after("", 0, command, redirect)
    }

    /// The same, on a terminal where `keys` were pressed before.
    pub(crate) fn start_typed(keys: &str, command: Command) -> Self {
        Terminal::start_after(keys, 0, command, |command| command)
    }

    fn start_after(
        keys: &str,
        columns: u16,
        mut command: Command,
        redirect: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        // Not every system has the flag for `openpt`.
        fcntl_setfd(&ours, FdFlags::CLOEXEC).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let name = ptsname(&ours, Vec::new()).unwrap();
        let theirs = File::options().read(true).write(true).open(OsStr::from_bytes(name.to_bytes())).unwrap();
        let size = Winsize { ws_row: 0, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&theirs, size).unwrap();
        let mut ours = File::from(ours);
        ours.write_all(keys.as_bytes()).unwrap();
        let stream = || theirs.try_clone().unwrap();
        command.stdin(stream()).stdout(stream()).stderr(stream());
        redirect(&mut command);
        let take_terminal = move || {
            setsid()?;
            ioctl_tiocsctty(&theirs)?;
            // The process that runs the tests may ignore Ctrl-C, and children inherit that.
            // SAFETY: no handler is installed.
            unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
            Ok(())
        };
        // SAFETY: three system calls, which a child may make before `exec`.
        unsafe { command.pre_exec(take_terminal) };
        let hangs_at = Instant::now() + HANGS_AFTER;
        Terminal { program: command.spawn().unwrap(), keyboard_and_screen: ours, hangs_at, seen: Vec::new() }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard_and_screen.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until `text` is on the screen.
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !self.text().contains(text) {
            assert!(self.see(), "the program has ended without {text:?}: {}", self.text());
        }
    }

    /// Waits until the program has ended.
    pub(crate) fn finish(mut self) -> Screen {
        while self.see() {}
        let status = self.program.wait().unwrap();
        Screen { status, text: self.text() }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).replace('\r', "")
    }

    /// Waits for more output. False if there is none because nobody has the terminal open any more.
    fn see(&mut self) -> bool {
        let mut screen = [PollFd::new(&self.keyboard_and_screen, PollFlags::IN)];
        let left = self.hangs_at.saturating_duration_since(Instant::now());
        let left = Timespec { tv_sec: left.as_secs().cast_signed(), tv_nsec: left.subsec_nanos().into() };
        if poll(&mut screen, Some(&left)).unwrap() == 0 {
            let _ = self.program.kill();
            panic!("after {HANGS_AFTER:?} the program still runs, and shows: {}", self.text());
        }
        let mut bytes = [0; 4096];
        // On Linux, reading then fails.
        let length = self.keyboard_and_screen.read(&mut bytes).unwrap_or(0);
        self.seen.extend_from_slice(&bytes[..length]);
        length > 0
    }
}
