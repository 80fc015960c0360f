//! The circumstances of a run that an author may have recorded, key `context`: which there are, and their values.

/// The circumstances that a CLI records.
#[derive(Debug, Clone, Copy, Default)]
#[doc(hidden)]
pub struct Context {
    pub agent: bool,
    pub interactive: bool,
    pub ci_vendor: bool,
    pub libc: bool,
    /// A constant of whoever packages the program.
    pub channel: Option<&'static str>,
}

impl Context {
    pub const NONE: Self = Context { agent: false, interactive: false, ci_vendor: false, libc: false, channel: None };

    pub(crate) const fn is_empty(&self) -> bool {
        !(self.agent || self.interactive || self.ci_vendor || self.libc || self.channel.is_some())
    }

    /// Each name, and its values unless those are `true` and `false`.
    pub(super) fn for_each(&self, each: &mut dyn FnMut(&'static str, Option<Vec<&'static str>>)) {
        if self.agent {
            each(AGENT, Some(names(AGENTS)));
        }
        if self.ci_vendor {
            each(CI_VENDOR, Some(names(CI_VENDORS)));
        }
        if let Some(channel) = self.channel {
            each(CHANNEL, Some(vec![channel]));
        }
        if self.interactive {
            each(INTERACTIVE, None);
        }
        if self.libc {
            each(LIBC, Some(LIBCS.split(' ').collect()));
        }
    }
}

pub(crate) const AGENT: &str = "agent";
pub(crate) const INTERACTIVE: &str = "interactive";
pub(crate) const CI_VENDOR: &str = "ci_vendor";
pub(crate) const LIBC: &str = "libc";
pub(crate) const CHANNEL: &str = "channel";

/// AI agents, each after a variable that it sets for the commands it runs. Only whether the variable is set is looked at,
/// never its text. A later entry counts only without an earlier one.
///
/// After `@vercel/detect-agent`, `guessAgent` of the AWS CDK and the documents of the agents. `AI_AGENT` is the name that the
/// first of these proposes for all.
pub(crate) const AGENTS: &[(&str, &str)] = &[
    ("CLAUDECODE", "claude-code"),
    ("CURSOR_AGENT", "cursor"),
    ("CURSOR_TRACE_ID", "cursor"),
    ("GEMINI_CLI", "gemini-cli"),
    ("CODEX_SANDBOX", "codex"),
    ("CODEX_THREAD_ID", "codex"),
    ("CLINE_ACTIVE", "cline"),
    ("OPENCODE", "opencode"),
    ("AUGMENT_AGENT", "augment"),
    ("GOOSE_TERMINAL", "goose"),
    ("REPL_ID", "replit"),
    ("AI_AGENT", "other"),
];

/// Continuous integration systems, each after a variable that it sets.
pub(crate) const CI_VENDORS: &[(&str, &str)] = &[
    ("GITHUB_ACTIONS", "github-actions"),
    ("GITLAB_CI", "gitlab"),
    ("TF_BUILD", "azure-pipelines"),
    ("JENKINS_URL", "jenkins"),
    ("BUILDKITE", "buildkite"),
    ("TEAMCITY_VERSION", "teamcity"),
    ("CIRCLECI", "circleci"),
    ("TRAVIS", "travis"),
    ("APPVEYOR", "appveyor"),
    ("CODEBUILD_BUILD_ID", "codebuild"),
    ("BITBUCKET_COMMIT", "bitbucket"),
    ("CI", "other"),
];

/// Weeks since the user's yes, in a mark of key `actives`.
pub(crate) const ACTIVE_SINCE: [&str; 4] = ["1", "2-4", "5-24", "25+"];

fn names(table: &[(&str, &'static str)]) -> Vec<&'static str> {
    let mut names: Vec<_> = table.iter().map(|(_, name)| *name).collect();
    names.dedup();
    names
}

/// The C libraries that a program may be built for. Not an array: the dynamic linker would relocate it in every program with
/// details, whether it records this or not.
const LIBCS: &str = "apple gnu msvc musl other";

/// Fails to compile unless `channel` is a short word.
#[allow(clippy::panic)]
pub const fn check_channel(channel: Option<&'static str>) {
    let Some(channel) = channel else { return };
    let bytes = channel.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        assert!(
            bytes[position].is_ascii_alphanumeric() || matches!(bytes[position], b'-' | b'_' | b'.'),
            "the channel must be a word of ASCII letters, digits, `-`, `_` and `.`"
        );
        position += 1;
    }
    assert!(!bytes.is_empty() && bytes.len() <= 32, "the channel must have 1 to 32 characters");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_a_short_word() {
        check_channel(None);
        check_channel(Some("homebrew-core"));
        for wrong in ["", "two words", "/usr/bin", "x".repeat(33).leak()] {
            assert!(std::panic::catch_unwind(|| check_channel(Some(wrong))).is_err(), "{wrong}");
        }
    }
}
