//! The names of commands.

use std::collections::HashMap;

use proc_macro2::{Literal, Span, TokenStream};
use quote::ToTokens;
use syn::Expr;
use syn::spanned::Spanned;

use crate::ctxt::Ctxt;
use crate::keys::value::const_str;

/// The name of a command.
pub(crate) enum Name {
    Known(String, Span),
    /// An expression that only the compiler can evaluate.
    Const(Expr),
}

impl Name {
    pub(crate) fn span(&self) -> Span {
        match self {
            Name::Known(_, span) => *span,
            Name::Const(expr) => expr.span(),
        }
    }
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Name::Known(name, span) => {
                let mut literal = Literal::string(name);
                literal.set_span(*span);
                literal.to_tokens(tokens);
            }
            Name::Const(expr) => const_str(expr).to_tokens(tokens),
        }
    }
}

/// Reports duplicates among the names at one level. `what` names their bearers, in the plural.
pub(crate) fn check_siblings<'a>(cx: &Ctxt, what: &str, names: impl Iterator<Item = (&'a str, Span)>) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for (name, span) in names {
        if let Some(first) = first.get(name) {
            let mut error = syn::Error::new(span, format_args!("two {what} are named `{name}`"));
            error.combine(syn::Error::new(*first, "the first one is here"));
            cx.syn_error(error);
        } else {
            first.insert(name, span);
        }
    }
}
