//! What a clap type says about commands, borrowed from the syntax tree.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{Data, DataEnum, DeriveInput, Expr, FieldsNamed, Lit, Type};

use crate::args::MemberArgs;
use crate::case::Casing;
use crate::clap_attr::{ClapAttrs, RefusedByClap, Role};
use crate::ctxt::Ctxt;
use crate::value::as_literal;

/// A type that holds subcommands.
pub(crate) enum Tree<'a> {
    Enum(Vec<Variant<'a>>),
    Struct(Fields<'a>),
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) shape: Shape<'a>,
    /// A run of it leaves no event.
    pub(crate) skip: bool,
}

/// What the named fields of a struct say.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) sources: Vec<Source<'a>>,
    /// There are others through which subcommands come in, but the author does not want those listed, or cannot have it.
    pub(crate) unlisted: bool,
}

pub(crate) enum Shape<'a> {
    /// No entry in the tree: clap does not know it.
    Absent,
    /// The commands of the payload stand in the place of the variant, but the author does not want them listed.
    Unlisted,
    Command {
        name: Name,
        below: Below<'a>,
    },
    /// The commands of the payload stand in the place of the variant.
    Flatten(Source<'a>),
    External,
}

/// The name of a command.
pub(crate) enum Name {
    Known(String, Span),
    /// Only the compiler knows what it evaluates to.
    Const(Expr),
}

/// What lies below a command.
pub(crate) enum Below<'a> {
    /// There may be something, but the author does not want it listed, or cannot have it.
    Opaque,
    Sources(Vec<Source<'a>>),
}

/// A value of another type that says which subcommand was chosen.
pub(crate) struct Source<'a> {
    /// `None` for the payload of a newtype variant.
    pub(crate) field: Option<&'a Ident>,
    pub(crate) ty: &'a Type,
    /// clap is told that the type holds subcommands. Any other may or may not.
    pub(crate) certain: bool,
}

impl<'a> Tree<'a> {
    /// Empty, with the context saying so, when the type is not one that can be expanded.
    pub(crate) fn read(cx: &Ctxt, input: &'a DeriveInput) -> Self {
        let attrs = clap_attrs(cx, &input.attrs);
        match &input.data {
            Data::Enum(data) => Tree::Enum(variants(cx, data, attrs.casing)),
            Data::Struct(data) => Tree::Struct(match &data.fields {
                syn::Fields::Named(named) => fields(cx, named),
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
        };
        let payloads = variants.iter().flat_map(|variant| match &variant.shape {
            Shape::Flatten(source) => std::slice::from_ref(source),
            Shape::Command { below: Below::Sources(sources), .. } => sources,
            Shape::Command { below: Below::Opaque, .. } | Shape::Absent | Shape::Unlisted | Shape::External => &[],
        });
        payloads.chain(fields)
    }
}

fn clap_attrs(cx: &Ctxt, attrs: &[syn::Attribute]) -> ClapAttrs {
    ClapAttrs::read(attrs).unwrap_or_else(|RefusedByClap| {
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
    let opaque = ours.opaque.key().is_some();
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
            let below = below(cx, &original.fields, clap.role.is_some());
            Shape::Command {
                name: name(cx, &original.ident, clap.name, clap.casing.or(casing)),
                below: if opaque { Below::Opaque } else { below },
            }
        }
    };
    Variant { ident: &original.ident, shape, skip: ours.skip.key().is_some() }
}

/// The one field of a newtype variant.
fn payload<'a>(cx: &Ctxt, fields: &'a syn::Fields, certain: bool) -> Option<Source<'a>> {
    let syn::Fields::Unnamed(fields) = fields else { return None };
    let mut fields = fields.unnamed.iter();
    let field = fields.next().filter(|_| fields.len() == 0)?;
    if let Some(attr) = field.attrs.iter().find(|attr| attr.path().is_ident("telemetry")) {
        cx.error(attr, "`#[telemetry(..)]` goes on the variant, not on its payload");
    }
    Some(Source { field: None, ty: &field.ty, certain })
}

fn below<'a>(cx: &Ctxt, original: &'a syn::Fields, subcommand: bool) -> Below<'a> {
    match original {
        syn::Fields::Unit => Below::Sources(Vec::new()),
        syn::Fields::Named(named) => {
            if subcommand {
                cx.reported_elsewhere();
            }
            let fields = fields(cx, named);
            if fields.unlisted { Below::Opaque } else { Below::Sources(fields.sources) }
        }
        syn::Fields::Unnamed(_) => {
            let source = payload(cx, original, subcommand);
            if source.is_none() {
                cx.reported_elsewhere();
            }
            Below::Sources(source.into_iter().collect())
        }
    }
}

/// The fields through which subcommands come in.
fn fields<'a>(cx: &Ctxt, named: &'a FieldsNamed) -> Fields<'a> {
    let mut fields = Fields::default();
    for field in &named.named {
        let clap = clap_attrs(cx, &field.attrs);
        let ours = MemberArgs::read(cx, &field.attrs);
        if let Some(skip) = ours.skip.key() {
            cx.error(skip, "`skip` goes on a variant; a field takes `opaque`");
        }
        let certain = match clap.role {
            Some(Role::Subcommand) => true,
            Some(Role::Flatten) => false,
            // clap refuses `external_subcommand` on a field.
            Some(Role::External) => {
                cx.reported_elsewhere();
                continue;
            }
            Some(Role::Skip) | None => {
                if let Some(opaque) = ours.opaque.key() {
                    cx.error(opaque, "`opaque` goes on a field with `#[command(subcommand)]` or `#[command(flatten)]`");
                }
                continue;
            }
        };
        if ours.opaque.key().is_some() {
            fields.unlisted = true;
        } else {
            fields.sources.push(Source { field: field.ident.as_ref(), ty: &field.ty, certain });
        }
    }
    fields
}

fn name(cx: &Ctxt, ident: &Ident, assigned: Option<Expr>, casing: Option<Casing>) -> Name {
    let Some(expr) = assigned else {
        return Name::Known(casing.unwrap_or(Casing::Kebab).apply(ident), ident.span());
    };
    match as_literal(&expr) {
        Some(Lit::Str(literal)) => Name::Known(literal.value(), literal.span()),
        Some(_) => {
            // No other literal is a name: clap's builder refuses the type.
            cx.reported_elsewhere();
            Name::Known(String::new(), expr.span())
        }
        None => Name::Const(expr),
    }
}
