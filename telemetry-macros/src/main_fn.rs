//! `#[telemetry_main]`: moves `fn main` into a main that records how it ends.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, Path, ReturnType, Safety, Signature, Token, Type, Visibility, parse_quote, token};

use crate::args::{Outcome, Slot, default_crate, skip_entry};
use crate::ctxt::Ctxt;
use crate::expand::at;
use crate::value::{assigned, module_path, types};

const KEYS: &str = "the type of the CLI, `errors(..)` or `crate = path`";
const WRONG_ITEM: &str = "`#[telemetry_main]` goes on `fn main`";

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
        (Ok(()), Some(cli)) if !main.is_refused_by_rustc() => main.expand(&args, cli),
        (Ok(()), _) => main.around_inner(&main.refused_signature(), &TokenStream::new()),
    }
}

/// Where an item that is no function says what it is.
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

/// All that stands in the parentheses of `#[telemetry_main(..)]`.
#[derive(Default)]
struct MainArgs {
    cli: Option<Type>,
    errors: Slot<Vec<Type>>,
    krate: Slot<Path>,
    /// Something in the parentheses is wrong, and may have been meant to be the CLI.
    is_wrong: bool,
}

impl MainArgs {
    fn read(cx: &Ctxt, args: TokenStream) -> Self {
        let mut main = MainArgs::default();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match main.entry(cx, input) {
                    Ok(Outcome::Read) if !input.is_empty() && !input.peek(Token![,]) => {
                        cx.syn_error(input.error("expected `,`"));
                    }
                    Ok(outcome) => main.is_wrong |= outcome != Outcome::Read,
                    Err(error) => {
                        main.is_wrong = true;
                        cx.syn_error(error);
                    }
                }
                skip_entry(input)?;
            }
            Ok(())
        };
        if let Err(error) = read.parse2(args) {
            cx.syn_error(error);
        }
        main
    }

    fn entry(&mut self, cx: &Ctxt, input: ParseStream<'_>) -> syn::Result<Outcome> {
        let is_key = input.peek(Ident::peek_any) && (input.peek2(Token![=]) || input.peek2(token::Paren));
        if is_key {
            let key = input.call(Ident::parse_any)?;
            return match key.to_string().as_str() {
                "errors" => Ok(self.errors.fill(cx, &key, types(&key, input))),
                "crate" => Ok(self.krate.fill(cx, &key, assigned(&key, input, "a path", module_path))),
                _ => Err(syn::Error::new_spanned(&key, format_args!("unknown key `{key}`; expected {KEYS}"))),
            };
        }
        let start = input.span();
        let cli = input.parse().map_err(|_| syn::Error::new(start, format_args!("expected {KEYS}")))?;
        match &self.cli {
            None => self.cli = Some(cli),
            Some(_) => {
                return Err(syn::Error::new_spanned(
                    cli,
                    "a program has one CLI; the errors of main go into `errors(..)`",
                ));
            }
        }
        Ok(Outcome::Read)
    }

    fn crate_path(&self) -> Path {
        self.krate.get().cloned().unwrap_or_else(default_crate)
    }
}

/// A function whose body is not looked at, so that one that is half typed is no mistake of ours.
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
    /// Which CLI this is the main of, by its parameter or by the attribute.
    fn cli<'a>(&'a self, cx: &Ctxt, args: &'a MainArgs) -> Option<&'a Type> {
        let mut inputs = self.sig.inputs.iter();
        let (first, second) = (inputs.next(), inputs.next());
        if let Some(second) = second {
            cx.error(second, "main takes one parameter: the parsed command line");
        }
        match (first, &args.cli) {
            (Some(FnArg::Typed(parameter)), None) => Some(&parameter.ty),
            (Some(FnArg::Typed(parameter)), Some(cli)) => {
                let mut error = syn::Error::new_spanned(
                    cli,
                    "the CLI is given twice; a main with a parameter takes its type from there",
                );
                error.combine(syn::Error::new_spanned(parameter, "first one here"));
                cx.syn_error(error);
                None
            }
            // Outside of an impl; rustc says so.
            (Some(FnArg::Receiver(_)), _) => None,
            (None, Some(cli)) => Some(cli),
            (None, None) if args.is_wrong => None,
            (None, None) => {
                let message = "say which CLI this is the main of: `fn main(cli: Cli)`, which parses for you, or `#[telemetry_main(Cli)]`";
                cx.error(&self.sig.ident, message);
                None
            }
        }
    }

    /// A signature that no main may have. Left as it is, it gets rustc's own message.
    fn is_refused_by_rustc(&self) -> bool {
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
        // Where main returns what it cannot, the error is about its return type.
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

    /// A body that spans the author's, so that what concerns the whole function is shown at it.
    fn in_braces(&self, body: TokenStream) -> Group {
        let mut group = Group::new(Delimiter::Brace, body);
        group.set_span(self.body.span());
        group
    }

    /// The function as the author wrote it, with the attributes that make it what it is (`#[tokio::main]`, lints).
    fn inner(&self) -> TokenStream {
        let attrs = self.attrs.iter().filter(|attr| !attr.path().is_ident("doc"));
        let sig = Signature { ident: self.inner_ident(), ..self.sig.clone() };
        let body = &self.body;
        quote!(#(#attrs)* #sig #body)
    }

    /// Attributes such as `#[async_std::main]` insist on the name `main`; `#[tokio::main]` refuses parameters under that name.
    fn inner_ident(&self) -> Ident {
        if self.sig.inputs.is_empty() {
            self.sig.ident.clone()
        } else {
            Ident::new("__telemetry_main", self.sig.ident.span())
        }
    }

    /// A main without parameters that contains the author's, so that its body is checked and no other error follows.
    fn around_inner(&self, sig: &Signature, errors: &TokenStream) -> TokenStream {
        let vis = &self.vis;
        let inner = self.inner();
        let body = self.in_braces(quote! {
            #[allow(dead_code)]
            #inner
        });
        quote!(#errors #vis #sig #body)
    }

    /// What rustc does not like about the signature, and nothing else.
    fn refused_signature(&self) -> Signature {
        Signature { inputs: Punctuated::new(), output: ReturnType::Default, ..self.sig.clone() }
    }

    fn plain_signature(&self) -> Signature {
        let (ident, fn_token) = (&self.sig.ident, &self.sig.fn_token);
        parse_quote!(#fn_token #ident())
    }
}

/// Uses the trait `Parser` if the program imports it, which may be for `Cli::parse()` alone: that has become a call of an
/// inherent function, and the import would be told to be unused.
fn use_parser(krate: &Path) -> TokenStream {
    quote! {
        #[allow(dead_code, unused_qualifications, clippy::boxed_local)]
        const _: () = {
            use #krate::__private::ParserNotImported as _;
            fn __use_parser(mut __probe: ::std::boxed::Box<#krate::__private::ImportProbe>) {
                let _ = __probe.try_update_from([""; 0]);
            }
        };
    }
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
    fn what_rustc_refuses_is_left_to_it() {
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
            ("", "fn main() {}", "say which CLI"),
            ("Cli", "fn main(cli: Cli) {}", "given twice"),
            ("A, B", "fn main() {}", "one CLI"),
            ("", "fn main(a: A, b: B) {}", "one parameter"),
            ("colour = 1", "fn main(a: A) {}", "unknown key `colour`"),
            ("error(E)", "fn main(a: A) {}", "unknown key `error`"),
            ("errors = E", "fn main(a: A) {}", "list of types"),
            ("errors(1)", "fn main(a: A) {}", "list of types"),
            ("1", "fn main(a: A) {}", "expected the type"),
            ("Cli Cli", "fn main() {}", "expected `,`"),
            ("", "fn start(a: A) {}", "goes on `fn main`"),
            ("", "struct main;", "goes on `fn main`"),
        ] {
            let expanded = expanded(args.parse().unwrap(), item.parse().unwrap());
            assert!(expanded.contains("compile_error") && expanded.contains(message), "{message}: {expanded}");
        }
    }
}
