//! The functions by which a root parses the command line and records the run.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, Ident};

/// Inherent functions, which win over those of clap's `Parser` wherever `Cli::parse()` is written.
///
/// They are written by a macro of the runtime for its name alone. A type that has a `parse` of its own gets rustc's error
/// about duplicate definitions, and the note on it names the macro, and so the key that helps.
pub(crate) fn parse_functions(ident: &Ident, generics: &Generics) -> TokenStream {
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        __telemetry::parse_functions_unless_parse_is_false! {
            #[automatically_derived]
            impl #impl_generics #ident #ty_generics #where_clause
        }
    }
}
