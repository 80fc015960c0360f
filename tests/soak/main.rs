//! A soak: many users' runs while processes are killed, disks are full, clocks jump, receivers come and go, and users change
//! their minds. At the end the books balance: every run that ended with status 0 is delivered, queued, counted as dropped,
//! or was deleted by its user; nothing is sent that began before a no; nothing is invented; no file stays behind.
//!
//! ```sh
//! cargo run -p telemetry-tests --bin soak -- --seconds 60 --seed 1
//! ```
//!
//! The seed decides what the users do. Processes and threads take turns as they like, so a seed does not repeat a run exactly.

#[cfg(target_os = "linux")]
mod books;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod folder;
#[cfg(target_os = "linux")]
mod receiver;
#[cfg(target_os = "linux")]
mod runs;
#[cfg(target_os = "linux")]
mod user;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use std::thread;
    use std::time::{Duration, Instant, SystemTime};

    use clap::Parser;
    use support::skip;

    #[derive(Parser)]
    struct Args {
        /// How long the users run the program
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// What they do [default: another one each time]
        #[arg(long)]
        seed: Option<u64>,
        #[arg(long, default_value_t = 6)]
        users: usize,
    }

    let Args { seconds, seed, users } = Args::parse();
    let time = || SystemTime::UNIX_EPOCH.elapsed().expect("the clock is not before 1970").as_secs();
    let seed = seed.unwrap_or_else(time);
    println!("seed {seed}");
    // As long as there is one thread.
    support::delivering();
    let mounts = disk::own_mounts();
    if let Err(error) = &mounts {
        skip("full disks in the soak", &format!("mounts are not permitted here: {error}"));
    }
    let until = Instant::now() + Duration::from_secs(seconds);
    let live = |number: usize| {
        let has_small_disk = mounts.is_ok() && number.is_multiple_of(2);
        let mut user = user::User::new(number, seed, has_small_disk);
        while Instant::now() < until {
            user.act();
        }
        user.settle().into_iter().map(|problem| format!("user {number}: {problem}")).collect::<Vec<_>>()
    };
    let problems: Vec<String> = thread::scope(|scope| {
        let users: Vec<_> = (0..users).map(|number| scope.spawn(move || live(number))).collect();
        users.into_iter().flat_map(|user| user.join().expect("no user panics")).collect()
    });
    problems.iter().for_each(|problem| println!("DOES NOT BALANCE, seed {seed}: {problem}"));
    if problems.is_empty() {
        println!("the books balance");
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    println!("the soak needs Linux");
    ExitCode::FAILURE
}
