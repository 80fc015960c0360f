use std::hint::black_box;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{self, Command};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::Duration;

use clap::Subcommand;
use telemetry_runtime::telemetry_cli;

use crate::Cli;
use crate::handlers::Handler;

/// The ways to end.
#[telemetry_cli]
#[derive(Subcommand)]
pub(crate) enum Row {
    /// Return from main, with this code where main returns one
    Return {
        #[arg(default_value_t = 0)]
        code: u8,
    },
    Panic,
    /// Panic in a thread or task, and again in main, which needs its result
    PanicElsewhere,
    /// Panic in a thread that nobody joins
    PanicAside,
    /// Panic while a panic unwinds
    PanicTwice,
    /// Panic where unwinding is not allowed
    PanicInC,
    /// Panic with a hook that exits
    PanicHookExits,
    /// Exit deep in a call
    Exit {
        code: i32,
    },
    /// Exit in another thread or in a task
    ExitElsewhere {
        code: i32,
    },
    /// Exit by `_exit`
    ExitAtOnce {
        code: i32,
    },
    Abort,
    /// Read unmapped memory
    Crash,
    /// Use up the stack
    Overflow,
    /// Report that it is ready, then wait
    Wait {
        #[arg(default_value_t = 60_000_000)]
        microseconds: u64,
    },
    /// Report that it is ready, then wait for the end of its input
    Hold,
    /// Send itself a signal
    Kill {
        signal: i32,
    },
    /// The same in a command marked `skip`
    #[telemetry(skip)]
    KillSkipped {
        signal: i32,
    },
    /// Send itself a signal for which there is a handler, and return after that
    Handled {
        signal: i32,
    },
    /// The same, and the signal once more
    HandledTwice {
        signal: i32,
    },
    /// Report its own end, twice
    Tell,
    /// Report its end once more at the end
    TellAtExit,
    /// Fork; both return from main
    ForkReturn,
    /// Fork; the child exits
    ForkExit,
    /// Fork; the child ends by a signal
    ForkKill {
        signal: i32,
    },
    /// Become a daemon, as the C library does: the first process calls `_exit`
    Daemon,
    /// Become a daemon; the first process exits
    DaemonExit,
    /// Fork; the first process is killed, the second continues
    Orphan,
    /// Fork; the child waits for its parent to end
    Outlived,
    /// Become another program
    Exec,
    /// Become another program, and report that first
    ExecTold,
}

impl Cli {
    /// The exit code of mains that return one.
    pub(crate) fn code(&self) -> u8 {
        match self.row {
            Row::Return { code } => code,
            _ => 0,
        }
    }

    pub(crate) fn run(self) {
        if let Some(handler) = self.handler {
            handler.install();
        }
        match self.row {
            Row::Return { .. } => println!("returns"),
            Row::Panic => panic!("in main"),
            Row::PanicElsewhere => elsewhere(|| panic!("elsewhere")),
            Row::PanicAside => drop(thread::spawn(|| panic!("aside")).join()),
            Row::PanicTwice => panic_twice(),
            Row::PanicInC => panic_in_c(),
            Row::PanicHookExits => {
                std::panic::set_hook(Box::new(|_| process::exit(3)));
                panic!("in main");
            }
            Row::Exit { code } => deep(20, code),
            Row::ExitElsewhere { code } => elsewhere(move || process::exit(code)),
            // SAFETY: ends the process.
            Row::ExitAtOnce { code } => unsafe { libc::_exit(code) },
            Row::Abort => process::abort(),
            // SAFETY: none; that is the point.
            Row::Crash => drop(unsafe { std::ptr::without_provenance::<Box<u8>>(64).read_volatile() }),
            Row::Overflow => overflow(0),
            Row::Wait { microseconds } => wait(Duration::from_micros(microseconds)),
            Row::Hold => {
                announce();
                drop(io::stdin().read_to_end(&mut Vec::new()));
            }
            Row::Kill { signal } | Row::KillSkipped { signal } => kill(signal),
            Row::Handled { signal } => {
                kill(signal);
                Handler::wait();
                println!("handled");
            }
            Row::HandledTwice { signal } => {
                kill(signal);
                Handler::wait();
                kill(signal);
            }
            Row::Tell => tell(),
            Row::TellAtExit => tell_at_exit(),
            Row::ForkReturn => {
                if let Some(child) = fork() {
                    wait_for(child);
                }
                println!("returns");
            }
            Row::ForkExit => match fork() {
                Some(child) => wait_for(child),
                None => process::exit(9),
            },
            Row::ForkKill { signal } => match fork() {
                Some(child) => wait_for(child),
                None => kill(signal),
            },
            Row::Daemon => daemon(),
            Row::DaemonExit => match fork() {
                Some(_) => process::exit(0),
                None => {
                    wait_until_orphaned();
                    process::exit(5);
                }
            },
            Row::Orphan => match fork() {
                Some(_) => kill(libc::SIGKILL),
                None => {
                    wait_until_orphaned();
                    process::exit(5);
                }
            },
            Row::Outlived => {
                if fork().is_none() {
                    wait_until_orphaned();
                    process::exit(5);
                }
            }
            Row::Exec => exec(),
            Row::ExecTold => {
                telemetry_runtime::finish_before_exec();
                exec();
            }
        }
    }
}

/// In another task if there is an async runtime, else in another thread; main needs the result.
fn elsewhere(run: impl FnOnce() + Send + 'static) {
    let ended = match tokio::runtime::Handle::try_current() {
        Ok(runtime) => tokio::task::block_in_place(|| runtime.block_on(runtime.spawn(async { run() }))).is_ok(),
        Err(_) => thread::spawn(run).join().is_ok(),
    };
    assert!(ended, "no result");
}

fn panic_twice() {
    struct PanicsToo;

    impl Drop for PanicsToo {
        fn drop(&mut self) {
            panic!("while unwinding");
        }
    }

    let _panics_too = PanicsToo;
    panic!("in main");
}

fn panic_in_c() {
    extern "C" fn called_from_c() {
        panic!("called from C");
    }

    called_from_c();
}

#[inline(never)]
fn deep(depth: u32, code: i32) {
    if black_box(depth) == 0 {
        process::exit(code);
    }
    deep(depth - 1, code);
    black_box(());
}

#[allow(unconditional_recursion)]
#[inline(never)]
fn overflow(depth: usize) {
    let room = black_box([depth; 1024]);
    overflow(depth + 1);
    black_box(room);
}

fn wait(time: Duration) {
    announce();
    thread::sleep(time);
}

/// Reports that main is running.
pub(crate) fn announce() {
    let _ = io::stdout().write_all(b"runs\n");
}

fn kill(signal: i32) {
    // SAFETY: touches no memory.
    unsafe { libc::kill(libc::getpid(), signal) };
}

fn tell() {
    telemetry_runtime::emit_command_event(telemetry_runtime::TaskStatus::Canceled, 3, None);
    telemetry_runtime::emit_command_event(telemetry_runtime::TaskStatus::Error, 4, None);
}

fn tell_at_exit() {
    extern "C" fn tell_again() {
        tell();
    }

    // SAFETY: the function stays loaded.
    unsafe { libc::atexit(tell_again) };
    process::exit(6);
}

fn daemon() {
    PARENT.store(process::id().cast_signed(), Ordering::Release);
    // SAFETY: no thread of this program holds a lock that the child needs.
    assert_eq!(unsafe { libc::daemon(1, 1) }, 0);
    wait_until_orphaned();
}

static PARENT: AtomicI32 = AtomicI32::new(0);

/// The id of the child, or `None` in the child.
fn fork() -> Option<libc::pid_t> {
    PARENT.store(process::id().cast_signed(), Ordering::Release);
    // SAFETY: no thread of this program holds a lock that the child needs.
    match unsafe { libc::fork() } {
        0 => None,
        child => {
            assert!(child > 0);
            Some(child)
        }
    }
}

fn wait_for(child: libc::pid_t) {
    // SAFETY: a null status is allowed.
    unsafe { libc::waitpid(child, null_mut(), 0) };
}

fn wait_until_orphaned() {
    // SAFETY: touches no memory.
    support::wait_until("the parent has ended", || unsafe { libc::getppid() } != PARENT.load(Ordering::Acquire));
}

fn exec() {
    let error = Command::new("/bin/sh").args(["-c", "echo another program; exit 8"]).exec();
    panic!("{error}");
}
