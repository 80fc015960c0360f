//! Cycles: within a folder, modules must not import each other in a cycle.
//!
//! A module and its submodules count as one there. So a parent may re-export items of its children while they use the
//! parent's own items: together they are one unit with the parent's name.

use std::collections::{BTreeMap, VecDeque};

use crate::paths::Reference;
use crate::source::{Crate, Finding, Module};

/// Which module of a folder imports which, and one place where it does.
type Imports<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a Reference>>;

/// Cycles, shortest first. No two share an import.
pub(crate) fn closed(krate: &Crate) -> Vec<Finding> {
    let led: Vec<(&Reference, Vec<Module>)> =
        krate.references.iter().map(|reference| (reference, krate.leads_through(reference))).collect();
    let mut folders: BTreeMap<&[String], Imports<'_>> = BTreeMap::new();
    for (reference, through) in &led {
        for to in through {
            let from = &reference.from;
            let common = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            if let (Some(importer), Some(imported)) = (from.get(common), to.get(common)) {
                let imports = folders.entry(&from[..common]).or_default().entry(importer).or_default();
                imports.entry(imported).or_insert(reference);
            }
        }
    }
    let mut findings = Vec::new();
    for imports in folders.values_mut() {
        while let Some(circle) = shortest(imports) {
            let mut file = None;
            let mut steps = Vec::new();
            for (from, to) in &circle {
                let import = imports.get_mut(from).and_then(|imported| imported.remove(to)).expect("it was just found");
                steps.push(format!("imports `{to}` ({}, `{}`)", import.file, import.path.join("::")));
                file.get_or_insert(&import.file);
            }
            let text = format!("a circle: `{}` {}", circle[0].0, steps.join(", which "));
            findings.push(Finding::new(file.expect("a circle has imports"), text));
        }
    }
    findings
}

/// The imports of the shortest cycle, the importer first.
fn shortest<'a>(imports: &Imports<'a>) -> Option<Vec<(&'a str, &'a str)>> {
    imports.keys().filter_map(|start| back_to(imports, start)).min_by_key(Vec::len)
}

/// The shortest path from a module back to itself.
fn back_to<'a>(imports: &Imports<'a>, start: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for &next in imports.get(module).into_iter().flat_map(BTreeMap::keys) {
            if came_from.contains_key(next) {
                continue;
            }
            came_from.insert(next, module);
            if next == start {
                let mut circle = vec![(module, start)];
                while circle[0].0 != start {
                    let to = circle[0].0;
                    circle.insert(0, (came_from[to], to));
                }
                return Some(circle);
            }
            queue.push_back(next);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::made_up;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        closed(&made_up(files)).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn two_that_import_each_other() {
        let files = [
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; use crate::c::C;"),
            ("b.rs", "fn f() { crate::a::A }"),
            ("c.rs", ""),
        ];
        assert_eq!(
            found(&files),
            ["a circle: `a` imports `b` (a.rs, `crate::b::B`), which imports `a` (b.rs, `crate::a::A`)"]
        );
    }

    #[test]
    fn three_in_a_ring_below_a_common_parent() {
        let files = [
            ("lib.rs", "mod top;"),
            ("top/mod.rs", "mod a; mod b; mod c; use c::C;"),
            ("top/a.rs", "use super::b::B;"),
            ("top/b.rs", "use crate::top::C;"),
            ("top/c.rs", "mod deep { use super::super::a; }"),
        ];
        assert_eq!(
            found(&files),
            ["a circle: `a` imports `b` (top/a.rs, `super::b::B`), which imports `c` (top/b.rs, `crate::top::C`), \
              which imports `a` (top/c.rs, `super::super::a`)"]
        );
    }

    #[test]
    fn a_parent_and_its_children_count_as_one() {
        let files = [
            ("lib.rs", "mod top; mod other; pub use top::Child;"),
            ("top/mod.rs", "mod child; pub use child::Child; pub struct Parent; use super::other;"),
            ("top/child.rs", "use super::Parent; use crate::top; pub struct Child; use clap::other;"),
            ("other.rs", "#[cfg(test)] mod tests { use crate::top; }"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn a_re_export_belongs_to_the_module_that_defines_it() {
        let files = [
            ("lib.rs", "mod a; mod b; pub use b::B;"),
            ("a.rs", "use crate::B; pub struct A;"),
            ("b.rs", "pub struct B(crate::a::A);"),
        ];
        assert_eq!(found(&files).len(), 1);
    }
}
