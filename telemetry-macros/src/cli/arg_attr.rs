//! Reads clap's attributes of a field that is an argument: its id and its long name.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Token};

use crate::cli::casing::Casing;
use crate::cli::clap_attr::{Entry, RejectedByClap, Value, one, rename_all};

/// A name as clap has it.
#[derive(Clone)]
pub(crate) enum ArgName {
    /// Made from the field's identifier.
    Derived(String),
    Assigned(Expr),
}

/// The part of clap's attributes on a field that concerns the argument's names.
pub(crate) struct ArgAttrs {
    /// clap's id: the field's identifier, which no casing applies to, unless there is `id`.
    pub(crate) id: ArgName,
    /// The name behind `--`.
    pub(crate) long: Option<ArgName>,
    /// Whether there is a key with which even a `bool` may take a value.
    pub(crate) may_take_value: bool,
    /// Why the field is not an argument: the key that says so.
    pub(crate) other: Option<Ident>,
}

impl ArgAttrs {
    /// `casing` is that of the struct or variant.
    pub(crate) fn read(ident: &Ident, casing: Option<Casing>, attrs: &[Attribute]) -> Result<Self, RejectedByClap> {
        let id = ArgName::Derived(ident.unraw().to_string());
        let mut read = ArgAttrs { id, long: None, may_take_value: false, other: None };
        let mut casing = casing.unwrap_or(Casing::Kebab);
        for attr in attrs {
            let path = attr.path();
            if !(path.is_ident("arg") || path.is_ident("clap") || path.is_ident("structopt")) {
                continue;
            }
            let entries =
                attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated).map_err(|_| RejectedByClap)?;
            for entry in entries {
                read.entry(ident, &mut casing, entry)?;
            }
        }
        Ok(read)
    }

    /// In the order of the source: a bare `long` takes the name and the casing as they are so far.
    fn entry(&mut self, ident: &Ident, casing: &mut Casing, entry: Entry) -> Result<(), RejectedByClap> {
        let Entry { key, value } = entry;
        match (key.to_string().as_str(), value) {
            ("id" | "name", Value::Assigned(expr)) => self.id = ArgName::Assigned(expr),
            ("id" | "name", Value::Called(arguments)) => self.id = ArgName::Assigned(one(arguments)?),
            ("id" | "name" | "rename_all", Value::None) => return Err(RejectedByClap),
            ("long", Value::None) => {
                self.long = Some(match &self.id {
                    ArgName::Derived(_) => ArgName::Derived(casing.apply(ident)),
                    assigned @ ArgName::Assigned(_) => assigned.clone(),
                });
            }
            ("long", Value::Assigned(expr)) => self.long = Some(ArgName::Assigned(expr)),
            ("long", Value::Called(arguments)) => self.long = Some(ArgName::Assigned(one(arguments)?)),
            ("rename_all", Value::Assigned(expr)) => *casing = rename_all(&expr)?,
            ("action" | "num_args" | "default_missing_value", _) => self.may_take_value = true,
            ("from_global" | "subcommand" | "flatten", Value::None) | ("skip", Value::None | Value::Assigned(_)) => {
                self.other = Some(key);
            }
            _ => {}
        }
        Ok(())
    }

    /// The name of the argument in events: the long name if it has one, clap's id otherwise.
    pub(crate) fn key(&self) -> &ArgName {
        self.long.as_ref().unwrap_or(&self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{ToTokens, format_ident};
    use syn::parse_quote;

    fn names(casing: Option<Casing>, attrs: &[Attribute]) -> [String; 2] {
        let read = ArgAttrs::read(&format_ident!("r#target_dir"), casing, attrs).unwrap();
        [&read.id, read.key()].map(|name| match name {
            ArgName::Derived(name) => name.clone(),
            ArgName::Assigned(expr) => expr.to_token_stream().to_string(),
        })
    }

    #[test]
    fn names_are_claps() {
        assert_eq!(names(None, &[]), ["target_dir"; 2]);
        assert_eq!(names(None, &[parse_quote!(#[arg(long)])]), ["target_dir", "target-dir"]);
        assert_eq!(names(Some(Casing::Upper), &[parse_quote!(#[arg(short, long)])]), ["target_dir", "TARGETDIR"]);
        assert_eq!(names(None, &[parse_quote!(#[arg(long = "out")])]), ["target_dir", "\"out\""]);
        assert_eq!(names(None, &[parse_quote!(#[arg(long("out"))])]), ["target_dir", "\"out\""]);
        assert_eq!(names(None, &[parse_quote!(#[clap(id = "dir")])]), ["\"dir\""; 2]);
    }

    #[test]
    fn the_order_counts() {
        assert_eq!(names(None, &[parse_quote!(#[arg(long, id = "dir")])]), ["\"dir\"", "target-dir"]);
        assert_eq!(names(None, &[parse_quote!(#[arg(id = "dir", long)])]), ["\"dir\""; 2]);
        assert_eq!(names(None, &[parse_quote!(#[arg(long, rename_all = "snake")])]), ["target_dir", "target-dir"]);
        assert_eq!(names(None, &[parse_quote!(#[arg(rename_all = "snake", long)])]), ["target_dir"; 2]);
        assert_eq!(names(None, &[parse_quote!(#[arg(long = "a")]), parse_quote!(#[arg(long)])])[1], "target-dir");
    }

    #[test]
    fn what_may_give_a_flag_a_value() {
        let may_take_value = |attr| ArgAttrs::read(&format_ident!("a"), None, &[attr]).unwrap().may_take_value;
        assert!(may_take_value(parse_quote!(#[arg(long, action = ArgAction::Set)])));
        assert!(may_take_value(parse_quote!(#[arg(long, action(ArgAction::Set))])));
        assert!(may_take_value(parse_quote!(#[arg(long, num_args = 0..=1)])));
        assert!(!may_take_value(parse_quote!(#[arg(short, long, global = true)])));
    }

    #[test]
    fn what_is_no_argument() {
        let other = |attr| {
            let read = ArgAttrs::read(&format_ident!("a"), None, &[attr]).unwrap();
            read.other.map(|key| key.to_string())
        };
        assert_eq!(other(parse_quote!(#[arg(skip)])).unwrap(), "skip");
        assert_eq!(other(parse_quote!(#[arg(skip = 5)])).unwrap(), "skip");
        assert_eq!(other(parse_quote!(#[arg(from_global)])).unwrap(), "from_global");
        assert_eq!(other(parse_quote!(#[arg(global = true)])), None);
    }
}
