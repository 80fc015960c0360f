//! The layout of the crates: which module may import which, where `unsafe` and platform code may be, and how long a file
//! may be.
//!
//! The source is parsed module by module, as rustc finds them. Test code is ignored, except for the length of its file.

mod circles;
mod floors;
mod paths;
mod rules;
mod source;

use std::collections::BTreeSet;
use std::path::Path;

use crate::source::{Crate, Finding};

/// The most lines a file may have.
const MAX_LINES: usize = 400;

/// Accepted findings, each with its reason: the file, a part of the message, why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

#[test]
fn modules_follow_the_layout() {
    let mut findings = Vec::new();
    let runtime = read("telemetry-runtime", &mut findings);
    let macros = read("telemetry-macros", &mut findings);
    findings.extend(floors::missing(&runtime));
    findings.extend(floors::doors_upwards(&runtime));
    findings.extend(rules::outside_sys(&runtime));
    for krate in [&runtime, &macros] {
        findings.extend(circles::closed(krate));
        findings.extend(rules::everywhere(krate, MAX_LINES));
    }

    let mut unused: Vec<_> = EXCEPTIONS.iter().collect();
    let mut lines = BTreeSet::new();
    for finding in findings {
        let excepts = |(file, part, _): &(&str, &str, &str)| finding.file == *file && finding.text.contains(part);
        if EXCEPTIONS.iter().any(excepts) {
            unused.retain(|exception| !excepts(exception));
        } else {
            lines.insert(finding.to_string());
        }
    }
    assert!(lines.is_empty(), "{} findings:\n{}\n", lines.len(), Vec::from_iter(lines).join("\n"));
    assert!(unused.is_empty(), "exceptions that nothing needs: {unused:#?}");
}

/// The source of a crate of the workspace, and errors while reading it.
fn read(name: &str, findings: &mut Vec<Finding>) -> Crate {
    let mut krate = Crate::read(name, &Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src"));
    findings.append(&mut krate.findings);
    krate
}
