//! A program with its own panic hook: one from the usual crates, or one that counts.

use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, panic, thread};

use clap::{Parser, ValueEnum};
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "panic_hooks")]
#[derive(Parser)]
#[command(name = "panic_hooks")]
enum Cli {
    /// Install a hook, and panic
    InMain { hook: Hook },
    /// The same in a thread whose result main needs
    InThread { hook: Hook },
}

#[derive(Clone, Copy, ValueEnum)]
enum Hook {
    ColorEyre,
    HumanPanic,
    /// Calls the hook it replaces
    Chained,
    /// Installed before the run began
    Earlier,
}

impl Hook {
    fn install(self) {
        match self {
            Hook::ColorEyre => color_eyre::install().expect("there was no such hook"),
            Hook::HumanPanic => panic::set_hook(Box::new(|info| {
                let metadata = human_panic::metadata!();
                let report = human_panic::handle_dump(&metadata, info);
                human_panic::print_msg(report, &metadata).expect("stderr can be written");
            })),
            Hook::Chained => install_counting("chained"),
            Hook::Earlier => {}
        }
    }
}

/// Reports each panic it sees, then calls the previous hook.
fn install_counting(name: &'static str) {
    static SEEN: AtomicU32 = AtomicU32::new(0);
    let earlier = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        eprintln!("{name}: panic {}", SEEN.fetch_add(1, Ordering::Relaxed));
        earlier(info);
    }));
}

fn main() {
    if env::var_os("EARLIER_HOOK").is_some() {
        install_counting("earlier");
    }
    recorded::main();
}

mod recorded {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        match Cli::parse() {
            Cli::InMain { hook } => {
                hook.install();
                panic!("for the hook");
            }
            Cli::InThread { hook } => {
                hook.install();
                thread::spawn(|| panic!("for the hook")).join().expect("a result");
            }
        }
    }
}
