//! The expansion of a type with mistakes: the errors, and empty impls, since missing ones would only cause more errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::cli::args::CliArgs;
use crate::cli::builder::Builder;
use crate::cli::facts;
use crate::cli::parse_fns::parse_functions;
use crate::cli::root::variables;
use crate::generated::in_const;

pub(crate) fn expand(
    input: &DeriveInput,
    args: &CliArgs,
    builder: Option<&Builder<'_>>,
    errors: &TokenStream,
) -> TokenStream {
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
    // If clap rejects the type, these may have no `Parser` to use.
    let parse = (args.parses() && !errors.is_empty()).then(|| parse_functions(ident, &input.generics));
    let measured = facts::items(args, ident, &input.generics);
    let builder = builder.map(|builder| builder.expand(ident, &input.generics));
    let items = in_const(&quote! {
        use #krate::__private as __telemetry;

        #[automatically_derived]
        impl #impl_generics __telemetry::CommandTree for #ident #ty_generics #where_clause {
            const COMMANDS: &'static [__telemetry::CommandNode] = &[];

            fn command_path(&self, _: &mut __telemetry::CommandPath) {}
        }

        #app
        #measured
        #parse
        #builder
    });
    quote!(#errors #items)
}
