//! The simulated program: its commands, where it runs, and how it fails.

/// A command, and what is usual for it.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) weight: f64,
    pub(super) median_ms: f64,
    /// How much runs differ, as the standard deviation of the logarithm.
    pub(super) sigma: f64,
    pub(super) fails: f64,
    /// The first release that has it.
    pub(super) since: usize,
}

const fn command(name: &'static str, weight: f64, median_ms: f64, sigma: f64, fails: f64) -> Command {
    Command { name, weight, median_ms, sigma, fails, since: 0 }
}

pub(super) const COMMANDS: [Command; 11] = [
    command("run", 40.0, 2_400.0, 0.8, 0.05),
    command("info list-components", 14.0, 3.0, 0.5, 0.003),
    command("info list-channels", 9.0, 3.0, 0.5, 0.004),
    command("remote", 7.0, 2.0, 0.4, 0.001),
    command("remote add", 6.0, 46.0, 0.9, 0.055),
    command("external", 5.0, 700.0, 1.0, 0.11),
    command("sleep", 4.0, 900.0, 0.5, 0.008),
    command("remote rename tag", 1.2, 60.0, 0.8, 0.04),
    command("remote rename default_branch", 1.5, 60.0, 0.8, 0.05),
    Command { since: 1, ..command("remote prune", 4.0, 180.0, 0.7, 0.08) },
    // Help, version and mistakes.
    command("", 7.0, 1.0, 0.4, 0.0),
];

#[derive(Debug)]
pub(super) struct Platform {
    pub(super) os: &'static str,
    pub(super) arch: &'static str,
    pub(super) weight: f64,
    /// How long everything takes there.
    pub(super) slow: f64,
}

const fn platform(os: &'static str, arch: &'static str, weight: f64, slow: f64) -> Platform {
    Platform { os, arch, weight, slow }
}

pub(super) const PLATFORMS: [Platform; 5] = [
    platform("linux", "amd64", 52.0, 1.0),
    platform("darwin", "arm64", 22.0, 0.8),
    platform("windows", "amd64", 10.0, 1.4),
    platform("linux", "arm64", 10.0, 1.1),
    platform("darwin", "amd64", 6.0, 1.2),
];

/// Why runs fail: ending, exit code, class and weight.
pub(super) const FAILURES: [(&str, i32, &str, f64); 9] = [
    ("usage", 2, "UnknownArgument", 14.0),
    ("usage", 2, "MissingRequiredArgument", 10.0),
    ("usage", 2, "InvalidValue", 8.0),
    ("error", 1, "Refused", 24.0),
    ("error", 1, "ConfigInvalid", 18.0),
    ("error", 1, "NetworkTimeout", 12.0),
    ("error", 1, "WorkflowNotFound", 5.0),
    ("panic", 101, "panic", 5.0),
    ("exit", 3, "_OTHER", 7.0),
];

/// What a planted failure looks like.
pub(super) const PLANTED: (&str, i32, &str) = ("panic", 101, "panic");

/// Who asks for what, without a command: ending, status, exit code, class and weight.
pub(super) const NO_COMMAND: [(&str, &str, i32, Option<&str>, f64); 4] = [
    ("help", "success", 0, None, 50.0),
    ("version", "success", 0, None, 30.0),
    ("usage", "failure", 2, Some("DisplayHelpOnMissingArgumentOrSubcommand"), 15.0),
    ("usage", "failure", 2, Some("InvalidSubcommand"), 5.0),
];
