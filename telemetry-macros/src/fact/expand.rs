//! Writes the names of a fact's or phase's values as constants, and the match that finds the position of a value.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{DeriveInput, Path};

use crate::cli::{known_key, labels};
use crate::generated::in_const;

use super::{Named, Values};

pub(crate) fn fact(input: &DeriveInput, krate: &Path, name: &str, values: &Values<'_>) -> TokenStream {
    match values {
        Values::Names(names) => fact_impl(input, krate, name, &labels_of(names), false, &position(names)),
        Values::Buckets(buckets) => {
            fact_impl(input, krate, name, &labels(&buckets.labels()), true, &buckets.position(&quote!(self.0)))
        }
    }
}

/// The expansion of a type with mistakes: the errors, and an impl without values, since a missing one would only cause
/// more errors.
pub(crate) fn fact_fallback(input: &DeriveInput, krate: &Path, name: &str, errors: &TokenStream) -> TokenStream {
    let items = fact_impl(input, krate, name, &labels_of(&[]), false, &quote!(0));
    quote!(#errors #items)
}

fn fact_impl(
    input: &DeriveInput,
    krate: &Path,
    name: &str,
    labels: &TokenStream,
    is_number: bool,
    position: &TokenStream,
) -> TokenStream {
    let ident = &input.ident;
    let key = known_key(name);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    in_const(&quote! {
        use #krate::__private as __telemetry;

        #[automatically_derived]
        impl #impl_generics __telemetry::Fact for #ident #ty_generics #where_clause {
            const KEY: __telemetry::Key = #key;
            const LABELS: __telemetry::Labels = #labels;
            const IS_NUMBER: ::core::primitive::bool = #is_number;

            fn position(&self) -> ::core::primitive::usize {
                #position
            }
        }
    })
}

pub(crate) fn phase(input: &DeriveInput, krate: &Path, names: &[Named<'_>]) -> TokenStream {
    phase_impl(input, krate, &labels_of(names), &position(names))
}

/// As [`fact_fallback`].
pub(crate) fn phase_fallback(input: &DeriveInput, krate: &Path, errors: &TokenStream) -> TokenStream {
    let items = phase_impl(input, krate, &labels_of(&[]), &quote!(0));
    quote!(#errors #items)
}

fn phase_impl(input: &DeriveInput, krate: &Path, names: &TokenStream, position: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    in_const(&quote! {
        use #krate::__private as __telemetry;

        #[automatically_derived]
        impl #impl_generics __telemetry::Phase for #ident #ty_generics #where_clause {
            const NAMES: __telemetry::Labels = #names;

            fn position(&self) -> ::core::primitive::usize {
                #position
            }
        }
    })
}

fn labels_of(names: &[Named<'_>]) -> TokenStream {
    labels(&names.iter().map(|Named(_, name)| name).collect::<Vec<_>>())
}

fn position(names: &[Named<'_>]) -> TokenStream {
    if names.is_empty() {
        return quote!(match *self {});
    }
    let arms = names.iter().enumerate().map(|(position, Named(ident, _))| {
        let position = Literal::usize_unsuffixed(position);
        quote!(Self::#ident => #position,)
    });
    quote!(match self { #(#arms)* })
}
