//! A file system without locks, for one program and what it starts.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Lets every `flock` of the program fail with `error`, as on Lustre (`ENOSYS`), over NFS without a lock manager (`ENOLCK`)
/// or on some FUSE file systems (`EOPNOTSUPP`).
pub fn without_locks(command: &mut Command, error: i32) -> &mut Command {
    let fails = libc::SECCOMP_RET_ERRNO | error.unsigned_abs();
    // SAFETY: between fork and exec, this only makes system calls.
    unsafe { command.pre_exec(move || install(fails)) }
}

fn install(fails: u32) -> io::Result<()> {
    let instruction = |code: u32, jt, jf, k| libc::sock_filter { code: code as u16, jt, jf, k };
    let mut filter = [
        // The number of the system call is the first word of what the filter sees.
        instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        instruction(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 0, 1, libc::SYS_flock as u32),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, fails),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the filter lives until the call returns; the kernel copies it.
    let installed = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) == 0
    };
    if installed { Ok(()) } else { Err(io::Error::last_os_error()) }
}
