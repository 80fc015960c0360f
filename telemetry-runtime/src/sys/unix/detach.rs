//! Starting a process that outlives this one, and that this one never notices.
//!
//! The new process must be no child of this one: the program may live long, and a child that ends leaves a zombie, raises
//! `SIGCHLD`, and turns up in a `wait` for any child. So there is a process in between, which is gone at once.

pub(crate) use self::system::start_detached;

/// What the detached process does first.
pub(crate) fn finish_detaching() {
    system::leave_session();
    super::signals::unblock();
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod system {
    use std::ffi::{CStr, CString, OsStr, c_char, c_int, c_void};
    use std::io;
    use std::os::unix::ffi::OsStringExt;
    use std::ptr::{null, null_mut};

    use rustix::fs::{Mode, OFlags};
    use rustix::io::Errno;
    use rustix::process::{chdir, setsid};
    use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

    use crate::sys::unix::signals;

    /// Names the running program, not its path: it can be started again after it was replaced or deleted.
    const THIS_PROGRAM: &CStr = c"/proc/self/exe";

    /// Bytes of stack for either process: they make a few system calls.
    const STACK: usize = 64 * 1024;

    /// All that the new processes need, made before they begin: they must not allocate.
    struct Plan {
        argv: Vec<*const c_char>,
        envp: Vec<*const c_char>,
        stack: *mut u8,
        failed: c_int,
    }

    /// Starts this program again with `args`, and `variable` added to the environment: in a session of its own, without
    /// terminal, in `/`, with no file of this process open.
    ///
    /// Twice `clone` with `CLONE_VM | CLONE_VFORK`, which is what `posix_spawn` does once: no page table is copied, however
    /// large the program, and this thread goes on as soon as the new program is loaded. The process in between has no exit
    /// signal, so nobody here hears of it, and no `wait` of the program's finds it.
    ///
    /// Every signal is blocked until [`finish_detaching`](super::finish_detaching): a handler of this program must not run in the memory that
    /// the new processes share with it.
    pub(crate) fn start_detached(args: &[&str], variable: (&str, &str)) -> io::Result<()> {
        let args = args.iter().map(|arg| CString::new(*arg)).collect::<Result<Vec<_>, _>>()?;
        let inherited = std::env::vars_os().filter(|(name, _)| name != variable.0);
        let environment = inherited.chain([(variable.0.into(), variable.1.into())]);
        let environment = environment.filter_map(|(name, value)| entry(&name, &value)).collect::<Vec<_>>();
        let mut stacks = vec![0_u8; 2 * STACK];
        // SAFETY: both lie inside the vector, at its middle and at its end.
        let (middle, end) = unsafe { (stacks.as_mut_ptr().add(STACK), stacks.as_mut_ptr().add(2 * STACK)) };
        let mut plan = Plan { argv: pointers(&args), envp: pointers(&environment), stack: aligned(middle), failed: 0 };

        let _blocked = signals::block();
        // SAFETY: the stack is this call's own, and grows down from `end`. `leader` makes system calls only, and this thread
        // waits until it has ended, so `plan` and all it points to live longer.
        let leader_pid = unsafe {
            libc::clone(
                leader,
                aligned(end).cast(),
                libc::CLONE_VM | libc::CLONE_VFORK,
                (&raw mut plan).cast::<c_void>(),
            )
        };
        if leader_pid < 0 {
            return Err(io::Error::last_os_error());
        }
        reap(leader_pid);
        match plan.failed {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }

    /// Waits for the process in between, which has ended, so it returns at once. With this flag it waits for a child without
    /// an exit signal.
    #[cfg(not(target_arch = "riscv32"))]
    fn reap(pid: c_int) {
        // SAFETY: no pointer is used but null ones.
        unsafe { libc::syscall(libc::SYS_wait4, pid, null_mut::<c_int>(), libc::__WALL, null_mut::<c_void>()) };
    }

    /// The system call is missing there.
    #[cfg(target_arch = "riscv32")]
    fn reap(pid: c_int) {
        // SAFETY: no pointer is used but a null one.
        unsafe { libc::waitpid(pid, null_mut(), libc::__WALL) };
    }

    /// The process in between: leads the new session, starts the new program, and ends.
    extern "C" fn leader(plan: *mut c_void) -> c_int {
        // SAFETY: it is the plan of `start_detached`, which waits.
        let plan = unsafe { &mut *plan.cast::<Plan>() };
        let prepared = prepare();
        if let Err(error) = prepared {
            plan.failed = error.raw_os_error();
            return 1;
        }
        let stack = plan.stack.cast();
        // SAFETY: as above, with the other stack; the exit signal is for whoever adopts the new program.
        let pid = unsafe {
            let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
            libc::clone(program, stack, flags, (plan as *mut Plan).cast::<c_void>())
        };
        if pid < 0 {
            plan.failed = libc::EAGAIN;
        }
        0
    }

    /// Lets go of everything that belongs to the program's user: terminal, folder, open files.
    fn prepare() -> Result<(), Errno> {
        setsid()?;
        chdir(c"/")?;
        let null = rustix::fs::open(c"/dev/null", OFlags::RDWR, Mode::empty())?;
        dup2_stdin(&null)?;
        dup2_stdout(&null)?;
        dup2_stderr(&null)?;
        // A pipe that this process inherited would not end for its reader. Fails on Linux before 5.9, where such files
        // stay open while the new program lives.
        // SAFETY: the table of open files is this process's own copy, and nothing here uses one of them any more.
        unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32) };
        std::mem::forget(null);
        Ok(())
    }

    /// Becomes the new program.
    extern "C" fn program(plan: *mut c_void) -> c_int {
        // SAFETY: it is the plan of `start_detached`, which waits; both lists end with a null pointer.
        unsafe {
            let plan = plan.cast::<Plan>();
            libc::syscall(libc::SYS_execve, THIS_PROGRAM.as_ptr(), (*plan).argv.as_ptr(), (*plan).envp.as_ptr());
            (*plan).failed = io::Error::last_os_error().raw_os_error().unwrap_or(libc::ENOEXEC);
        }
        1
    }

    fn entry(name: &OsStr, value: &OsStr) -> Option<CString> {
        let mut entry = name.to_owned();
        entry.push("=");
        entry.push(value);
        CString::new(entry.into_vec()).ok()
    }

    fn pointers(texts: &[CString]) -> Vec<*const c_char> {
        texts.iter().map(|text| text.as_ptr()).chain([null()]).collect()
    }

    /// Stacks begin at a multiple of 16.
    fn aligned(stack: *mut u8) -> *mut u8 {
        stack.map_addr(|address| address & !15)
    }

    /// Done before it was started.
    pub(super) fn leave_session() {}

    #[cfg(test)]
    mod tests {
        use std::os::unix::ffi::OsStrExt;

        use super::*;

        #[test]
        fn an_environment_entry() {
            let entry = entry(OsStr::new("NAME"), OsStr::from_bytes(b"a=\xff")).unwrap();
            assert_eq!(entry.as_bytes(), b"NAME=a=\xff");
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod system {
    use std::io;
    use std::process::{Command, Stdio};

    /// Starts this program again with `args`, and `variable` added to the environment.
    ///
    /// Elsewhere than on Linux it stays a child of this process, of which it is not told: nearly always this process ends
    /// now, and the system adopts the child.
    pub(crate) fn start_detached(args: &[&str], variable: (&str, &str)) -> io::Result<()> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut args = args.iter();
        if let Some(name) = args.next() {
            std::os::unix::process::CommandExt::arg0(&mut command, name);
        }
        command.args(args).env(variable.0, variable.1).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().map(drop)
    }

    pub(super) fn leave_session() {
        // Fails if this process leads a group already, as it does when it is started by hand.
        let _ = rustix::process::setsid();
    }
}
