//! The items of its own crate that a module names, by paths that begin with `crate` or `super`.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Item, UseTree};

use crate::source::{Crate, Module};

/// The names that a module imports, and the path of each.
pub(crate) type Imports = BTreeMap<String, Vec<String>>;

/// A name in one module's code.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    pub(crate) file: String,
    pub(crate) from: Module,
    /// As written.
    pub(crate) path: Vec<String>,
}

pub(crate) fn name_of(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

/// The paths that begin with `crate` or `super`, anywhere in the code: in `use`, in expressions, in macro arguments.
pub(crate) fn paths_in(code: TokenStream) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut tokens = code.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => paths.extend(paths_in(group.stream())),
            TokenTree::Ident(first) if first == "crate" || first == "super" => {
                let mut path = vec![name_of(&first)];
                let mut heads = Vec::new();
                while tokens.next_if(is_colon).is_some() && tokens.next_if(is_colon).is_some() {
                    match tokens.next() {
                        Some(TokenTree::Ident(name)) => path.push(name_of(&name)),
                        // `use crate::{event, queue::Queue}`
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                            heads = heads_of(group.stream());
                        }
                        _ => break,
                    }
                }
                if heads.is_empty() {
                    paths.push(path);
                } else {
                    paths.extend(heads.into_iter().map(|head| [path.clone(), head].concat()));
                }
            }
            _ => {}
        }
    }
    paths
}

/// The paths in the braces of a `use`.
fn heads_of(list: TokenStream) -> Vec<Vec<String>> {
    let Ok(list) = syn::parse_str::<UseTree>(&format!("{{{list}}}")) else { return Vec::new() };
    let mut paths = Vec::new();
    flatten(&list, &[], &mut |_, path| paths.push(path));
    paths
}

/// What a `use` imports: the name, or nothing for `*`, and the path.
fn flatten(tree: &UseTree, path: &[String], each: &mut dyn FnMut(Option<String>, Vec<String>)) {
    let longer = |ident: &Ident| [path, &[name_of(ident)]].concat();
    let mut named = |ident: &Ident, name: &Ident| {
        // `use super::fields::{self}` is `use super::fields`.
        let path = if ident == "self" { path.to_vec() } else { longer(ident) };
        let name = if name == "self" { path.last().cloned() } else { Some(name_of(name)) };
        each(name, path);
    };
    match tree {
        UseTree::Path(tree) => flatten(&tree.tree, &longer(&tree.ident), each),
        UseTree::Group(tree) => tree.items.iter().for_each(|tree| flatten(tree, path, each)),
        UseTree::Name(tree) => named(&tree.ident, &tree.ident),
        UseTree::Rename(tree) => named(&tree.ident, &tree.rename),
        UseTree::Glob(_) => each(None, path.to_vec()),
    }
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

/// Adds the imports and names of an item that is not an inline module.
pub(crate) fn collect(item: &Item, code: TokenStream, module: &Module, file: &str, krate: &mut Crate) {
    match item {
        Item::Use(item) => {
            let imports = krate.modules.entry(module.clone()).or_default();
            flatten(&item.tree, &[], &mut |name, path| drop(name.map(|name| imports.insert(name, path))));
        }
        // An exported macro expands in other crates: it names public items.
        Item::Macro(item) if item.attrs.iter().any(|attr| attr.path().is_ident("macro_export")) => {
            // The rest of the crate finds it at the root.
            let name = item.ident.as_ref().map(name_of).unwrap_or_default();
            let path = ["crate".to_owned()].into_iter().chain(module.clone()).chain([name.clone()]).collect();
            krate.modules.entry(Vec::new()).or_default().insert(name, path);
            return;
        }
        _ => {}
    }
    let reference = |path| Reference { file: file.to_owned(), from: module.clone(), path };
    krate.references.extend(paths_in(code).into_iter().map(reference));
}

/// The code of an item, without test code.
pub(crate) fn code_of(item: &Item) -> TokenStream {
    let mut item = item.clone();
    if let Item::Impl(item) = &mut item {
        item.items.retain(|item| !crate::source::is_for_tests(impl_item_attrs(item)));
    }
    item.into_token_stream()
}

fn impl_item_attrs(item: &syn::ImplItem) -> &[syn::Attribute] {
    match item {
        syn::ImplItem::Const(item) => &item.attrs,
        syn::ImplItem::Fn(item) => &item.attrs,
        syn::ImplItem::Type(item) => &item.attrs,
        _ => &[],
    }
}

/// No path is longer.
const MAX_STEPS: usize = 32;

impl Crate {
    /// The modules that the path goes through. The last one defines the name. Empty for other crates.
    pub(crate) fn leads_through(&self, reference: &Reference) -> Vec<Module> {
        let mut through = Vec::new();
        self.follow(&reference.from, &reference.path, &mut through);
        through
    }

    fn follow(&self, from: &Module, path: &[String], through: &mut Vec<Module>) {
        let mut module = from.clone();
        for (index, name) in path.iter().enumerate() {
            match name.as_str() {
                "crate" => module.clear(),
                "self" => {}
                "super" => drop(module.pop()),
                _ => {
                    let child = [module.as_slice(), std::slice::from_ref(name)].concat();
                    if self.modules.contains_key(&child) {
                        module = child;
                    } else {
                        let import = self.modules.get(&module).and_then(|imports| imports.get(name));
                        // An import: continue with its path. Two that import each other lead nowhere.
                        if let Some(import) = import
                            && index > 0
                            && through.len() < MAX_STEPS
                        {
                            self.follow(&module, import, through);
                        }
                        return;
                    }
                }
            }
            through.push(module.clone());
        }
    }
}
