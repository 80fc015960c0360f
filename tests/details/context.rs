//! The circumstances of a run.

use serde_json::{Value, json};

use crate::program;

const LIBC: &str = if cfg!(target_env = "musl") {
    "musl"
} else if cfg!(target_env = "gnu") {
    "gnu"
} else if cfg!(target_env = "msvc") {
    "msvc"
} else if cfg!(target_vendor = "apple") {
    "apple"
} else {
    "other"
};

fn context(variables: &[(&str, &str)]) -> Value {
    let program = program();
    let mut run = program.recorded(["build"]);
    let (_, mut event) = program.event(run.envs(variables.iter().copied()));
    event["context"].take()
}

#[test]
fn nothing_is_found_where_there_is_nothing() {
    assert_eq!(context(&[]), json!({ "interactive": false, "libc": LIBC }));
}

#[test]
fn an_agent_is_known_by_a_variable_and_not_by_its_text() {
    for (variable, agent) in [("CLAUDECODE", "claude-code"), ("CODEX_THREAD_ID", "codex"), ("AI_AGENT", "other")] {
        let context = context(&[(variable, "zqcanary")]);
        assert_eq!(context["agent"], agent);
        assert!(!context.to_string().contains("zqcanary"));
    }
    assert_eq!(context(&[("CLAUDECODE", "")])["agent"], Value::Null);
    assert_eq!(context(&[("AI_AGENT", "x"), ("GEMINI_CLI", "1")])["agent"], "gemini-cli");
}

#[test]
fn a_ci_system_is_one_of_a_list() {
    assert_eq!(context(&[("GITHUB_ACTIONS", "true"), ("CI", "true")])["ci_vendor"], "github-actions");
    assert_eq!(context(&[("CI", "true")])["ci_vendor"], "other");
    assert_eq!(context(&[("CI", "false")])["ci_vendor"], Value::Null);
}
