//! `#[telemetry_cli]` on an enum that derives clap's `ValueEnum`: its values are a closed set of names.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Data, DeriveInput};

use crate::cli::args::CliArgs;
use crate::cli::clap_attr::ClapAttrs;
use crate::cli::member::MemberArgs;
use crate::cli::model;
use crate::cli::names;
use crate::cli::names::Name;
use crate::ctxt::Ctxt;
use crate::generated::in_const;

pub(crate) fn derive(cx: Ctxt, args: &CliArgs, input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let krate = args.crate_path();
    let values = values(&cx, input);
    let known = values.iter().filter_map(|(_, name)| match name {
        Name::Known(name, span) => Some((name.as_str(), *span)),
        Name::Const(_) => None,
    });
    names::check_siblings(&cx, "values", known);
    let (errors, values) = match cx.check() {
        Ok(()) => (TokenStream::new(), values),
        // The impl is there all the same: without it, there would only be more errors.
        Err(errors) => (errors, Vec::new()),
    };
    let labels = labels(&values);
    let arms = values.iter().enumerate().map(|(position, (ident, _))| {
        let position = Literal::usize_unsuffixed(position);
        quote!(Self::#ident { .. } => ::core::option::Option::Some(#position),)
    });
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let items = in_const(&quote! {
        use #krate::__private as __telemetry;

        #[automatically_derived]
        impl #impl_generics __telemetry::ClosedSet for #ident #ty_generics #where_clause {
            const NAMES: __telemetry::Labels = #labels;

            fn position(&self) -> ::core::option::Option<::core::primitive::usize> {
                match self {
                    #(#arms)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    });
    quote!(#errors #items)
}

fn labels(values: &[(&syn::Ident, Name)]) -> TokenStream {
    let known = values.iter().map(|(_, name)| match name {
        Name::Known(name, _) => Some(name),
        Name::Const(_) => None,
    });
    match known.collect::<Option<Vec<_>>>() {
        Some(known) => names::labels(&known),
        None => names::const_labels(&values.iter().map(|(_, name)| name).collect::<Vec<_>>()),
    }
}

/// The variants that clap does not skip, and their names.
fn values<'a>(cx: &Ctxt, input: &'a DeriveInput) -> Vec<(&'a syn::Ident, Name)> {
    let read = |attrs| {
        ClapAttrs::read_value(attrs).unwrap_or_else(|_| {
            cx.reported_elsewhere();
            ClapAttrs::default()
        })
    };
    let casing = read(&input.attrs).casing;
    let Data::Enum(data) = &input.data else {
        // clap accepts enums only.
        cx.reported_elsewhere();
        return Vec::new();
    };
    let value = |variant: &'a syn::Variant| {
        let ours = MemberArgs::read(cx, &variant.attrs);
        for key in ours.keys() {
            cx.error(key, format_args!("`{key}` is not allowed on a possible value"));
        }
        let clap = read(&variant.attrs);
        if clap.role.is_some() {
            return None;
        }
        Some((&variant.ident, model::name(cx, &variant.ident, clap.name, clap.casing.or(casing))))
    };
    data.variants.iter().filter_map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn expanded(input: &DeriveInput) -> String {
        derive(Ctxt::new(), &CliArgs::default(), input).to_string()
    }

    #[test]
    fn values_have_claps_names() {
        let derived = expanded(&parse_quote! {
            #[value(rename_all = "snake_case")]
            enum Format {
                JsonLines,
                #[value(name = "txt", alias = "text")]
                Text,
                #[value(skip)]
                Internal(u8),
                #[value(rename_all = "PascalCase")]
                OwnCase,
            }
        });
        let names = names::labels(&["json_lines", "txt", "OwnCase"]).to_string();
        assert!(derived.contains(&names), "{derived}");
        let arm = quote!(Self::OwnCase { .. } => ::core::option::Option::Some(2)).to_string();
        assert!(derived.contains(&arm) && !derived.contains("Internal"), "{derived}");
    }

    #[test]
    fn mistakes_are_reported_and_the_impl_is_there() {
        let input = parse_quote!(
            enum A {
                #[telemetry(skip)]
                B,
                #[value(name = "b")]
                C,
            }
        );
        let derived = expanded(&input);
        for part in ["not allowed on a possible value", "two values are named `b`", "impl __telemetry :: ClosedSet"] {
            assert!(derived.contains(part), "{part} in {derived}");
        }
    }
}
