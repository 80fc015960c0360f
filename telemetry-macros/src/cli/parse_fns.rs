//! The functions by which a root parses the command line and records the run.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, Ident};

/// Inherent functions, which win over those of clap's `Parser` wherever `Cli::parse()` is written.
pub(crate) fn parse_functions(ident: &Ident, generics: &Generics) -> TokenStream {
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let clap_result = quote!(::core::result::Result<Self, __telemetry::clap::Error>);
    let itr = quote! {
        __I: ::core::iter::IntoIterator<Item = __T>,
        __T: ::core::convert::Into<::std::ffi::OsString> + ::core::clone::Clone,
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics #ident #ty_generics #where_clause {
            /// Parses the arguments of this process as clap's `Parser::parse` does, and records the run.
            pub fn parse() -> Self {
                __telemetry::parse::<Self>()
            }

            /// Parses the arguments of this process as clap's `Parser::try_parse` does, and records the run.
            pub fn try_parse() -> #clap_result {
                __telemetry::try_parse::<Self>()
            }

            /// Parses `itr` as clap's `Parser::parse_from` does, and records the run.
            pub fn parse_from<__I, __T>(itr: __I) -> Self
            where
                #itr
            {
                __telemetry::parse_from::<Self, __I, __T>(itr)
            }

            /// Parses `itr` as clap's `Parser::try_parse_from` does, and records the run.
            pub fn try_parse_from<__I, __T>(itr: __I) -> #clap_result
            where
                #itr
            {
                __telemetry::try_parse_from::<Self, __I, __T>(itr)
            }
        }
    }
}
