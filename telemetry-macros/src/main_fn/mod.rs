//! `#[telemetry_main]`: wraps the author's `fn main` in one that records how it ends.

mod args;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Path, ReturnType, Safety, Signature, Type, Visibility, parse_quote};

use crate::ctxt::Ctxt;
use crate::generated::{at, in_const};

use self::args::MainArgs;

const WRONG_ITEM: &str = "`#[telemetry_main]` can be applied only to `fn main`";

/// Attributes that leave an `async fn main` as it is.
const INERT: &[&str] =
    &["allow", "cold", "deny", "deprecated", "doc", "expect", "forbid", "inline", "must_use", "warn"];

pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let cx = Ctxt::new();
    let args = MainArgs::read(&cx, args);
    let main = match read_main.parse2(item.clone()) {
        Ok(main) if main.sig.ident == "main" => main,
        other => {
            let span = other.map_or_else(|_| first_word(item), |main| main.sig.ident.span());
            cx.syn_error(syn::Error::new(span, WRONG_ITEM));
            let errors = cx.check().err();
            return quote!(#errors #item);
        }
    };
    let cli = main.cli(&cx, &args);
    match (cx.check(), cli) {
        (Err(errors), _) => main.around_inner(&main.plain_signature(), &errors),
        (Ok(()), Some(cli)) if !main.is_rejected_by_rustc() => main.expand(&args, cli),
        (Ok(()), _) => main.around_inner(&main.rejected_signature(), &TokenStream::new()),
    }
}

/// The keyword of an item that is not a function.
fn first_word(item: &TokenStream) -> Span {
    let read = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let span = input.span();
        input.parse::<TokenStream>()?;
        Ok(span)
    };
    read.parse2(item.clone()).unwrap_or_else(|error| error.span())
}

/// A function. Its body is not parsed: rustc reports half-typed code in it.
struct MainFn {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    body: TokenTree,
}

fn read_main(input: ParseStream<'_>) -> syn::Result<MainFn> {
    let main = MainFn {
        attrs: input.call(Attribute::parse_outer)?,
        vis: input.parse()?,
        sig: input.parse()?,
        body: input.parse()?,
    };
    match &main.body {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace && input.is_empty() => Ok(main),
        _ => Err(input.error(WRONG_ITEM)),
    }
}

impl MainFn {
    /// The type of the CLI, from the parameter or the attribute.
    fn cli<'a>(&'a self, cx: &Ctxt, args: &'a MainArgs) -> Option<&'a Type> {
        let mut inputs = self.sig.inputs.iter();
        let (first, second) = (inputs.next(), inputs.next());
        if let Some(second) = second {
            cx.error(second, "`main` can take only one parameter: the parsed command line");
        }
        match (first, &args.cli) {
            (Some(FnArg::Typed(parameter)), None) => Some(&parameter.ty),
            (Some(FnArg::Typed(parameter)), Some(cli)) => {
                let mut error = syn::Error::new_spanned(
                    cli,
                    "the CLI is specified twice: the parameter of `main` already names it",
                );
                error.combine(syn::Error::new_spanned(parameter, "first specified here"));
                cx.syn_error(error);
                None
            }
            // rustc reports it, since this is not in an impl.
            (Some(FnArg::Receiver(_)), _) => None,
            (None, Some(cli)) => Some(cli),
            (None, None) if args.is_wrong => None,
            (None, None) => {
                let message = "cannot tell which CLI this is: take it as a parameter, `fn main(cli: Cli)`, which parses it, or name its type, `#[telemetry_main(Cli)]`";
                cx.error(&self.sig.ident, message);
                None
            }
        }
    }

    /// Whether the signature is not allowed for `main`. It is then left as it is, for rustc to report.
    fn is_rejected_by_rustc(&self) -> bool {
        let sig = &self.sig;
        let executed = self.attrs.iter().any(|attr| !INERT.iter().any(|inert| attr.path().is_ident(inert)));
        let is_async = sig.asyncness.is_some() && !executed;
        let is_generic = !sig.generics.params.is_empty() || sig.generics.where_clause.is_some();
        let is_safe = matches!(sig.safety, Safety::Default);
        is_async || is_generic || !is_safe || sig.abi.is_some() || sig.variadic.is_some()
    }

    fn expand(&self, args: &MainArgs, cli: &Type) -> TokenStream {
        let MainFn { vis, sig, .. } = self;
        let (ident, fn_token) = (&sig.ident, &sig.fn_token);
        let inner = self.inner();
        let inner_ident = self.inner_ident();
        let krate = args.crate_path();
        let run = if sig.inputs.is_empty() { format_ident!("run_unparsed") } else { format_ident!("run") };
        let errors = args.errors.get().map(Vec::as_slice).unwrap_or_default();
        // So that rustc reports a return type that `main` cannot have where it is written.
        let returned = match &sig.output {
            ReturnType::Default => Span::call_site(),
            ReturnType::Type(_, ty) => at(ty.span()),
        };
        let returned = quote_spanned!(returned=> _);
        let docs = self.attrs.iter().filter(|attr| attr.path().is_ident("doc"));
        let import = sig.inputs.is_empty().then(|| use_parser(&krate));
        let body = self.in_braces(quote! {
            #inner
            #import
            #krate::__private::#run::<#cli, #returned>(
                #inner_ident,
                |__result| #krate::__private::error_class_of!(__result; #(#errors),*),
                |__returned| #krate::__private::errors_of_main!(__returned; #(#errors),*)
            )
        });
        quote! {
            #(#docs)*
            #vis #fn_token #ident() -> ::std::process::ExitCode #body
        }
    }

    /// A body with the span of the author's, where rustc shows errors about the whole function.
    fn in_braces(&self, body: TokenStream) -> Group {
        let mut group = Group::new(Delimiter::Brace, body);
        group.set_span(self.body.span());
        group
    }

    /// The function as the author wrote it, with its attributes (`#[tokio::main]`, lints).
    fn inner(&self) -> TokenStream {
        let attrs = self.attrs.iter().filter(|attr| !attr.path().is_ident("doc"));
        let sig = Signature { ident: self.inner_ident(), ..self.sig.clone() };
        let body = &self.body;
        quote!(#(#attrs)* #sig #body)
    }

    /// Attributes such as `#[async_std::main]` require the name `main`; `#[tokio::main]` rejects parameters under that name.
    fn inner_ident(&self) -> Ident {
        if self.sig.inputs.is_empty() {
            self.sig.ident.clone()
        } else {
            Ident::new("__telemetry_main", self.sig.ident.span())
        }
    }

    /// A main that only contains the author's: its body is checked, and causes no further errors.
    fn around_inner(&self, sig: &Signature, errors: &TokenStream) -> TokenStream {
        let vis = &self.vis;
        let inner = self.inner();
        let body = self.in_braces(quote! {
            #[allow(dead_code)]
            #inner
        });
        quote!(#errors #vis #sig #body)
    }

    /// The part of the signature that rustc rejects.
    fn rejected_signature(&self) -> Signature {
        Signature { inputs: Punctuated::new(), output: ReturnType::Default, ..self.sig.clone() }
    }

    fn plain_signature(&self) -> Signature {
        let (ident, fn_token) = (&self.sig.ident, &self.sig.fn_token);
        parse_quote!(#fn_token #ident())
    }
}

/// Uses the trait `Parser` if the module imports it. `Cli::parse()` now calls an inherent function, so an import only for that
/// call would be reported as unused.
fn use_parser(krate: &Path) -> TokenStream {
    in_const(&quote! {
        fn __use_parser(__probe: &mut #krate::__private::ImportProbe) {
            let _ = __probe.try_update_from([""; 0]);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(args: TokenStream, item: TokenStream) -> String {
        expand(args, &item).to_string()
    }

    #[test]
    fn a_parameter_is_parsed() {
        let expanded = expanded(
            quote!(errors(MyError, other::Error)),
            quote! {
                /// Docs
                #[tokio::main(flavor = "current_thread")]
                async fn main(Cli { verbose, .. }: cli::Cli) -> Result<(), E> { half typed }
            },
        );
        assert_eq!(
            expanded,
            quote! {
                /// Docs
                fn main() -> ::std::process::ExitCode {
                    #[tokio::main(flavor = "current_thread")]
                    async fn __telemetry_main(Cli { verbose, .. }: cli::Cli) -> Result<(), E> { half typed }
                    ::telemetry_runtime::__private::run::<cli::Cli, _>(
                        __telemetry_main,
                        |__result| ::telemetry_runtime::__private::error_class_of!(__result; MyError, other::Error),
                        |__returned| ::telemetry_runtime::__private::errors_of_main!(__returned; MyError, other::Error)
                    )
                }
            }
            .to_string()
        );
    }

    #[test]
    fn without_parameter_main_parses_by_itself() {
        let expanded = expanded(
            quote!(crate::Cli, crate = rt,),
            quote!(
                pub fn main() {}
            ),
        );
        let import = use_parser(&parse_quote!(rt));
        assert_eq!(
            expanded,
            quote! {
                pub fn main() -> ::std::process::ExitCode {
                    fn main() {}
                    #import
                    rt::__private::run_unparsed::<crate::Cli, _>(
                        main,
                        |__result| rt::__private::error_class_of!(__result;),
                        |__returned| rt::__private::errors_of_main!(__returned;)
                    )
                }
            }
            .to_string()
        );
    }

    #[test]
    fn what_rustc_rejects_is_left_to_it() {
        for item in [
            "async fn main(cli: Cli) {}",
            "#[allow(x)] async fn main(cli: Cli) {}",
            "fn main<T>(cli: Cli) {}",
            "unsafe fn main(cli: Cli) {}",
            "extern \"C\" fn main(cli: Cli) {}",
        ] {
            let expanded = expanded(quote!(), item.parse().unwrap());
            assert!(!expanded.contains("run") && expanded.contains("__telemetry_main"), "{expanded}");
        }
    }

    #[test]
    fn mistakes() {
        for (args, item, message) in [
            ("", "fn main() {}", "cannot tell which CLI"),
            ("Cli", "fn main(cli: Cli) {}", "specified twice"),
            ("A, B", "fn main() {}", "only one CLI"),
            ("", "fn main(a: A, b: B) {}", "only one parameter"),
            ("colour = 1", "fn main(a: A) {}", "unknown key `colour`"),
            ("error(E)", "fn main(a: A) {}", "unknown key `error`"),
            ("errors = E", "fn main(a: A) {}", "list of types"),
            ("errors(1)", "fn main(a: A) {}", "list of types"),
            ("1", "fn main(a: A) {}", "expected the type"),
            ("Cli Cli", "fn main() {}", "expected `,`"),
            ("", "fn start(a: A) {}", "only to `fn main`"),
            ("", "struct main;", "only to `fn main`"),
        ] {
            let expanded = expanded(args.parse().unwrap(), item.parse().unwrap());
            assert!(expanded.contains("compile_error") && expanded.contains(message), "{message}: {expanded}");
        }
    }
}
