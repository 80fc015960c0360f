//! Checks that no two commands at the same level have the same name, as far as the macro knows the names.

use crate::cli::model::{Below, Shape, Tree};
use crate::cli::names::{self, Name};
use crate::ctxt::Ctxt;

/// Reports duplicates among the names that the macro knows.
pub(crate) fn check(cx: &Ctxt, tree: &Tree<'_>) {
    let Tree::Enum(variants) = tree else { return };
    let known = variants.iter().filter_map(|variant| match &variant.shape {
        Shape::Command { name: Name::Known(name, span), .. } => Some((name.as_str(), *span)),
        _ => None,
    });
    names::check_siblings(cx, "commands", known);
}

/// Whether the compiler must check the names, because only it knows all of them.
pub(crate) fn needs_compiler(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::Enum(variants) => variants.iter().any(|variant| {
            variant.marks.transparent
                || matches!(variant.shape, Shape::Flatten(_) | Shape::Command { name: Name::Const(_), .. })
        }),
        Tree::Struct(fields) => fields.sources.len() > 1,
        // Each of its levels contains its check.
        Tree::Listed(_) => false,
    }
}

/// The positions of commands whose subcommands come from several fields, so that the compiler must check them.
pub(crate) fn mixed_variants(tree: &Tree<'_>) -> impl Iterator<Item = usize> {
    let variants = match tree {
        Tree::Enum(variants) => variants.as_slice(),
        Tree::Struct(_) | Tree::Listed(_) => &[],
    };
    let nodes = variants.iter().filter(|variant| !matches!(variant.shape, Shape::Absent));
    nodes.enumerate().filter_map(|(position, variant)| match &variant.shape {
        Shape::Command { below: Below::Sources(sources, _), .. } if sources.len() > 1 => Some(position),
        _ => None,
    })
}
