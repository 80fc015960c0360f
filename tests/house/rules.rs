//! Rules for code that belongs in `sys`, and for code that belongs nowhere.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};

use crate::source::{Crate, Finding};

/// The only place for `unsafe` and platform code.
const SYS: &str = "sys";

/// `cfg` predicates that distinguish systems.
const SYSTEMS: [&str; 8] = [
    "unix",
    "windows",
    "target_arch",
    "target_env",
    "target_family",
    "target_os",
    "target_pointer_width",
    "target_vendor",
];

/// `unsafe` and platform-specific code outside `sys`.
pub(crate) fn outside_sys(krate: &Crate) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in krate.files.iter().filter(|file| file.module.first().is_none_or(|top| top != SYS)) {
        let mut found = BTreeSet::new();
        for code in &file.code {
            look_for_sys(code, &mut found);
        }
        findings.extend(found.into_iter().map(|what| Finding::new(&file.name, format!("`{what}` outside `{SYS}`"))));
    }
    findings
}

/// `unsafe` is a keyword, so every occurrence counts. A name such as `unix` counts only in a `cfg`.
fn look_for_sys(code: &TokenStream, found: &mut BTreeSet<String>) {
    let mut is_cfg = false;
    for token in code.clone() {
        match token {
            TokenTree::Group(group) if is_cfg => {
                found.extend(
                    names_in(group.stream())
                        .filter(|name| SYSTEMS.contains(&name.as_str()))
                        .map(|name| format!("cfg({name})")),
                );
            }
            TokenTree::Group(group) => look_for_sys(&group.stream(), found),
            TokenTree::Ident(ident) if ident == "unsafe" => drop(found.insert("unsafe".to_owned())),
            TokenTree::Ident(ident) => is_cfg = ident == "cfg" || ident == "cfg_attr",
            // The `!` of `cfg!(..)`.
            TokenTree::Punct(punct) => is_cfg &= punct.as_char() == '!',
            TokenTree::Literal(_) => is_cfg = false,
        }
    }
}

fn names_in(code: TokenStream) -> impl Iterator<Item = String> {
    let names: Vec<String> = code
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => names_in(group.stream()).collect(),
            TokenTree::Ident(ident) => vec![ident.to_string()],
            _ => Vec::new(),
        })
        .collect();
    names.into_iter()
}

/// Files that are too long, allowed dead code, and unfinished code. In tests too.
pub(crate) fn everywhere(krate: &Crate, max_lines: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &krate.files {
        let lines = file.text.lines().count();
        if lines > max_lines {
            findings.push(Finding::new(&file.name, format!("{lines} lines, more than {max_lines}")));
        }
        if file.allows_dead_code {
            findings.push(Finding::new(&file.name, "dead code is deleted, not allowed".into()));
        }
        if let Some(mark) = ["TODO", "FIXME"].into_iter().find(|mark| file.text.contains(mark)) {
            findings.push(Finding::new(&file.name, format!("{mark}: do it, or file an issue")));
        }
    }
    findings
}

/// Whether an attribute allows unused code. Arguments of `quote!` belong to another program.
pub(crate) fn allows_dead_code(code: TokenStream) -> bool {
    let (mut is_allow, mut before) = (false, String::new());
    for token in code {
        match token {
            TokenTree::Group(_) if before == "quote" => {}
            TokenTree::Group(group) => {
                let is_dead_code = is_allow && names_in(group.stream()).any(|name| name == "dead_code");
                if is_dead_code || allows_dead_code(group.stream()) {
                    return true;
                }
            }
            TokenTree::Ident(ident) => {
                is_allow = ident == "allow" || ident == "expect";
                before = ident.to_string();
            }
            TokenTree::Punct(punct) if punct.as_char() == '!' => {}
            _ => (is_allow, before) = (false, String::new()),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::made_up;

    fn shown(findings: &[Finding]) -> Vec<String> {
        findings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn unsafe_and_platform_code_belong_to_sys() {
        let inside = "#![cfg_attr(windows, allow(x))]\nuse std::os;\n#[cfg(unix)] fn f() { unsafe { g() } }\n";
        let outside = "unsafe impl Send for X {}\n\
                       unsafe extern \"C\" { fn f(); }\n\
                       fn g() { unsafe { f() } }\n\
                       unsafe trait T { unsafe fn t(&self); }\n\
                       #[cfg(all(feature = \"http\", not(target_os = \"linux\")))] fn h() {}\n\
                       fn i() { if cfg!(windows) { println!(\"{}\", unsafe { j() }) } }\n\
                       #[unsafe(no_mangle)] fn j() {}\n\
                       type K = unsafe fn();\n\
                       fn not_unsafe() { let unix = \"unsafe\"; } // unsafe\n\
                       #[cfg(feature = \"http\")] fn k() {}\n\
                       #[cfg(test)] mod tests { #[cfg(unix)] fn f() { unsafe { g() } } }\n\
                       impl X { #[cfg(test)] fn f() { unsafe { g() } } }\n";
        let krate = made_up(&[
            ("lib.rs", "mod sys; mod run; #[cfg(test)] mod helpers;"),
            ("sys.rs", inside),
            ("run.rs", outside),
            ("helpers.rs", "#[cfg(unix)] fn f() { unsafe { g() } }"),
        ]);
        assert_eq!(
            shown(&outside_sys(&krate)),
            [
                "run.rs: `cfg(target_os)` outside `sys`",
                "run.rs: `cfg(windows)` outside `sys`",
                "run.rs: `unsafe` outside `sys`",
            ]
        );
        assert_eq!(shown(&everywhere(&krate, 12)), [""; 0]);
    }

    #[test]
    fn forbidden_everywhere() {
        let text = "// TODO: more\nfn f() {}\n#[cfg(test)] mod tests {\n    #[allow(dead_code)]\n    fn f() {}\n}\n";
        let krate = made_up(&[("lib.rs", "mod run;"), ("run.rs", text)]);
        assert_eq!(
            shown(&everywhere(&krate, 5)),
            [
                "run.rs: 6 lines, more than 5",
                "run.rs: dead code is deleted, not allowed",
                "run.rs: TODO: do it, or file an issue",
            ]
        );
        assert_eq!(shown(&outside_sys(&krate)), [""; 0]);
    }

    #[test]
    fn dead_code_is_allowed_in_many_ways() {
        for (code, allows) in [
            ("#![expect(dead_code)]", true),
            ("#[allow(unused, dead_code)] fn f() {}", true),
            ("mod m { impl X { #[cfg_attr(not(test), allow(dead_code))] fn f() {} } }", true),
            ("#[allow(unused)] fn dead_code() {}", false),
            ("#[deny(dead_code)] fn f() {}", false),
            ("fn f() { quote! { #[allow(dead_code)] fn g() {} } }", false),
        ] {
            assert_eq!(allows_dead_code(code.parse().unwrap()), allows, "{code}");
        }
    }
}
