//! What a type with mistakes becomes: the errors, and impls without content, so that no further errors follow from their absence.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::args::CliArgs;
use crate::root::{parse_functions, variables};

pub(crate) fn command_tree(input: &DeriveInput, args: &CliArgs, errors: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let krate = args.crate_path();
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let app = args.is_root().then(|| {
        let variables = variables("");
        quote! {
            #[automatically_derived]
            impl #impl_generics __telemetry::TelemetryApp for #ident #ty_generics #where_clause {
                const APP: __telemetry::App = __telemetry::App::new("", "", #variables);
            }
        }
    });
    // Where clap refuses the type there may be no `Parser` for these to use.
    let parse = (args.parses() && !errors.is_empty()).then(|| parse_functions(ident, &input.generics));
    quote! {
        #errors
        #[allow(dead_code, unreachable_pub)]
        const _: () = {
            use #krate::__private as __telemetry;

            #[automatically_derived]
            impl #impl_generics __telemetry::CommandTree for #ident #ty_generics #where_clause {
                const COMMANDS: &'static [__telemetry::CommandNode] = &[];

                fn command_path(&self, _: &mut __telemetry::CommandPath) {}
            }

            #app
            #parse
        };
    }
}

pub(crate) fn error_class(input: &DeriveInput, krate: &syn::Path, errors: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    quote! {
        #errors
        const _: () = {
            use #krate::__private as __telemetry;

            #[automatically_derived]
            impl #impl_generics __telemetry::ErrorClass for #ident #ty_generics #where_clause {
                const CLASSES: &'static [__telemetry::ClassNode] = &[];

                fn error_class(&self) -> __telemetry::ErrorClassName {
                    __telemetry::ErrorClassName::ERROR
                }
            }
        };
    }
}
