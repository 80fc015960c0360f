//! Starts a process that outlives this one and that the program never notices.
//!
//! The new process must not be a child of this one: in a long-lived program, a child that ends leaves a zombie, raises
//! `SIGCHLD`, and turns up in a `wait` for any child. So an intermediate process starts it and exits at once.

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(crate) use self::child::{start_detached, start_problem};
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) use self::system::{start_detached, start_problem};

/// The first thing the detached process does.
pub(crate) fn finish_detaching() {
    super::signals::unblock();
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::ffi::{CStr, CString, OsStr, OsString, c_char, c_int, c_void};
    use std::io;
    use std::os::unix::ffi::OsStrExt;
    use std::ptr::{null, null_mut};

    use rustix::fs::{Mode, OFlags, readlink};
    use rustix::io::Errno;
    use rustix::process::{chdir, setsid};
    use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

    use crate::sys::unix::signals;

    /// Refers to the running executable itself, which works even after the file was replaced or deleted.
    const THIS_PROGRAM: &CStr = c"/proc/self/exe";

    /// The stack of each new process. They only make a few system calls.
    const STACK_BYTES: usize = 64 * 1024;

    /// Room for the new environment, of which there are two copies for a moment. Most are smaller than a hundredth of this.
    const ENVIRONMENT_BYTES: usize = 256 * 1024;

    /// Everything the new processes need, prepared beforehand: they must not allocate.
    struct Plan {
        program: *const c_char,
        argv: Vec<*const c_char>,
        envp: Vec<*const c_char>,
        stack: *mut u8,
        failed: c_int,
    }

    /// Why this program cannot be started again. For the kernel, the program that runs is the dynamic loader, if that was
    /// started with this program as its argument (`ld.so ./tool`).
    pub(crate) fn start_problem() -> Option<&'static str> {
        /// Whether a program asks for a loader. Stops at the first object, which is the program.
        unsafe extern "C" fn asks(object: *mut libc::dl_phdr_info, _size: usize, asks: *mut c_void) -> c_int {
            // SAFETY: the C library passes a valid object with so many headers, and the caller a pointer to its variable.
            unsafe {
                let headers = std::slice::from_raw_parts((*object).dlpi_phdr, (*object).dlpi_phnum.into());
                *asks.cast() = headers.iter().any(|header| header.p_type == libc::PT_INTERP);
            }
            1
        }

        let mut asks_for_loader = false;
        // SAFETY: the callback does not outlive the call. The other call only reads a value that the kernel has passed.
        let loader_address = unsafe {
            libc::dl_iterate_phdr(Some(asks), (&raw mut asks_for_loader).cast());
            libc::getauxval(libc::AT_BASE)
        };
        // The kernel loads what a program asks for, and tells where. It has loaded nothing beside the loader.
        (asks_for_loader && loader_address == 0)
            .then_some("the dynamic loader was started, with this program as argument")
    }

    /// Starts this program again with `args` and the variables from `environment`, and no others: in its own session,
    /// without a terminal, in `/`, with none of this process's files open.
    ///
    /// Calls `clone` with `CLONE_VM | CLONE_VFORK` twice, where `posix_spawn` does so once: no page table is copied,
    /// however large the program, and this thread continues as soon as the new program is loaded. The intermediate
    /// process has no exit signal, so the program receives no `SIGCHLD`, and its `wait` calls do not find it.
    ///
    /// All signals are blocked until [`finish_detaching`](super::finish_detaching): this program's handlers must not
    /// run in the new processes, which share its memory.
    pub(crate) fn start_detached(
        args: &[&str],
        environment: impl FnOnce() -> Vec<(&'static str, OsString)>,
    ) -> io::Result<()> {
        let c_args = args.iter().map(|arg| CString::new(*arg)).collect::<Result<Vec<_>, _>>()?;
        let mut stacks = stacks()?;
        let entries: Vec<CString> = environment().iter().filter_map(|(name, value)| entry(name, value)).collect();
        // SAFETY: both are within the vector's allocation: its middle and its end.
        let (middle, end) = unsafe { (stacks.as_mut_ptr().add(STACK_BYTES), stacks.as_mut_ptr().add(2 * STACK_BYTES)) };
        let mut plan = Plan {
            program: THIS_PROGRAM.as_ptr(),
            argv: pointers(&c_args),
            envp: pointers(&entries),
            stack: aligned(middle),
            failed: 0,
        };

        let _blocked = signals::block();
        // SAFETY: the stack is used by one call at a time, and grows down from `end`. `leader` only makes system calls, and
        // this thread waits until it has ended, so `plan` and everything it points to outlive it.
        let start = |plan: &mut Plan, exit_signal| unsafe {
            let flags = libc::CLONE_VM | libc::CLONE_VFORK | exit_signal;
            match libc::clone(leader, aligned(end).cast(), flags, (&raw mut *plan).cast::<c_void>()) {
                -1 => Err(io::Error::last_os_error()),
                pid => Ok(pid),
            }
        };
        let mut leader_pid = start(&mut plan, 0);
        let path;
        if leader_pid.as_ref().is_err_and(|error| error.raw_os_error() == Some(libc::EINVAL)) {
            // An emulator of another processor's Linux knows these flags only as a fork, which has an exit signal. What the
            // kernel takes for this program is the emulator, but the link has the program's own path.
            path = readlink(THIS_PROGRAM, Vec::new())?;
            plan.program = path.as_ptr();
            leader_pid = start(&mut plan, libc::SIGCHLD);
        }
        reap(leader_pid?);
        match plan.failed {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }

    /// The two stacks. Fails if there is no memory for them and for the new environment: std would abort the program while
    /// it copies that.
    fn stacks() -> io::Result<Vec<u8>> {
        let mut stacks = Vec::new();
        stacks.try_reserve_exact(2 * STACK_BYTES + ENVIRONMENT_BYTES)?;
        stacks.shrink_to(2 * STACK_BYTES);
        Ok(stacks)
    }

    /// Reaps the intermediate process, which has ended, so this returns at once. `__WALL` includes children without an
    /// exit signal.
    #[cfg(not(target_arch = "riscv32"))]
    fn reap(pid: c_int) {
        // SAFETY: all pointers are null.
        unsafe { libc::syscall(libc::SYS_wait4, pid, null_mut::<c_int>(), libc::__WALL, null_mut::<c_void>()) };
    }

    /// This architecture has no `wait4`.
    #[cfg(target_arch = "riscv32")]
    fn reap(pid: c_int) {
        // SAFETY: the pointer is null.
        unsafe { libc::waitpid(pid, null_mut(), libc::__WALL) };
    }

    /// The intermediate process: leads the new session, starts the new program, and exits.
    extern "C" fn leader(plan: *mut c_void) -> c_int {
        // SAFETY: `plan` belongs to `start_detached`, which waits.
        let plan = unsafe { &mut *plan.cast::<Plan>() };
        let prepared = prepare();
        if let Err(error) = prepared {
            plan.failed = error.raw_os_error();
            return 1;
        }
        let stack = plan.stack.cast();
        // SAFETY: as above, with the other stack. The exit signal goes to the process that adopts the new program.
        let pid = unsafe {
            let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
            libc::clone(program, stack, flags, (plan as *mut Plan).cast::<c_void>())
        };
        if pid < 0 {
            plan.failed = libc::EAGAIN;
        }
        0
    }

    /// Releases the terminal, the working directory and the open files.
    fn prepare() -> Result<(), Errno> {
        setsid()?;
        chdir(c"/")?;
        let null = rustix::fs::open(c"/dev/null", OFlags::RDWR, Mode::empty())?;
        dup2_stdin(&null)?;
        dup2_stdout(&null)?;
        dup2_stderr(&null)?;
        // As long as an inherited pipe stays open, its reader sees no end of file. Fails on Linux before 5.9, where
        // such files stay open while the new program lives. SAFETY: the file descriptor table is this process's own
        // copy, and nothing here uses the closed ones any more.
        unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) };
        std::mem::forget(null);
        Ok(())
    }

    /// The second process: becomes the new program.
    extern "C" fn program(plan: *mut c_void) -> c_int {
        // SAFETY: `plan` belongs to `start_detached`, which waits, and both lists end with a null pointer.
        unsafe {
            let plan = plan.cast::<Plan>();
            libc::syscall(libc::SYS_execve, (*plan).program, (*plan).argv.as_ptr(), (*plan).envp.as_ptr());
            (*plan).failed = io::Error::last_os_error().raw_os_error().unwrap_or(libc::ENOEXEC);
        }
        1
    }

    fn entry(name: &str, value: &OsStr) -> Option<CString> {
        CString::new([name.as_bytes(), b"=", value.as_bytes()].concat()).ok()
    }

    fn pointers(texts: &[CString]) -> Vec<*const c_char> {
        texts.iter().map(|text| text.as_ptr()).chain([null()]).collect()
    }

    /// Rounds down to a multiple of 16, the required alignment of a stack.
    fn aligned(stack: *mut u8) -> *mut u8 {
        stack.map_addr(|address| address & !15)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_environment_entry() {
            let entry = entry("NAME", OsStr::from_bytes(b"a=\xff")).unwrap();
            assert_eq!(entry.as_bytes(), b"NAME=a=\xff");
        }
    }
}

/// Through std, for systems without `clone`.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod child {
    use std::ffi::OsString;
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Command, Stdio};

    /// Nothing is known to be in the way.
    pub(crate) fn start_problem() -> Option<&'static str> {
        None
    }

    /// The highest descriptor that is looked at. Programs rarely have more, and each costs a system call.
    const DESCRIPTORS_MAX: libc::c_int = 1024;

    /// Starts this program again with `args` and the variables from `environment`, and no others: in its own session,
    /// without a terminal, in `/`, with none of this process's files open.
    ///
    /// The child forks once more and ends, and this process waits for that. So the new program is no child of this one,
    /// which does get a `SIGCHLD`.
    pub(crate) fn start_detached(
        args: &[&str],
        environment: impl FnOnce() -> Vec<(&'static str, OsString)>,
    ) -> io::Result<()> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut args = args.iter();
        if let Some(name) = args.next() {
            command.arg0(name);
        }
        command.args(args).env_clear().envs(environment()).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // SAFETY: `leave` only makes system calls.
        unsafe { command.pre_exec(leave) };
        command.spawn()?.wait().map(drop)
    }

    /// In the child. Only the process that it forks returns.
    fn leave() -> io::Result<()> {
        for descriptor in 3..DESCRIPTORS_MAX {
            // SAFETY: closes the file when the new program is loaded, if there is one. Nothing uses it any more then.
            unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
        // SAFETY: all three are async-signal-safe.
        unsafe {
            match libc::fork() {
                -1 => return Err(io::Error::last_os_error()),
                0 => libc::setsid(),
                _ => libc::_exit(0),
            };
        }
        Ok(())
    }
}
