//! `#[telemetry_cli]` itself. It leaves the work to a hidden derive, because only a derive sees `cfg` and `cfg_attr` applied.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token, Visibility};

use crate::cli::args::{self, Kind};

/// An item of which only the attributes are parsed. rustc reports half-typed code inside it.
struct Item {
    attrs: Vec<Attribute>,
    rest: TokenStream,
}

pub(crate) fn expand(args: &TokenStream, item: &TokenStream) -> TokenStream {
    let Ok(Item { mut attrs, rest }) = read_item.parse2(item.clone()) else { return item.clone() };
    if let Err(error) = check_kind.parse2(rest.clone()) {
        let error = error.to_compile_error();
        return quote!(#error #item);
    }
    let again =
        attrs.iter().position(|attr| attr.path().segments.last().is_some_and(|last| last.ident == "telemetry_cli"));
    let again = again.map(|again| {
        let again = attrs.remove(again);
        syn::Error::new_spanned(again, "`#[telemetry_cli]` is specified twice").to_compile_error()
    });
    let helper = args::helper_attribute(kind(&attrs), args);
    let krate = args::crate_path(args);
    quote! {
        #again
        #[derive(#krate::__private::CommandTreeDerive)]
        #helper
        #(#attrs)*
        #rest
    }
}

fn read_item(input: ParseStream<'_>) -> syn::Result<Item> {
    Ok(Item { attrs: input.call(Attribute::parse_outer)?, rest: input.parse()? })
}

fn check_kind(input: ParseStream<'_>) -> syn::Result<()> {
    input.parse::<Visibility>()?;
    // clap reports a union itself.
    let accepted =
        input.peek(Token![enum]) || input.peek(Token![struct]) || input.fork().parse::<syn::ItemUnion>().is_ok();
    if !accepted {
        return Err(input.error(
            "`#[telemetry_cli]` can be applied only to an enum or struct that derives clap's `Parser`, `Subcommand`, `Args` or `ValueEnum`",
        ));
    }
    input.parse::<TokenStream>()?;
    Ok(())
}

/// What the derives below this attribute say about the item. Those above it are already expanded and gone.
fn kind(attrs: &[Attribute]) -> Kind {
    let derives = |name: &str| {
        attrs.iter().filter(|attr| attr.path().is_ident("derive")).any(|attr| {
            let paths = attr.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).unwrap_or_default();
            paths.iter().any(|path| path.segments.last().is_some_and(|last| last.ident == name))
        })
    };
    if derives("Parser") {
        Kind::Parser
    } else if derives("ValueEnum") {
        Kind::ValueEnum
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(args: TokenStream, item: TokenStream) -> String {
        expand(&args, &item).to_string()
    }

    #[test]
    fn the_item_keeps_all_that_it_has() {
        let item = quote! {
            /// Docs
            #[derive(Debug, clap::Parser)]
            #[command(version)]
            pub(crate) struct Cli { #[cfg(unix)] a: u8 }
        };
        let args = quote!(app = "x", crate = my::rt);
        assert_eq!(
            expanded(args, item.clone()),
            quote! {
                #[derive(my::rt::__private::CommandTreeDerive)]
                #[telemetry(__telemetry_cli(parser), app = "x", crate = my::rt)]
                #item
            }
            .to_string()
        );
    }

    #[test]
    fn other_items_are_refused_and_kept() {
        for item in [
            quote!(
                fn main() {}
            ),
            quote!(
                pub mod x {}
            ),
            quote!(impl X {}),
            quote!(
                type X = Y;
            ),
        ] {
            let expanded = expanded(quote!(), item.clone());
            assert!(expanded.contains("compile_error") && expanded.ends_with(&item.to_string()));
        }
    }

    #[test]
    fn a_second_attribute_is_dropped() {
        let expanded = expanded(
            quote!(),
            quote!(
                #[telemetry_runtime::telemetry_cli]
                enum X {}
            ),
        );
        assert!(expanded.contains("specified twice") && !expanded.contains("runtime :: telemetry_cli]"));
    }
}
