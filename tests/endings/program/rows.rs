use std::hint::black_box;
use std::io::{self, Read, Write};
use std::process;
use std::thread;
use std::time::Duration;

use clap::Subcommand;
use telemetry_runtime::telemetry_cli;

use crate::Cli;
#[cfg(unix)]
use crate::unix as system;
#[cfg(windows)]
use crate::windows as system;

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
    #[cfg(unix)]
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
    #[cfg(unix)]
    /// Send itself a signal
    Kill {
        signal: i32,
    },
    #[cfg(unix)]
    /// The same in a command marked `skip`
    #[telemetry(skip)]
    KillSkipped {
        signal: i32,
    },
    #[cfg(unix)]
    /// Send itself a signal for which there is a handler, and return after that
    Handled {
        signal: i32,
    },
    #[cfg(unix)]
    /// The same, and the signal once more
    HandledTwice {
        signal: i32,
    },
    /// Report its own end, twice
    Tell,
    #[cfg(unix)]
    /// Report its end once more at the end
    TellAtExit,
    #[cfg(unix)]
    /// Fork; both return from main
    ForkReturn,
    #[cfg(unix)]
    /// Fork; the child exits
    ForkExit,
    #[cfg(unix)]
    /// Fork; the child ends by a signal
    ForkKill {
        signal: i32,
    },
    #[cfg(unix)]
    /// Become a daemon, as the C library does: the first process calls `_exit`
    Daemon,
    #[cfg(unix)]
    /// Become a daemon; the first process exits
    DaemonExit,
    #[cfg(unix)]
    /// Fork; the first process is killed, the second continues
    Orphan,
    #[cfg(unix)]
    /// Fork; the child waits for its parent to end
    Outlived,
    #[cfg(unix)]
    /// Become another program
    Exec,
    #[cfg(unix)]
    /// Become another program, and report that first
    ExecTold,
    /// Exit by the function that always records the code
    ExitTold {
        code: i32,
    },
    /// End itself by `TerminateProcess`
    #[cfg(windows)]
    Terminate {
        code: u32,
    },
    /// Send itself a console event
    #[cfg(windows)]
    Console {
        event: u32,
    },
    /// The same with a handler of its own that exits
    #[cfg(windows)]
    ConsoleHandled {
        event: u32,
    },
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
        #[cfg(unix)]
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
            Row::ExitTold { code } => exit_told(code),
            #[cfg(unix)]
            Row::ExitAtOnce { code } => system::exit_at_once(code),
            Row::Abort => process::abort(),
            // SAFETY: none; that is the point.
            Row::Crash => drop(unsafe { std::ptr::without_provenance::<Box<u8>>(64).read_volatile() }),
            Row::Overflow => overflow(0),
            Row::Wait { microseconds } => wait(Duration::from_micros(microseconds)),
            Row::Hold => {
                announce();
                drop(io::stdin().read_to_end(&mut Vec::new()));
            }
            #[cfg(unix)]
            Row::Kill { signal } | Row::KillSkipped { signal } => system::kill(signal),
            #[cfg(unix)]
            Row::Handled { signal } => system::handled(signal),
            #[cfg(unix)]
            Row::HandledTwice { signal } => system::handled_twice(signal),
            Row::Tell => tell(),
            #[cfg(unix)]
            Row::TellAtExit => system::tell_at_exit(),
            #[cfg(unix)]
            Row::ForkReturn => system::fork_return(),
            #[cfg(unix)]
            Row::ForkExit => system::fork_exit(),
            #[cfg(unix)]
            Row::ForkKill { signal } => system::fork_kill(signal),
            #[cfg(unix)]
            Row::Daemon => system::daemon(),
            #[cfg(unix)]
            Row::DaemonExit => system::daemon_exit(),
            #[cfg(unix)]
            Row::Orphan => system::orphan(),
            #[cfg(unix)]
            Row::Outlived => system::outlived(),
            #[cfg(unix)]
            Row::Exec => system::exec(),
            #[cfg(unix)]
            Row::ExecTold => system::exec_told(),
            #[cfg(windows)]
            Row::Terminate { code } => system::terminate(code),
            #[cfg(windows)]
            Row::Console { event } => system::console(event),
            #[cfg(windows)]
            Row::ConsoleHandled { event } => system::console_handled(event),
        }
    }
}

/// The plain twin has nothing to tell.
#[allow(unreachable_code)]
fn exit_told(code: i32) {
    telemetry_runtime::exit(code);
    process::exit(code);
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

pub(crate) fn tell() {
    telemetry_runtime::emit_command_event(telemetry_runtime::TaskStatus::Canceled, 3, None);
    telemetry_runtime::emit_command_event(telemetry_runtime::TaskStatus::Error, 4, None);
}
