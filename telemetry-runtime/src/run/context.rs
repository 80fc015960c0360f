//! The circumstances of this run, key `context`.

use crate::declare::context::{AGENT, AGENTS, CHANNEL, CI_VENDOR, CI_VENDORS, INTERACTIVE, LIBC};
use crate::declare::{App, Context, TelemetryApp};
use crate::environment;
use crate::event::{Circumstance, RunContext};
use crate::sys;

/// How the circumstances are found. A function pointer, so that a program that records none does not contain the code.
pub(super) type FindContext = fn(&App) -> &'static RunContext;

/// `None` if `C` records none.
pub(super) const fn finder<C: TelemetryApp>() -> Option<FindContext> {
    if C::APP.context.is_empty() { None } else { Some(find) }
}

fn find(app: &App) -> &'static RunContext {
    let Context { agent, interactive, ci_vendor, libc, channel } = app.context;
    let word = |name, word: Option<&'static str>| word.map(|word| (name, Circumstance::Word(word)));
    let found = [
        word(AGENT, agent.then(|| environment::first_named(AGENTS)).flatten()),
        word(CI_VENDOR, ci_vendor.then(ci_system).flatten()),
        word(CHANNEL, channel),
        interactive.then(|| (INTERACTIVE, Circumstance::Flag(sys::is_interactive()))),
        word(LIBC, libc.then_some(sys::LIBC)),
    ];
    // A run lives as long as its process.
    Box::leak(Box::new(RunContext::new(found.into_iter().flatten().collect())))
}

fn ci_system() -> Option<&'static str> {
    if environment::is_ci() { environment::first_named(CI_VENDORS) } else { None }
}
