//! The keys of `#[fact(..)]` and `#[phase(..)]`.

use syn::parse::ParseStream;
use syn::{Attribute, LitStr, Meta, Path};

use crate::cli::Buckets;
use crate::ctxt::Ctxt;
use crate::keys::value::{literal, module_path};
use crate::keys::{EntryStatus, Slot, read_entries, rules};

#[derive(Clone, Copy)]
pub(crate) enum Derive {
    Fact,
    Phase,
}

/// The item that carries the attribute. It decides which keys are allowed.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Enum,
    Struct,
    Variant,
}

/// The keys of one item.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Slot<LitStr>,
    pub(crate) buckets: Slot<Buckets>,
    pub(crate) krate: Slot<Path>,
}

impl Args {
    pub(crate) fn read(cx: &Ctxt, derive: Derive, place: Place, attrs: &[Attribute]) -> Self {
        let attribute = match derive {
            Derive::Fact => "fact",
            Derive::Phase => "phase",
        };
        let expected = match (derive, place) {
            (Derive::Fact, Place::Enum) => "one of `name`, `crate`",
            (Derive::Phase, Place::Enum) => "`crate = path`; `name` is allowed on its variants",
            (_, Place::Struct) => "one of `buckets`, `name`, `crate`",
            (_, Place::Variant) => "`name = \"..\"`",
        };
        let mut args = Args::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident(attribute)) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    let read = attr.parse_args_with(|input: ParseStream<'_>| {
                        args.read_entries(cx, derive, place, expected, input)
                    });
                    if let Err(error) = read {
                        cx.syn_error(error);
                    }
                }
                _ => cx.error(attr, format_args!("expected `#[{attribute}(..)]` with {expected}")),
            }
        }
        args
    }

    fn read_entries(
        &mut self,
        cx: &Ctxt,
        derive: Derive,
        place: Place,
        expected: &str,
        input: ParseStream<'_>,
    ) -> syn::Result<()> {
        read_entries(cx, input, expected, |key, input| match (key.to_string().as_str(), derive, place) {
            ("name", Derive::Fact, _) | ("name", Derive::Phase, Place::Variant) => {
                self.name.fill(cx, key, literal(key, input, rules::class_name))
            }
            ("buckets", Derive::Fact, Place::Struct) => self.buckets.fill(cx, key, Buckets::read(key, input)),
            ("crate", _, Place::Enum | Place::Struct) => self.krate.fill(cx, key, module_path(key, input)),
            _ => EntryStatus::UnknownKey,
        })
    }
}
