//! The locks of other file systems, for one program and what it starts.

use std::fs;
use std::io;
use std::mem::{MaybeUninit, zeroed};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread;

/// What `flock` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locks {
    /// What this machine's file system does.
    Local,
    /// As over NFS: an exclusive lock needs a file that is open for writing, and a shared one for reading.
    Nfs,
    /// It fails with this error, as on Lustre (`ENOSYS`), over NFS without a lock manager (`ENOLCK`) or on some FUSE file
    /// systems (`EOPNOTSUPP`).
    Missing(i32),
}

impl Locks {
    pub const ALL: [Locks; 5] = [
        Locks::Local,
        Locks::Nfs,
        Locks::Missing(libc::ENOSYS),
        Locks::Missing(libc::ENOLCK),
        Locks::Missing(libc::EOPNOTSUPP),
    ];

    /// Lets `command` run on such a file system. To be spawned once.
    ///
    /// # Panics
    ///
    /// If there are no more sockets or threads.
    pub fn under(self, command: &mut Command) -> &mut Command {
        match self {
            Locks::Local => command,
            Locks::Missing(error) => {
                let fails = libc::SECCOMP_RET_ERRNO | error.unsigned_abs();
                // SAFETY: between fork and exec, this only makes system calls.
                unsafe { command.pre_exec(move || filter_flock(fails, 0).map(drop)) }
            }
            Locks::Nfs => {
                let (ours, theirs) = UnixStream::pair().expect("there are sockets");
                thread::spawn(move || receive(&ours).map_or((), |listener| answer_as_nfs(&listener)));
                let listens = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
                // SAFETY: as above.
                unsafe {
                    command.pre_exec(move || {
                        let listener = filter_flock(libc::SECCOMP_RET_USER_NOTIF, listens)?;
                        send(&theirs, listener)?;
                        // Nobody else is to keep it open: it reports the end of the last process.
                        libc::close(listener);
                        Ok(())
                    })
                }
            }
        }
    }
}

/// Lets the kernel do `action` at each `flock` of this process. Returns the descriptor that listens, with such a flag.
fn filter_flock(action: u32, flags: libc::c_ulong) -> io::Result<RawFd> {
    let instruction = |code: u32, jt, jf, k| libc::sock_filter { code: code as u16, jt, jf, k };
    let mut filter = [
        // The number of the system call is the first word of what the filter sees.
        instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        instruction(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 0, 1, libc::SYS_flock as u32),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, action),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the filter lives until the call returns; the kernel copies it.
    let installed = unsafe {
        if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 {
            return Err(io::Error::last_os_error());
        }
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program)
    };
    if installed < 0 { Err(io::Error::last_os_error()) } else { Ok(installed as RawFd) }
}

/// Answers each `flock` of a process and of what it starts, until the last of them has ended.
fn answer_as_nfs(listener: &OwnedFd) {
    loop {
        let mut ready = libc::pollfd { fd: listener.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: there is one descriptor.
        unsafe { libc::poll(&raw mut ready, 1, -1) };
        if ready.revents & libc::POLLIN == 0 {
            return;
        }
        // SAFETY: zeros are a valid value, which the kernel asks for, and there is room for what it writes.
        let request: libc::seccomp_notif = unsafe {
            let mut request = zeroed();
            if libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut request) != 0 {
                // The process was killed meanwhile.
                continue;
            }
            request
        };
        let [file, operation, ..] = request.data.args;
        let (error, flags) = match is_permitted_over_nfs(request.pid, file, operation) {
            Some(false) => (-libc::EBADF, 0),
            Some(true) | None => (0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
        };
        let answer = libc::seccomp_notif_resp { id: request.id, val: 0, error, flags };
        // SAFETY: the kernel reads the answer.
        unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw const answer) };
    }
}

/// Whether a file is open for what the lock needs. `None` if the process has gone.
fn is_permitted_over_nfs(process: u32, file: u64, operation: u64) -> Option<bool> {
    let info = fs::read_to_string(format!("/proc/{process}/fdinfo/{file}")).ok()?;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
    let access = i32::from_str_radix(flags.trim(), 8).ok()? & libc::O_ACCMODE;
    let asks = |lock: i32| operation & lock as u64 != 0;
    Some(!(asks(libc::LOCK_EX) && access == libc::O_RDONLY || asks(libc::LOCK_SH) && access == libc::O_WRONLY))
}

/// Room for a message with one descriptor.
#[repr(C, align(8))]
struct Room([u8; 64]);

/// Calls `each` with the head of a message of one byte, and with room for one descriptor.
fn message<T>(byte: &mut u8, each: impl FnOnce(&mut libc::msghdr) -> T) -> T {
    let mut room = Room([0; 64]);
    let mut part = libc::iovec { iov_base: (&raw mut *byte).cast(), iov_len: 1 };
    // SAFETY: zeros are a valid value.
    let mut head: libc::msghdr = unsafe { MaybeUninit::zeroed().assume_init() };
    head.msg_iov = &raw mut part;
    head.msg_iovlen = 1;
    head.msg_control = room.0.as_mut_ptr().cast();
    // SAFETY: computes a number.
    head.msg_controllen = unsafe { libc::CMSG_SPACE(size_of::<RawFd>() as u32) } as _;
    each(&mut head)
}

/// Sends a descriptor to another process.
fn send(socket: &UnixStream, descriptor: RawFd) -> io::Result<()> {
    message(&mut 0, |head| {
        // SAFETY: there is room for one descriptor, and all pointers are valid until the call returns.
        let sent = unsafe {
            let control = libc::CMSG_FIRSTHDR(head);
            (*control).cmsg_level = libc::SOL_SOCKET;
            (*control).cmsg_type = libc::SCM_RIGHTS;
            (*control).cmsg_len = libc::CMSG_LEN(size_of::<RawFd>() as u32) as _;
            libc::CMSG_DATA(control).cast::<RawFd>().write_unaligned(descriptor);
            libc::sendmsg(socket.as_raw_fd(), head, 0)
        };
        if sent == 1 { Ok(()) } else { Err(io::Error::last_os_error()) }
    })
}

/// Receives a descriptor. `None` if nobody will send one.
fn receive(socket: &UnixStream) -> Option<OwnedFd> {
    message(&mut 0, |head| {
        // SAFETY: as above. The kernel has made the descriptor for this process.
        unsafe {
            if libc::recvmsg(socket.as_raw_fd(), head, libc::MSG_CMSG_CLOEXEC) != 1 {
                return None;
            }
            let control = libc::CMSG_FIRSTHDR(head);
            (!control.is_null())
                .then(|| OwnedFd::from_raw_fd(libc::CMSG_DATA(control).cast::<RawFd>().read_unaligned()))
        }
    })
}
