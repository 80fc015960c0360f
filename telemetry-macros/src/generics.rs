//! Questions about type parameters and arguments.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericArgument, GenericParam, Generics, PathArguments, Type, TypeGroup};

/// Whether one of the type parameters occurs in `ty`.
pub(crate) fn mentions_parameter(generics: &Generics, ty: &Type) -> bool {
    generics.type_params().any(|param| mentions(ty.to_token_stream(), &param.ident))
}

fn mentions(tokens: TokenStream, ident: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(found) => found == *ident,
        TokenTree::Group(group) => mentions(group.stream(), ident),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `T` of `name<T>`, written as one bare segment.
pub(crate) fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    match ty {
        // Where the type comes from a `macro_rules` fragment.
        Type::Group(TypeGroup { elem, .. }) => argument_of(elem, name),
        Type::Path(path)
            if path.qself.is_none() && path.path.leading_colon.is_none() && path.path.segments.len() == 1 =>
        {
            let segment = path.path.segments.first()?;
            let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
            let mut arguments = arguments.args.iter();
            match (arguments.next(), arguments.next()) {
                (Some(GenericArgument::Type(argument)), None) if segment.ident == name => Some(argument),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The type outside of its own impl, where its lifetimes have no names. It must have no other parameters.
pub(crate) fn with_static_lifetimes(ident: &Ident, generics: &Generics) -> TokenStream {
    let lifetimes =
        generics.params.iter().filter(|param| matches!(param, GenericParam::Lifetime(_))).map(|_| quote!('static));
    quote!(#ident<#(#lifetimes),*>)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn parameters_are_found_at_any_depth() {
        let generics: Generics = parse_quote!(<'a, T, const N: usize>);
        assert!(mentions_parameter(&generics, &parse_quote!(Option<Box<T>>)));
        assert!(mentions_parameter(&generics, &parse_quote!((u8, [T; 2]))));
        assert!(!mentions_parameter(&generics, &parse_quote!(Option<&'a N>)));
    }

    #[test]
    fn option_is_recognised_as_clap_does() {
        assert!(argument_of(&parse_quote!(Option<Sub>), "Option").is_some());
        assert!(argument_of(&parse_quote!(std::option::Option<Sub>), "Option").is_none());
        assert!(argument_of(&parse_quote!(Box<Sub>), "Option").is_none());
        assert!(argument_of(&parse_quote!(Option), "Option").is_none());
    }
}
