//! Writes the classes of an error type as constants, and the match that finds the class of a value.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Generics, Path, parse_quote};

use crate::generated::{at, in_const};
use crate::generics;

use super::Class;

pub(crate) fn expand(input: &DeriveInput, krate: &Path, classes: &[Class<'_>]) -> TokenStream {
    let ident = &input.ident;
    let generics = bounded(&input.generics, classes);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let body = body(input, classes);
    in_const(&quote! {
        use #krate::__private as __telemetry;

        #[automatically_derived]
        impl #impl_generics __telemetry::ErrorClass for #ident #ty_generics #where_clause {
            const CLASSES: &'static [__telemetry::ClassNode] = &[#(#classes),*];

            fn error_class(&self) -> __telemetry::ErrorClassName {
                #body
            }
        }
    })
}

/// The expansion of a type with mistakes: the errors, and an empty impl, since a missing one would only cause more errors.
pub(crate) fn fallback(input: &DeriveInput, krate: &Path, errors: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let items = in_const(&quote! {
        use #krate::__private as __telemetry;

        #[automatically_derived]
        impl #impl_generics __telemetry::ErrorClass for #ident #ty_generics #where_clause {
            const CLASSES: &'static [__telemetry::ClassNode] = &[];

            fn error_class(&self) -> __telemetry::ErrorClassName {
                __telemetry::ErrorClassName::ERROR
            }
        }
    });
    quote!(#errors #items)
}

/// Adds the bounds that transparent fields need.
fn bounded(generics: &Generics, classes: &[Class<'_>]) -> Generics {
    let mut bounded = generics.clone();
    for class in classes {
        match class {
            Class::Field(_, ty) if generics::mentions_parameter(generics, ty) => {
                bounded.make_where_clause().predicates.push(parse_quote!(#ty: __telemetry::ErrorClass));
            }
            Class::Field(..) | Class::Name(_) => {}
        }
    }
    bounded
}

impl ToTokens for Class<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Class::Name(name) => quote!(__telemetry::ClassNode::name(#name)),
            Class::Field(_, ty) => {
                let classes = quote_spanned!(at(ty.span())=> <#ty as __telemetry::ErrorClass>::CLASSES);
                quote!(__telemetry::ClassNode::all(#classes))
            }
        });
    }
}

fn body(input: &DeriveInput, classes: &[Class<'_>]) -> TokenStream {
    let paths: Vec<TokenStream> = match &input.data {
        Data::Enum(data) => {
            data.variants.iter().map(|variant| &variant.ident).map(|ident| quote!(Self::#ident)).collect()
        }
        Data::Struct(_) | Data::Union(_) => vec![quote!(Self)],
    };
    if paths.is_empty() {
        return quote!(match *self {});
    }
    let arms = paths.iter().zip(classes).enumerate().map(|(position, (path, class))| match class {
        Class::Name(_) => {
            let position = Literal::usize_unsuffixed(position);
            quote!(#path { .. } => __telemetry::ErrorClassName::of::<Self>(#position),)
        }
        Class::Field(member, ty) => {
            let class = quote_spanned!(at(ty.span())=> <#ty as __telemetry::ErrorClass>::error_class(__0));
            quote!(#path { #member: __0 } => #class,)
        }
    });
    quote!(match self { #(#arms)* })
}
