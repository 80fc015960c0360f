use std::collections::BTreeSet;

use support::cargo;

/// The crates, as `name vVERSION`, that a CLI compiles in addition to clap with derive. Includes the runtime itself.
pub(crate) fn beyond_clap(features: &[&str]) -> Vec<String> {
    let all = tree("telemetry-runtime", features);
    let examples = tree("telemetry-examples", &[]);
    let clap: BTreeSet<&str> = below(&examples, "clap").collect();
    let all: BTreeSet<&str> = all.iter().map(|(_, name)| name.as_str()).collect();
    all.difference(&clap).map(|krate| (*krate).to_owned()).collect()
}

/// Depth and name of everything compiled for a package, parents before their children.
fn tree(package: &str, features: &[&str]) -> Vec<(usize, String)> {
    let mut cargo = cargo();
    cargo.args(["tree", "--edges=normal", "--prefix=depth", "--no-dedupe", "--format= {p}", "--package", package]);
    let output = cargo.args(features).output().expect("cargo runs");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    text.lines().map(|line| entry(line).unwrap_or_else(|| panic!("not a line of cargo tree: {line}"))).collect()
}

/// `2 syn v3.0.10`, and more.
fn entry(line: &str) -> Option<(usize, String)> {
    let mut words = line.split_whitespace();
    let depth = words.next()?.parse().ok()?;
    Some((depth, format!("{} {}", words.next()?, words.next()?)))
}

/// A direct dependency of the package called `name`, and the crates below it.
fn below<'a>(tree: &'a [(usize, String)], name: &str) -> impl Iterator<Item = &'a str> {
    let start = tree.iter().position(|(depth, krate)| *depth == 1 && krate.split(' ').next() == Some(name));
    let (first, rest) = tree[start.expect("a dependency")..].split_first().expect("it is in its own tree");
    let children = rest.iter().take_while(|(depth, _)| *depth > 1);
    std::iter::once(first).chain(children).map(|(_, krate)| krate.as_str())
}
