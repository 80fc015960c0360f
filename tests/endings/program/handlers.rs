use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use signal_hook::consts::{SIGINT, SIGTERM};

/// A program's own signal handlers, installed by the usual crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Handler {
    /// Exits with 130
    Ctrlc,
    /// Sets a flag
    SignalHook,
    /// Sets a flag, and lets the second signal end the process
    SecondTime,
    /// Wakes a task
    Tokio,
    /// Ignores the signal
    Ignore,
    /// A handler that cleans up, restores the previous action, and raises the signal again
    PutBack,
}

static SEEN: AtomicBool = AtomicBool::new(false);

impl Handler {
    pub(crate) fn install(self) {
        match self {
            Handler::Ctrlc => ctrlc::set_handler(|| process::exit(130)).expect("a handler can be set"),
            Handler::SignalHook => flag(SIGINT, SIGTERM),
            Handler::SecondTime => {
                let armed = Arc::new(AtomicBool::new(false));
                for signal in [SIGINT, SIGTERM] {
                    let armed = Arc::clone(&armed);
                    signal_hook::flag::register_conditional_default(signal, Arc::clone(&armed))
                        .expect("a signal to handle");
                    signal_hook::flag::register(signal, armed).expect("a signal to handle");
                }
                flag(SIGINT, SIGTERM);
            }
            Handler::Tokio => {
                use tokio::signal::unix::{SignalKind, signal};
                let mut interrupt = signal(SignalKind::interrupt()).expect("a signal to handle");
                tokio::spawn(async move {
                    interrupt.recv().await;
                    SEEN.store(true, Ordering::Release);
                });
            }
            // SAFETY: SIG_IGN runs no code.
            Handler::Ignore => unsafe {
                libc::signal(SIGINT, libc::SIG_IGN);
            },
            Handler::PutBack => put_back::install(),
        }
    }

    /// Waits until a signal has been handled.
    pub(crate) fn wait() {
        support::wait_until("the signal is handled", || SEEN.load(Ordering::Acquire));
    }
}

fn flag(first: i32, second: i32) {
    for signal in [first, second] {
        // SAFETY: storing to an atomic is async-signal-safe.
        unsafe { signal_hook::low_level::register(signal, || SEEN.store(true, Ordering::Release)) }
            .expect("a signal to handle");
    }
}

mod put_back {
    use std::mem::MaybeUninit;
    use std::ptr::{null, null_mut};
    use std::sync::atomic::{AtomicPtr, Ordering};

    use libc::{SIGINT, c_int, sigaction, sighandler_t};

    static EARLIER: AtomicPtr<sigaction> = AtomicPtr::new(null_mut());

    pub(super) fn install() {
        // SAFETY: all arguments are valid, and zeros are a valid action.
        unsafe {
            let mut earlier: sigaction = MaybeUninit::zeroed().assume_init();
            sigaction(SIGINT, null(), &raw mut earlier);
            EARLIER.store(Box::into_raw(Box::new(earlier)), Ordering::Release);
            let mut action: sigaction = MaybeUninit::zeroed().assume_init();
            let handler: extern "C" fn(c_int) = handler;
            action.sa_sigaction = handler as sighandler_t;
            sigaction(SIGINT, &raw const action, null_mut());
        }
    }

    extern "C" fn handler(signal: c_int) {
        // SAFETY: both functions are async-signal-safe, and the action is never freed.
        unsafe {
            sigaction(signal, EARLIER.load(Ordering::Acquire), null_mut());
            libc::raise(signal);
        }
    }
}
