//! The fields whose options are recorded.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Field, Lit, Type};

use crate::cli::arg_attr::{ArgAttrs, ArgName};
use crate::cli::casing::Casing;
use crate::cli::names::{self, Name};
use crate::cli::record::Record;
use crate::ctxt::Ctxt;
use crate::generated::at;
use crate::generics::argument_of;
use crate::keys::value::as_literal;

/// A field with `#[telemetry(record)]`.
pub(crate) struct RecordedField<'a> {
    /// clap's id of the argument.
    id: Name,
    /// Its name in events.
    key: Name,
    /// The type of one value.
    ty: &'a Type,
    /// Whether there may be several.
    many: bool,
    /// Whether it is a flag without a value.
    is_flag: bool,
    record: Record,
}

impl<'a> RecordedField<'a> {
    /// `casing` is that of the struct or variant. `None` if something is wrong; the context then knows.
    pub(crate) fn read(
        cx: &Ctxt,
        key: &Ident,
        record: Record,
        field: &'a Field,
        casing: Option<Casing>,
    ) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let Ok(clap) = ArgAttrs::read(ident, casing, &field.attrs) else {
            cx.reported_elsewhere();
            return None;
        };
        if let Some(other) = &clap.other {
            let why = match other.to_string().as_str() {
                "skip" => "clap skips this field, so there is nothing to record",
                "from_global" => "`record` belongs where the argument is defined, not on a field with `from_global`",
                _ => NOT_AN_ARGUMENT,
            };
            cx.error(key, why);
            return None;
        }
        let (ty, many) = value_type(&field.ty);
        match &record {
            Record::Count(_) if !many => {
                cx.error(
                    &field.ty,
                    "`count` counts the values of a `Vec`; `buckets(..)` records the range of a number",
                );
                return None;
            }
            Record::Number(_) if many => {
                cx.error(&field.ty, "`buckets` takes a single number; `count(..)` records how many values there are");
                return None;
            }
            _ => {}
        }
        let name = |name: &ArgName| match name {
            ArgName::Derived(name) => Some(Name::Known(name.clone(), ident.span())),
            ArgName::Assigned(expr) => assigned(cx, expr),
        };
        let is_flag = is_bool(&field.ty) && !clap.may_take_value;
        Some(RecordedField { id: name(&clap.id)?, key: name(clap.key())?, ty, many, is_flag, record })
    }

    pub(crate) fn key(&self) -> &Name {
        &self.key
    }

    /// A value of the runtime's type `RecordedOption`.
    pub(crate) fn expand(&self) -> TokenStream {
        let RecordedField { id, key, ty, many, is_flag, record } = self;
        let key = names::key(key);
        let span = at(ty.span());
        match record {
            Record::Value if *many => quote_spanned!(span=> __telemetry::RecordedOption::many::<#ty>(#id, #key)),
            Record::Value if *is_flag => quote_spanned!(span=> __telemetry::RecordedOption::flag(#id, #key)),
            Record::Value => quote_spanned!(span=> __telemetry::RecordedOption::one::<#ty>(#id, #key)),
            Record::Given => quote!(__telemetry::RecordedOption::given(#id, #key)),
            Record::Count(buckets) => quote!(__telemetry::RecordedOption::count(#id, #key, #buckets)),
            Record::Number(buckets) => {
                quote_spanned!(span=> __telemetry::RecordedOption::number::<#ty>(#id, #key, #buckets))
            }
        }
    }

    /// The same value, checked by the compiler.
    pub(crate) fn expand_checked(&self) -> TokenStream {
        let option = self.expand();
        quote_spanned!(at(self.ty.span())=> #option.checked())
    }
}

pub(crate) const NOT_AN_ARGUMENT: &str =
    "`record` belongs on an argument; this field brings in others: put `record` on the fields of its type";

/// The name in an attribute of clap's.
fn assigned(cx: &Ctxt, expr: &Expr) -> Option<Name> {
    match as_literal(expr) {
        Some(Lit::Str(literal)) => Some(Name::Known(literal.value(), literal.span())),
        Some(_) => {
            // clap's builder accepts no other literal as a name.
            cx.reported_elsewhere();
            None
        }
        None => Some(Name::Const(expr.clone())),
    }
}

/// Whether clap makes a flag without a value of this type. It recognizes `bool` by name.
fn is_bool(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.qself.is_none() && path.path.is_ident("bool"))
}

/// The type of one value, and whether there may be several. clap recognizes `Option` and `Vec` by name, too.
fn value_type(ty: &Type) -> (&Type, bool) {
    if let Some(ty) = argument_of(ty, "Vec") {
        return (value_type(ty).0, true);
    }
    match argument_of(ty, "Option") {
        Some(ty) => value_type(ty),
        None => (ty, false),
    }
}
