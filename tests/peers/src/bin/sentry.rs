//! sentry, with its default features and options: the guard flushes when main ends.

#[path = "../cli.rs"]
mod cli;

use std::time::Instant;

use clap::Parser;
use cli::Cli;
use sentry::protocol::{Event, Level};

fn main() {
    let start = Instant::now();
    let cli = Cli::parse();
    let dsn = cli::endpoint().replace("http://", "http://key@") + "/1";
    let _guard = sentry::init((dsn, sentry::ClientOptions::default()));
    cli.work();
    let mut event = Event { message: Some("cli_command".to_owned()), level: Level::Info, ..Event::default() };
    event.tags.insert("command".to_owned(), cli.command().to_owned());
    event.tags.insert("exit_code".to_owned(), "0".to_owned());
    event.tags.insert("duration_ms".to_owned(), start.elapsed().as_millis().to_string());
    sentry::capture_event(event);
}
