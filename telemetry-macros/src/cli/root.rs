//! The root of a CLI: what its author has declared, as a constant of the runtime's type `App`.

use std::env;

use heck::ToShoutySnakeCase;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Expr, Generics, Ident, Lit, LitStr};

use crate::cli::args::CliArgs;
use crate::cli::clap_attr::ClapAttrs;
use crate::cli::headers::Header;
use crate::cli::parse_fns::parse_functions;
use crate::ctxt::Ctxt;
use crate::generated::at;
use crate::keys::value::{Text, as_literal};
use crate::keys::{Slot, rules};

/// What cargo says about the crate that is being compiled.
pub(crate) struct Build {
    pub(crate) package: Option<String>,
    /// `None` in a library.
    pub(crate) bin: Option<String>,
}

impl Build {
    pub(crate) fn current() -> Self {
        Build { package: env::var("CARGO_PKG_NAME").ok(), bin: env::var("CARGO_BIN_NAME").ok() }
    }
}

pub(crate) struct Root<'a> {
    args: &'a CliArgs,
    app: String,
    bin: String,
    version: Option<Text>,
    env: String,
}

impl<'a> Root<'a> {
    pub(crate) fn read(cx: &Ctxt, args: &'a CliArgs, build: Build, input: &DeriveInput) -> Self {
        let bin = args.bin.get().map(LitStr::value).or(build.bin);
        let app = args.app.get().map(LitStr::value);
        if !args.app.is_given() && !args.bin.is_given() {
            let (whose, name) = match (&bin, &build.package) {
                (Some(bin), _) => ("binary", bin.as_str()),
                (None, package) => ("package", package.as_deref().unwrap_or_default()),
            };
            if let Err(wrong) = rules::directory_name(name) {
                let message =
                    format!("set `app = \"..\"`: the {whose}'s name, `{name}`, cannot be used because it {wrong}");
                cx.syn_error(syn::Error::new(input.ident.span(), message));
            }
        }
        let app = app.or_else(|| bin.clone()).or(build.package).unwrap_or_default();
        let bin = bin.unwrap_or_else(|| app.clone());
        let env = args.env.get().map_or_else(|| variable_prefix(&app), LitStr::value);
        Root { args, app, bin, version: clap_version(input), env }
    }

    pub(crate) fn expand(&self, ident: &Ident, generics: &Generics) -> TokenStream {
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let app = self.app();
        let endpoint = self.endpoint();
        let headers = self.headers();
        let parse = self.args.parses().then(|| parse_functions(ident, generics));
        quote! {
            #endpoint
            #headers

            #[automatically_derived]
            impl #impl_generics __telemetry::TelemetryApp for #ident #ty_generics #where_clause {
                const APP: __telemetry::App = #app;
            }

            #parse
        }
    }

    fn app(&self) -> TokenStream {
        let (name, bin) = (&self.app, &self.bin);
        let version = match (self.args.version.get(), &self.version) {
            (Some(version), _) | (None, Some(version)) => version.to_token_stream(),
            (None, None) => quote!(::core::env!("CARGO_PKG_VERSION")),
        };
        let variables = variables(&self.env);
        let declared = self.declared();
        quote! {{
            // Cargo builds anew when one of these names changes.
            let _ = (::core::env!("CARGO_PKG_NAME"), ::core::option_env!("CARGO_BIN_NAME"));
            let mut __app = __telemetry::App::new(#name, #version, #variables);
            __app.bin = #bin;
            #declared
            __app
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
        let endpoint = args.endpoint.get().map(|_| quote!(__app.endpoint = ::core::option::Option::Some(__ENDPOINT);));
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
        quote!(#endpoint #protocol #consent #interval #otel_env #abandoned #headers #errors #(#texts)*)
    }

    /// The endpoint as a constant of its own, so that the compiler checks it whatever it is written as, and a wrong
    /// expression is reported once.
    fn endpoint(&self) -> Option<TokenStream> {
        let endpoint = self.args.endpoint.get()?;
        let check = quote_spanned!(at(endpoint.span())=> __telemetry::check_endpoint(__ENDPOINT));
        Some(quote! {
            const __ENDPOINT: &'static ::core::primitive::str = #endpoint;
            const _: () = #check;
        })
    }

    /// The headers, in the same way.
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

/// The version that clap's `version = ..` declares on the root, if the compiler can evaluate it.
///
/// clap also accepts what exists only at run time. Whether any other expression is one cannot be seen.
fn clap_version(input: &DeriveInput) -> Option<Text> {
    const CONSTANT: &[&str] = &["concat", "crate_version", "env", "include_str", "stringify"];
    let version = ClapAttrs::read(&input.attrs).ok()?.version?;
    match as_literal(&version) {
        Some(Lit::Str(literal)) => Some(Text::Literal(literal.clone())),
        Some(_) => None,
        None => {
            let Expr::Macro(call) = &version else { return None };
            let name = &call.mac.path.segments.last()?.ident;
            CONSTANT.iter().any(|constant| name == constant).then_some(Text::Const(version))
        }
    }
}

/// The prefix of the environment variables of an app that does not name it.
fn variable_prefix(app: &str) -> String {
    let prefix = app.to_shouty_snake_case();
    // The name of a variable cannot begin with a digit.
    if prefix.starts_with(|c: char| c.is_ascii_digit()) { format!("_{prefix}") } else { prefix }
}

pub(crate) fn variables(prefix: &str) -> TokenStream {
    let fields = ["enabled", "endpoint", "dry_run", "debug", "dir"].map(|field| {
        let (ident, name) = (format_ident!("{field}"), format!("{prefix}_TELEMETRY_{}", field.to_ascii_uppercase()));
        quote!(#ident: #name)
    });
    quote!(__telemetry::Variables { #(#fields),* })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Features;
    use crate::cli::args::helper_attribute;
    use syn::parse_quote;

    fn versions_of(input: DeriveInput) -> String {
        clap_version(&input).map(|version| version.to_token_stream().to_string()).unwrap_or_default()
    }

    #[test]
    fn only_a_constant_version_is_taken_from_clap() {
        assert_eq!(
            versions_of(parse_quote!(
                #[command(version = "1.2")]
                struct Cli {}
            )),
            "\"1.2\""
        );
        assert_eq!(
            versions_of(parse_quote!(
                #[clap(version("1.2"))]
                struct Cli {}
            )),
            "\"1.2\""
        );
        let constant = versions_of(parse_quote!(
            #[command(version = concat!("v", "1"))]
            struct Cli {}
        ));
        assert!(constant.contains("concat !"), "{constant}");
        for input in [
            parse_quote!(
                #[command(version)]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = VERSION)]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = version())]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = format!("{}", 1))]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = 1)]
                struct Cli {}
            ),
        ] {
            assert_eq!(versions_of(input), "");
        }
    }

    #[test]
    fn the_app_is_named_by_its_key_its_binary_or_its_package() {
        let name = |args: TokenStream, bin: Option<&str>| {
            let cx = Ctxt::new();
            let helper = helper_attribute(true, &args);
            let input: DeriveInput = parse_quote!(#helper struct Cli {});
            let args = CliArgs::read(&cx, Features { http: false, otlp: false }, &input.attrs);
            let build = Build { package: Some("app-cli".to_owned()), bin: bin.map(str::to_owned) };
            let root = Root::read(&cx, &args, build, &input);
            cx.check().map(|()| (root.app, root.bin, root.env)).map_err(|errors| errors.to_string())
        };
        let names = |app: &str, bin: &str, env: &str| Ok((app.to_owned(), bin.to_owned(), env.to_owned()));
        assert_eq!(name(quote!(), None), names("app-cli", "app-cli", "APP_CLI"));
        assert_eq!(name(quote!(), Some("app")), names("app", "app", "APP"));
        assert_eq!(name(quote!(bin = "app"), None), names("app", "app", "APP"));
        assert_eq!(name(quote!(bin = "x"), Some("app")), names("x", "x", "X"));
        assert_eq!(name(quote!(app = "my-app"), Some("app")), names("my-app", "app", "MY_APP"));
        assert!(name(quote!(), Some("an app")).unwrap_err().contains("the binary's name, `an app`"));
        assert_eq!(name(quote!(app = "app"), Some("an app")), names("app", "an app", "APP"));
    }

    #[test]
    fn prefixes_are_names_of_variables() {
        for (app, prefix) in
            [("toolkit", "TOOLKIT"), ("my-cool.app", "MY_COOL_APP"), ("7zip", "_7ZIP"), ("nat2", "NAT2")]
        {
            assert_eq!(variable_prefix(app), prefix);
            assert!(rules::variable_prefix(prefix).is_ok());
        }
    }
}
