//! `#[derive(Fact)]` and `#[derive(Phase)]`: closed sets of names that an author declares.

mod args;
mod expand;

use proc_macro2::{Ident, TokenStream};
use syn::{Data, DataEnum, DeriveInput, Fields};

use crate::cli::{Buckets, Casing};
use crate::ctxt::Ctxt;
use crate::generated::default_crate;

use self::args::{Args, Derive, Place};

/// The values of a fact.
enum Values<'a> {
    /// Those of an enum: variants and their names.
    Names(Vec<Named<'a>>),
    /// Those of a struct around a number.
    Buckets(&'a Buckets),
}

/// A variant and its name.
struct Named<'a>(&'a Ident, String);

pub(crate) fn derive_fact(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let place = if matches!(input.data, Data::Struct(_)) { Place::Struct } else { Place::Enum };
    let args = Args::read(&cx, Derive::Fact, place, &input.attrs);
    let krate = args.krate.get().cloned().unwrap_or_else(default_crate);
    let name = args.name_or(&input.ident);
    let values = values(&cx, input, &args);
    match (cx.check(), values) {
        (Ok(()), Some(values)) => expand::fact(input, &krate, &name, &values),
        (Ok(()), None) => TokenStream::new(),
        (Err(errors), _) => expand::fact_fallback(input, &krate, &name, &errors),
    }
}

pub(crate) fn derive_phase(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let args = Args::read(&cx, Derive::Phase, Place::Enum, &input.attrs);
    let krate = args.krate.get().cloned().unwrap_or_else(default_crate);
    let names = match &input.data {
        Data::Enum(data) => names(&cx, Derive::Phase, data),
        _ => {
            cx.error(&input.ident, "`#[derive(Phase)]` supports only enums: each variant is a phase");
            Vec::new()
        }
    };
    match cx.check() {
        Ok(()) => expand::phase(input, &krate, &names),
        Err(errors) => expand::phase_fallback(input, &krate, &errors),
    }
}

/// `None` if something is wrong; the context then knows.
fn values<'a>(cx: &Ctxt, input: &'a DeriveInput, args: &'a Args) -> Option<Values<'a>> {
    match &input.data {
        Data::Enum(data) => Some(Values::Names(names(cx, Derive::Fact, data))),
        Data::Struct(data) => {
            if !matches!(&data.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
                cx.error(
                    &input.ident,
                    "a fact is an enum without fields, or a struct around one number: `struct Files(u64)`",
                );
                return None;
            }
            if args.buckets.key().is_none() {
                let missing = "of a number only the range is recorded: add `#[fact(buckets(1, 10, 100))]`";
                cx.error(&input.ident, missing);
            }
            args.buckets.get().map(Values::Buckets)
        }
        Data::Union(data) => {
            cx.error(data.union_token, "`#[derive(Fact)]` supports only enums and structs");
            None
        }
    }
}

fn names<'a>(cx: &Ctxt, derive: Derive, data: &'a DataEnum) -> Vec<Named<'a>> {
    let mut names: Vec<Named<'a>> = Vec::new();
    for variant in &data.variants {
        let args = Args::read(cx, derive, Place::Variant, &variant.attrs);
        if !matches!(variant.fields, Fields::Unit) {
            cx.error(&variant.fields, "only variants without fields: what is recorded is the name alone");
        }
        let name = args.name_or(&variant.ident);
        if let Some(Named(first, _)) = names.iter().find(|Named(_, other)| *other == name) {
            let mut error = syn::Error::new_spanned(&variant.ident, format_args!("two variants are named `{name}`"));
            error.combine(syn::Error::new_spanned(first, "the first one is here"));
            cx.syn_error(error);
        }
        names.push(Named(&variant.ident, name));
    }
    names
}

impl Args {
    fn name_or(&self, ident: &Ident) -> String {
        self.name.get().map_or_else(|| Casing::Kebab.apply(ident), syn::LitStr::value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{known_key, labels};
    use quote::quote;

    fn fact(input: TokenStream) -> String {
        derive_fact(&syn::parse2(input).unwrap()).to_string()
    }

    fn phase(input: TokenStream) -> String {
        derive_phase(&syn::parse2(input).unwrap()).to_string()
    }

    #[test]
    fn names_are_in_kebab_case() {
        let derived = fact(quote!(
            enum CacheState {
                FullHit,
                #[fact(name = "cold")]
                Miss,
            }
        ));
        for part in [known_key("cache-state"), labels(&["full-hit", "cold"]), quote!(Self::Miss => 1)] {
            assert!(derived.contains(&part.to_string()), "{part} in {derived}");
        }
        let derived = phase(quote!(
            enum Step {
                Resolve,
                LinkTime,
            }
        ));
        assert!(derived.contains(&labels(&["resolve", "link-time"]).to_string()), "{derived}");
    }

    #[test]
    fn a_number_has_ranges() {
        let derived = fact(quote!(
            #[fact(name = "files", buckets(1, 10))]
            struct FilesScanned(u64);
        ));
        let bounds = quote!(__telemetry::range_of(__telemetry::Countable::count(self.0), &[1, 10]));
        for part in [labels(&["0", "1-9", "10+"]), bounds, known_key("files")] {
            assert!(derived.contains(&part.to_string()), "{part} in {derived}");
        }
    }

    #[test]
    fn every_mistake_is_found() {
        for (input, message) in [
            (
                quote!(
                    struct A(u64);
                ),
                "only the range is recorded",
            ),
            (
                quote!(
                    struct A {
                        a: u64,
                    }
                ),
                "a struct around one number",
            ),
            (quote!(union A { a: u64 }), "only enums and structs"),
            (
                quote!(
                    enum A {
                        B(u8),
                    }
                ),
                "without fields",
            ),
            (
                quote!(
                    enum A {
                        B,
                        #[fact(name = "b")]
                        C,
                    }
                ),
                "two variants are named `b`",
            ),
            (
                quote!(
                    #[fact(buckets(1))]
                    enum A {
                        B,
                    }
                ),
                "unknown key `buckets`",
            ),
            (
                quote!(
                    #[fact(name = "two words")]
                    enum A {
                        B,
                    }
                ),
                "must be a word",
            ),
            (
                quote!(
                    #[fact]
                    enum A {
                        B,
                    }
                ),
                "expected `#[fact(..)]`",
            ),
        ] {
            let derived = fact(input);
            assert!(derived.contains(message) && derived.contains("impl"), "{message}: {derived}");
        }
        for (input, message) in [
            (
                quote!(
                    struct A(u64);
                ),
                "only enums",
            ),
            (
                quote!(
                    enum A {
                        #[phase(colour)]
                        B,
                    }
                ),
                "unknown key `colour`",
            ),
        ] {
            let derived = phase(input);
            assert!(derived.contains(message) && derived.contains("impl"), "{message}: {derived}");
        }
    }
}
