//! A test of a library that holds the types of a CLI, as an integration test: the library itself is not built as one.

use app_cli::Cli;

#[test]
fn made_up_arguments() {
    assert!(matches!(Cli::parse_from(["app", "run"]), Cli::Run));
    assert!(Cli::try_parse_from(["app", "bogus"]).is_err());
}
