//! The root of a CLI: what its author declared, as a constant of the runtime's type `App`.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Ident, LitStr};

use crate::cli::args::CliArgs;
use crate::cli::context::Context;
use crate::cli::facts;
use crate::cli::headers::Header;
use crate::cli::identity::{Build, Identity};
use crate::cli::parse_fns::parse_functions;
use crate::ctxt::Ctxt;
use crate::generated::at;
use crate::keys::Slot;
use crate::keys::value::Text;

pub(crate) struct Root<'a> {
    args: &'a CliArgs,
    identity: Identity,
}

impl<'a> Root<'a> {
    pub(crate) fn read(cx: &Ctxt, args: &'a CliArgs, build: Build, input: &DeriveInput) -> Self {
        Root { args, identity: Identity::read(cx, args, build, input) }
    }

    /// `may_have_flag`: the type may hold a flag for managing telemetry.
    pub(crate) fn expand(&self, ident: &Ident, generics: &Generics, may_have_flag: bool) -> TokenStream {
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let app = self.app();
        let endpoint = self.endpoint();
        let headers = self.headers();
        let context = self.args.context.get().and_then(Context::items);
        let clap_command = (may_have_flag && self.args.derives_parser()).then(|| {
            quote! {
                const CLAP_COMMAND: ::core::option::Option<fn() -> __telemetry::clap::Command> =
                    ::core::option::Option::Some(<Self as __telemetry::clap::CommandFactory>::command);
            }
        });
        let listed = facts::constants(self.args);
        let measured = facts::items(self.args, ident, generics);
        let parse = self.args.parses().then(|| parse_functions(ident, generics));
        quote! {
            #endpoint
            #headers
            #context

            #[automatically_derived]
            impl #impl_generics __telemetry::TelemetryApp for #ident #ty_generics #where_clause {
                const APP: __telemetry::App = #app;
                #clap_command
                #listed
            }

            #measured
            #parse
        }
    }

    fn app(&self) -> TokenStream {
        let Identity { app, bin, version, env } = &self.identity;
        let version =
            version.as_ref().map_or_else(|| quote!(::core::env!("CARGO_PKG_VERSION")), ToTokens::to_token_stream);
        let variables = variables(env);
        let declared = self.declared();
        quote! {{
            // These make cargo rebuild the crate when one of the names changes.
            let _ = (::core::env!("CARGO_PKG_NAME"), ::core::option_env!("CARGO_BIN_NAME"));
            let mut __app = __telemetry::App::new(#app, #version, #variables);
            __app.bin = #bin;
            __app.is_test = ::core::cfg!(test);
            #declared
            __telemetry::with_details_of::<Self>(__app)
        }}
    }

    /// One assignment for each key that is given.
    fn declared(&self) -> TokenStream {
        let args = self.args;
        let text = |field: &str, slot: &Slot<Text>| {
            let (field, value) = (format_ident!("{field}"), slot.get()?);
            Some(quote!(__app.#field = ::core::option::Option::Some(#value);))
        };
        let constant = |field: &str, slot: &Slot<LitStr>| {
            let (field, value) = (format_ident!("{field}"), slot.get()?);
            Some(quote!(__app.envelope.#field = #value;))
        };
        let endpoint = args.endpoint.get().map(|_| quote!(__app = __app.with_endpoint(__ENDPOINT);));
        let protocol = args
            .protocol
            .get()
            .map(|word| &word.0)
            .map(|word| quote!(__app.protocol = ::core::option::Option::Some(__telemetry::Protocol::#word);));
        let consent =
            args.consent.get().map(|word| &word.0).map(|word| quote!(__app.consent = __telemetry::ConsentMode::#word;));
        let interval = args.interval_secs.get().map(|seconds| quote!(__app.interval_secs = #seconds;));
        let otel_env = args.otel_env.get().map(|flag| quote!(__app.otel_env = #flag;));
        let abandoned = args.abandoned.get().map(|flag| quote!(__app.abandoned = #flag;));
        let actives = args.actives.get().map(|flag| quote!(__app.actives = #flag;));
        let context = args.context.get().map(|context| quote!(__app.context = #context;));
        let time = args.time.get().map(|word| &word.0).map(|word| quote!(__app.time = __telemetry::SentTime::#word;));
        let headers = args.headers.get().map(|_| quote!(__app.headers = __HEADERS;));
        let errors = args.errors.get().map(|errors| {
            let listed =
                errors.iter().map(|ty| quote_spanned!(at(ty.span())=> __telemetry::ListedProbe::<#ty>::LISTED));
            quote!(__app.errors = const {
                #[allow(unused_imports)]
                use __telemetry::ListedByName as _;
                &[#(#listed),*]
            };)
        });
        let texts = [
            text("purpose", &args.purpose),
            text("contact", &args.contact),
            text("privacy_url", &args.privacy_url),
            constant("event", &args.event),
            constant("source", &args.source),
            constant("client_id", &args.client_id),
            constant("system_version", &args.system_version),
        ];
        let texts = texts.into_iter().flatten();
        quote!(#endpoint #protocol #consent #interval #otel_env #abandoned #time #context #actives #headers #errors #(#texts)*)
    }

    /// The endpoint in a constant of its own: the compiler then checks literals and expressions alike, and reports a wrong one
    /// once.
    fn endpoint(&self) -> Option<TokenStream> {
        let endpoint = self.args.endpoint.get()?;
        let check = quote_spanned!(at(endpoint.span())=> __telemetry::check_endpoint(__ENDPOINT));
        Some(quote! {
            const __ENDPOINT: &'static ::core::primitive::str = #endpoint;
            const _: () = #check;
        })
    }

    /// The headers, checked in the same way.
    fn headers(&self) -> Option<TokenStream> {
        let headers = self.args.headers.get()?;
        let pairs = headers.iter().map(|Header { name, value }| quote!((#name, #value)));
        let checks = headers.iter().enumerate().map(|(position, Header { value, .. })| {
            let position = Literal::usize_unsuffixed(position);
            quote_spanned!(at(value.span())=> __telemetry::check_header(__HEADERS[#position].1))
        });
        Some(quote! {
            const __HEADERS: &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] =
                &[#(#pairs),*];
            #(const _: () = #checks;)*
        })
    }
}

pub(crate) fn variables(prefix: &str) -> TokenStream {
    let fields = ["enabled", "endpoint", "dry_run", "debug", "dir"].map(|field| {
        let (ident, name) = (format_ident!("{field}"), format!("{prefix}_TELEMETRY_{}", field.to_ascii_uppercase()));
        quote!(#ident: #name)
    });
    quote!(__telemetry::Variables { #(#fields),* })
}
