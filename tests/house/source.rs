//! A crate as a tree of modules, each with the names it uses from the others.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Item, ItemMod, Meta, Token};

use crate::paths::{self, Imports, Reference};
use crate::rules;

/// A violation of the rules.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) file: String,
    pub(crate) text: String,
}

impl Finding {
    pub(crate) fn new(file: &str, text: String) -> Self {
        Finding { file: file.to_owned(), text }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.text)
    }
}

/// The path of a module in the crate: `[]` is the crate itself.
pub(crate) type Module = Vec<String>;

/// A file of the crate, and its module.
pub(crate) struct SourceFile {
    pub(crate) name: String,
    pub(crate) module: Module,
    pub(crate) text: String,
    /// Everything but test code, item by item.
    pub(crate) code: Vec<TokenStream>,
    /// An attribute allows dead code, in tests or elsewhere.
    pub(crate) allows_dead_code: bool,
}

#[derive(Default)]
pub(crate) struct Crate {
    name: String,
    pub(crate) files: Vec<SourceFile>,
    /// All modules compiled outside of tests, inline ones too, with what each imports: the name a `use` gives, and its
    /// path.
    pub(crate) modules: BTreeMap<Module, Imports>,
    pub(crate) references: Vec<Reference>,
    /// Errors while reading.
    pub(crate) findings: Vec<Finding>,
}

impl Crate {
    /// Reads the files in `src`, beginning with `lib.rs`. Findings show them with the crate's name.
    pub(crate) fn read(name: &str, src: &Path) -> Self {
        let mut texts = BTreeMap::new();
        let mut folders = vec![src.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
                let path = entry.expect("the folder can be read").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name = path.strip_prefix(src).expect("it lies there").to_owned();
                    texts.insert(name, fs::read_to_string(&path).expect("it is UTF-8"));
                }
            }
        }
        Crate::of(name, texts)
    }

    /// Reads the files by their paths below `src`.
    fn of(name: &str, mut texts: BTreeMap<PathBuf, String>) -> Self {
        let mut this = Crate { name: name.to_owned(), ..Crate::default() };
        this.load(&mut texts, Path::new("lib.rs"), Vec::new(), Path::new(""), false);
        for name in texts.into_keys() {
            this.finding(&name, "no `mod` names this file");
        }
        this
    }

    /// Loads a file and its submodules, whose paths begin with `children`.
    fn load(
        &mut self,
        texts: &mut BTreeMap<PathBuf, String>,
        path: &Path,
        module: Module,
        children: &Path,
        is_test: bool,
    ) {
        let Some(text) = texts.remove(path) else { return self.finding(path, "there is no such file") };
        let parsed = match syn::parse_file(&text) {
            Ok(parsed) => parsed,
            Err(error) => return self.finding(path, &format!("does not parse: {error}")),
        };
        let allows_dead_code = rules::allows_dead_code(parsed.to_token_stream());
        let mut file =
            SourceFile { name: self.shown(path), module: module.clone(), text, code: Vec::new(), allows_dead_code };
        let is_test = is_test || is_for_tests(&parsed.attrs);
        if !is_test {
            file.code.extend(parsed.attrs.iter().map(ToTokens::to_token_stream));
            self.take(&mut file, &parsed.items, &module);
        }
        let below = declared(&parsed.items, path.parent().unwrap_or(Path::new("")), children);
        self.files.push(file);
        for Declared { name, paths, children, is_test: only_in_tests } in below {
            let path = paths.iter().find(|path| texts.contains_key(*path)).unwrap_or(&paths[0]).clone();
            let mut module = module.clone();
            module.extend(name);
            self.load(texts, &path, module, &children, is_test || only_in_tests);
        }
    }

    /// Reads the items of a module in that file, except test code.
    fn take(&mut self, file: &mut SourceFile, items: &[Item], module: &Module) {
        self.modules.entry(module.clone()).or_default();
        for item in items.iter().filter(|item| !is_for_tests(attrs_of(item))) {
            if let Item::Mod(ItemMod { attrs, ident, content: Some((_, items)), .. }) = item {
                file.code.extend(attrs.iter().map(ToTokens::to_token_stream));
                self.take(file, items, &[module.as_slice(), &[paths::name_of(ident)]].concat());
            } else {
                let code = paths::code_of(item);
                paths::collect(item, code.clone(), module, &file.name, self);
                file.code.push(code);
            }
        }
    }

    /// The path of a file as it is shown: the same on every system.
    fn shown(&self, path: &Path) -> String {
        let path = path.to_string_lossy().replace('\\', "/");
        if self.name.is_empty() { path } else { format!("{}/src/{path}", self.name) }
    }

    fn finding(&mut self, path: &Path, text: &str) {
        self.findings.push(Finding::new(&self.shown(path), text.to_owned()));
    }
}

/// A module in a file of its own.
struct Declared {
    /// Its names below the file that declares it: more than one if it is declared in an inline module.
    name: Vec<String>,
    /// Where its file may be.
    paths: Vec<PathBuf>,
    /// Where the files of its own submodules are.
    children: PathBuf,
    is_test: bool,
}

/// The modules in files of their own that a file in `folder` declares. Submodule files are in `children`.
fn declared(items: &[Item], folder: &Path, children: &Path) -> Vec<Declared> {
    let mut all = Vec::new();
    for item in items {
        let Item::Mod(item) = item else { continue };
        let name = paths::name_of(&item.ident);
        let is_test = is_for_tests(&item.attrs);
        if let Some((_, items)) = &item.content {
            let children = children.join(&name);
            all.extend(declared(items, &children, &children).into_iter().map(|mut below| {
                below.name.insert(0, name.clone());
                below.is_test |= is_test;
                below
            }));
            continue;
        }
        let (paths, children) = match path_attribute(&item.attrs) {
            Some(path) => (vec![folder.join(&path)], folder.join(path).parent().unwrap_or(folder).to_owned()),
            None => {
                let children = children.join(&name);
                (vec![children.with_extension("rs"), children.join("mod.rs")], children)
            }
        };
        all.push(Declared { name: vec![name], paths, children, is_test });
    }
    all
}

/// `#[path = ".."]`
fn path_attribute(attrs: &[Attribute]) -> Option<String> {
    attrs.iter().find_map(|attr| match &attr.meta {
        Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) => Some(path.value()),
            _ => None,
        },
        _ => None,
    })
}

fn attrs_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item with these attributes is compiled for tests only.
pub(crate) fn is_for_tests(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| match &attr.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("cfg") => list.parse_args().is_ok_and(|cfg| implies_test(&cfg)),
        _ => false,
    })
}

/// Whether the predicate holds only in tests.
fn implies_test(cfg: &Meta) -> bool {
    let all = |list: &syn::MetaList| {
        list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default().into_iter()
    };
    match cfg {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => all(list).any(|cfg| implies_test(&cfg)),
        Meta::List(list) if list.path.is_ident("any") => all(list).all(|cfg| implies_test(&cfg)),
        _ => false,
    }
}

/// A crate of these files, to test the rules.
#[cfg(test)]
pub(crate) fn made_up(files: &[(&str, &str)]) -> Crate {
    let made_up = Crate::of("", files.iter().map(|(name, text)| ((*name).into(), (*text).to_owned())).collect());
    assert!(made_up.findings.is_empty(), "{:?}", made_up.findings);
    made_up
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_where_rustc_looks_for_them() {
        let krate = made_up(&[
            ("lib.rs", "#[path = \"hidden/mod.rs\"] pub mod __hidden; mod a; mod b { mod inner; }"),
            ("hidden/mod.rs", "mod probe;"),
            ("hidden/probe.rs", ""),
            ("a.rs", "mod c; #[cfg(all(test, unix))] mod tests; #[cfg(not(test))] mod real;"),
            ("a/c.rs", ""),
            ("a/tests.rs", "mod more;"),
            ("a/tests/more.rs", ""),
            ("a/real.rs", ""),
            (
                "b/inner/mod.rs",
                "#[cfg(unix)] #[path = \"unix.rs\"] mod sys; #[cfg(windows)] #[path = \"windows.rs\"] mod sys;",
            ),
            ("b/inner/unix.rs", "struct Unix;"),
            ("b/inner/windows.rs", "struct Windows;"),
        ]);
        let mut files: Vec<String> = krate
            .files
            .iter()
            .map(|file| {
                let test = if krate.modules.contains_key(&file.module) { "" } else { " (test)" };
                format!("{} is {}{test}", file.name, file.module.join("::"))
            })
            .collect();
        files.sort();
        assert_eq!(
            files,
            [
                "a.rs is a",
                "a/c.rs is a::c",
                "a/real.rs is a::real",
                "a/tests.rs is a::tests (test)",
                "a/tests/more.rs is a::tests::more (test)",
                "b/inner/mod.rs is b::inner",
                "b/inner/unix.rs is b::inner::sys",
                "b/inner/windows.rs is b::inner::sys",
                "hidden/mod.rs is __hidden",
                "hidden/probe.rs is __hidden::probe",
                "lib.rs is ",
            ]
        );
    }

    #[test]
    fn missing_and_stray_files_are_found() {
        let files = [("lib.rs", "mod a; mod b;"), ("b.rs", "fn {"), ("c.rs", "")];
        let krate = Crate::of("", files.into_iter().map(|(name, text)| (name.into(), text.to_owned())).collect());
        let found: Vec<String> = krate.findings.iter().map(ToString::to_string).collect();
        assert_eq!(found[0], "a.rs: there is no such file");
        assert!(found[1].starts_with("b.rs: does not parse: "), "{found:?}");
        assert_eq!(found[2], "c.rs: no `mod` names this file");
    }
}
