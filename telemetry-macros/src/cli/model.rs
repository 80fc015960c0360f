//! The commands that a clap type describes, borrowed from its syntax tree.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{Data, DataEnum, DeriveInput, Expr, FieldsNamed, Lit, Type};

use crate::cli::casing::Casing;
use crate::cli::clap_attr::{ClapAttrs, RejectedByClap, Role};
use crate::cli::listed::Entry;
use crate::cli::member::{Marks, MemberArgs};
use crate::cli::names::{self, Name};
use crate::cli::options::{NOT_AN_ARGUMENT, RecordedField};
use crate::cli::record::Record;
use crate::ctxt::Ctxt;
use crate::keys::value::as_literal;

/// A type that holds subcommands.
pub(crate) enum Tree<'a> {
    Enum(Vec<Variant<'a>>),
    Struct(Fields<'a>),
    /// Its values hold none: its commands are listed in the key `commands`.
    Listed(&'a [Entry]),
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) shape: Shape<'a>,
    pub(crate) marks: Marks,
}

/// The named fields of a struct or variant.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) sources: Vec<Source<'a>>,
    /// Some fields that bring in commands are marked `opaque`.
    pub(crate) unlisted: bool,
    /// The arguments that are recorded.
    pub(crate) recorded: Vec<RecordedField<'a>>,
}

pub(crate) enum Shape<'a> {
    /// Not a command: clap skips the variant.
    Absent,
    /// Like `Flatten`, but marked `opaque`.
    Unlisted,
    Command {
        name: Name,
        below: Below<'a>,
    },
    /// The payload's commands replace the variant.
    Flatten(Source<'a>),
    External,
}

/// What a command holds: the commands below it, and the arguments that are recorded.
pub(crate) enum Below<'a> {
    /// Marked `opaque`: there may be commands, but they are not listed.
    Opaque(Vec<RecordedField<'a>>),
    Sources(Vec<Source<'a>>, Vec<RecordedField<'a>>),
}

/// A value whose type describes more commands.
pub(crate) struct Source<'a> {
    /// `None` for the payload of a newtype variant.
    pub(crate) field: Option<&'a Ident>,
    pub(crate) ty: &'a Type,
    /// clap's attributes say that the type describes commands. Without them it may or may not.
    pub(crate) certain: bool,
}

impl<'a> Tree<'a> {
    /// Reads the type. If clap rejects it, the context records that.
    pub(crate) fn read(cx: &Ctxt, input: &'a DeriveInput) -> Self {
        let attrs = clap_attrs(cx, &input.attrs);
        match &input.data {
            Data::Enum(data) => Tree::Enum(variants(cx, data, attrs.casing)),
            Data::Struct(data) => Tree::Struct(match &data.fields {
                syn::Fields::Named(named) => fields(cx, named, attrs.casing),
                syn::Fields::Unnamed(_) | syn::Fields::Unit => Fields::default(),
            }),
            Data::Union(_) => {
                cx.reported_elsewhere();
                Tree::Struct(Fields::default())
            }
        }
    }

    pub(crate) fn sources(&self) -> impl Iterator<Item = &Source<'a>> {
        let (variants, fields): (&[Variant<'a>], &[Source<'a>]) = match self {
            Tree::Enum(variants) => (variants, &[]),
            Tree::Struct(fields) => (&[], &fields.sources),
            Tree::Listed(_) => (&[], &[]),
        };
        let payloads = variants.iter().flat_map(|variant| match &variant.shape {
            Shape::Flatten(source) => std::slice::from_ref(source),
            Shape::Command { below: Below::Sources(sources, _), .. } => sources,
            Shape::Command { below: Below::Opaque(_), .. } | Shape::Absent | Shape::Unlisted | Shape::External => &[],
        });
        payloads.chain(fields)
    }
}

fn clap_attrs(cx: &Ctxt, attrs: &[syn::Attribute]) -> ClapAttrs {
    ClapAttrs::read(attrs).unwrap_or_else(|RejectedByClap| {
        cx.reported_elsewhere();
        ClapAttrs::default()
    })
}

fn variants<'a>(cx: &Ctxt, data: &'a DataEnum, casing: Option<Casing>) -> Vec<Variant<'a>> {
    data.variants.iter().map(|original| variant(cx, original, casing)).collect()
}

fn variant<'a>(cx: &Ctxt, original: &'a syn::Variant, casing: Option<Casing>) -> Variant<'a> {
    let clap = clap_attrs(cx, &original.attrs);
    let ours = MemberArgs::read(cx, &original.attrs);
    let opaque = ours.opaque.is_given();
    let shape = match clap.role {
        Some(Role::Skip) => Shape::Absent,
        Some(Role::External) => Shape::External,
        Some(Role::Flatten) => match payload(cx, &original.fields, true) {
            Some(source) if !opaque => Shape::Flatten(source),
            Some(_) => Shape::Unlisted,
            None => {
                cx.reported_elsewhere();
                Shape::Absent
            }
        },
        Some(Role::Subcommand) | None => {
            let casing = clap.casing.or(casing);
            let below = below(cx, &original.fields, clap.role.is_some(), casing);
            Shape::Command {
                name: name(cx, &original.ident, clap.name, casing),
                below: match below {
                    Below::Sources(_, recorded) if opaque => Below::Opaque(recorded),
                    below => below,
                },
            }
        }
    };
    if let (Some(key), false) = (ours.transparent.key(), matches!(shape, Shape::Command { .. })) {
        cx.error(key, "`transparent` leaves out a command's name, and this variant has none");
    }
    if let (Some(key), Some(Record::Given | Record::Count(_) | Record::Number(_))) =
        (ours.record.key(), ours.record.get())
    {
        cx.error(key, "a command is recorded by its name: `record` takes nothing here, and `given`, `count(..)` and `buckets(..)` belong on its arguments");
    }
    Variant { ident: &original.ident, shape, marks: ours.marks() }
}

/// The one field of a newtype variant.
fn payload<'a>(cx: &Ctxt, fields: &'a syn::Fields, certain: bool) -> Option<Source<'a>> {
    let syn::Fields::Unnamed(fields) = fields else { return None };
    let mut fields = fields.unnamed.iter();
    let field = fields.next().filter(|_| fields.len() == 0)?;
    if let Some(attr) = field.attrs.iter().find(|attr| attr.path().is_ident("telemetry")) {
        cx.error(attr, "`#[telemetry(..)]` belongs on the variant, not on its payload");
    }
    Some(Source { field: None, ty: &field.ty, certain })
}

fn below<'a>(cx: &Ctxt, original: &'a syn::Fields, subcommand: bool, casing: Option<Casing>) -> Below<'a> {
    match original {
        syn::Fields::Unit => Below::Sources(Vec::new(), Vec::new()),
        syn::Fields::Named(named) => {
            if subcommand {
                cx.reported_elsewhere();
            }
            let fields = fields(cx, named, casing);
            if fields.unlisted {
                Below::Opaque(fields.recorded)
            } else {
                Below::Sources(fields.sources, fields.recorded)
            }
        }
        syn::Fields::Unnamed(_) => {
            let source = payload(cx, original, subcommand);
            if source.is_none() {
                cx.reported_elsewhere();
            }
            Below::Sources(source.into_iter().collect(), Vec::new())
        }
    }
}

/// The fields that bring in commands, and those that are recorded.
fn fields<'a>(cx: &Ctxt, named: &'a FieldsNamed, casing: Option<Casing>) -> Fields<'a> {
    let mut fields = Fields::default();
    for field in &named.named {
        let clap = clap_attrs(cx, &field.attrs);
        let ours = MemberArgs::read(cx, &field.attrs);
        for key in [ours.skip.key(), ours.no_prompt.key(), ours.transparent.key()].into_iter().flatten() {
            cx.error(key, format_args!("`{key}` is allowed only on variants; a field takes `opaque` or `record`"));
        }
        if let (Some(key), Some(_)) = (ours.record.key(), clap.role.filter(|role| *role != Role::Skip)) {
            cx.error(key, NOT_AN_ARGUMENT);
        }
        let certain = match clap.role {
            Some(Role::Subcommand) => true,
            Some(Role::Flatten) => false,
            // clap rejects `external_subcommand` on a field.
            Some(Role::External) => {
                cx.reported_elsewhere();
                continue;
            }
            Some(Role::Skip) | None => {
                if let Some(opaque) = ours.opaque.key() {
                    cx.error(
                        opaque,
                        "`opaque` is allowed only on a field with `#[command(subcommand)]` or `#[command(flatten)]`",
                    );
                }
                let (key, record) = ours.record.into_parts();
                if let (Some(key), Some(record)) = (key, record) {
                    fields.recorded.extend(RecordedField::read(cx, &key, record, field, casing));
                }
                continue;
            }
        };
        if ours.opaque.is_given() {
            fields.unlisted = true;
        } else {
            fields.sources.push(Source { field: field.ident.as_ref(), ty: &field.ty, certain });
        }
    }
    let known = fields.recorded.iter().filter_map(|field| match field.key() {
        Name::Known(name, span) => Some((name.as_str(), *span)),
        Name::Const(_) => None,
    });
    names::check_siblings(cx, "recorded options", known);
    fields
}

/// The name of a variant, as clap has it.
pub(crate) fn name(cx: &Ctxt, ident: &Ident, assigned: Option<Expr>, casing: Option<Casing>) -> Name {
    let Some(expr) = assigned else {
        return Name::Known(casing.unwrap_or(Casing::Kebab).apply(ident), ident.span());
    };
    match as_literal(&expr) {
        Some(Lit::Str(literal)) => Name::Known(literal.value(), literal.span()),
        Some(_) => {
            // clap's builder accepts no other literal as a name.
            cx.reported_elsewhere();
            Name::Known(String::new(), expr.span())
        }
        None => Name::Const(expr),
    }
}
