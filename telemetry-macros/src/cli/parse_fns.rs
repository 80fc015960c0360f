//! The functions that parse the command line and record the run.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, Ident};

/// Inherent functions, which `Cli::parse()` prefers over those of clap's `Parser`.
///
/// A macro of the runtime writes them, for the sake of its name. If a type has its own `parse`, rustc reports duplicate
/// definitions with a note that names the macro, and so the key to set.
pub(crate) fn parse_functions(ident: &Ident, generics: &Generics) -> TokenStream {
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        __telemetry::parse_functions_unless_parse_is_false! {
            #[automatically_derived]
            impl #impl_generics #ident #ty_generics #where_clause
        }
    }
}
