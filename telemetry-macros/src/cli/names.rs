//! The names of commands.

use std::collections::HashMap;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote};
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

/// A constant of the runtime's type `Key`: the name as the key of a field.
pub(crate) fn key(name: &Name) -> TokenStream {
    match name {
        Name::Known(name, _) => known_key(name),
        Name::Const(_) => {
            let json = quote!(const { &__telemetry::key::<{ __telemetry::key_len(#name) }>(#name) });
            // Otherwise a run would look through the text.
            quote!(const { __telemetry::Key::of(#json) })
        }
    }
}

pub(crate) fn known_key(name: &str) -> TokenStream {
    let json = format!(",\"{name}\":");
    quote!(__telemetry::Key::new(#json))
}

/// A constant of the runtime's type `Labels`: each name as JSON after its length, which is one ASCII character.
pub(crate) fn labels<S: AsRef<str> + ToTokens>(names: &[S]) -> TokenStream {
    let mut packed = String::new();
    for name in names {
        let json = format!("\"{}\"", name.as_ref());
        let Some(length) = u8::try_from(json.len()).ok().filter(u8::is_ascii) else { return const_labels(names) };
        packed.push(char::from(length));
        packed.push_str(&json);
    }
    quote!(__telemetry::Labels::new(#packed))
}

/// The same for names that only the compiler knows, or that it has to refuse.
pub(crate) fn const_labels<T: ToTokens>(names: &[T]) -> TokenStream {
    let names = quote!(&[#(#names),*]);
    quote!(__telemetry::Labels::of(const {
        &__telemetry::packed::<{ __telemetry::packed_len(#names, "\"") }>(#names, "\"")
    }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_packed_here_or_by_the_compiler() {
        let packed = "\u{6}\"json\"\u{4}\"\u{e9}\"";
        assert_eq!(labels(&["json", "\u{e9}"]).to_string(), quote!(__telemetry::Labels::new(#packed)).to_string());
        assert!(labels(&["x".repeat(126)]).to_string().contains("packed_len"));
    }
}
