//! Checks that no two commands at the same level have the same name, as far as the macro knows the names.

use std::collections::HashMap;

use proc_macro2::Span;

use crate::cli::model::{Below, Name, Shape, Tree};
use crate::ctxt::Ctxt;

/// Reports duplicates among the names that the macro knows.
pub(crate) fn check(cx: &Ctxt, tree: &Tree<'_>) {
    let Tree::Enum(variants) = tree else { return };
    let mut first: HashMap<&str, Span> = HashMap::new();
    for variant in variants {
        let Shape::Command { name: Name::Known(name, span), .. } = &variant.shape else { continue };
        if let Some(first) = first.get(name.as_str()) {
            let mut error = syn::Error::new(*span, format_args!("two commands are named `{name}`"));
            error.combine(syn::Error::new(*first, "the first one is here"));
            cx.syn_error(error);
        } else {
            first.insert(name, *span);
        }
    }
}

/// Whether the compiler must check the names, because only it knows all of them.
pub(crate) fn needs_compiler(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::Enum(variants) => variants.iter().any(|variant| {
            variant.transparent
                || matches!(variant.shape, Shape::Flatten(_) | Shape::Command { name: Name::Const(_), .. })
        }),
        Tree::Struct(fields) => fields.sources.len() > 1,
    }
}

/// The positions of commands whose subcommands come from several fields, so that the compiler must check them.
pub(crate) fn mixed_variants(tree: &Tree<'_>) -> impl Iterator<Item = usize> {
    let variants = match tree {
        Tree::Enum(variants) => variants.as_slice(),
        Tree::Struct(_) => &[],
    };
    let nodes = variants.iter().filter(|variant| !matches!(variant.shape, Shape::Absent));
    nodes.enumerate().filter_map(|(position, variant)| match &variant.shape {
        Shape::Command { below: Below::Sources(sources), .. } if sources.len() > 1 => Some(position),
        _ => None,
    })
}
