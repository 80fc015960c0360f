//! Reads clap's attributes with clap's own grammar: a list of `key`, `key = Expr` and `key(Expr, ..)`.

use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Lit, LitStr, Token, parenthesized, token};

use crate::cli::casing::Casing;

/// One entry of a `#[command(..)]`, `#[arg(..)]` or `#[value(..)]`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    None,
    Assigned(Expr),
    /// clap's raw mode: a method call on the builder, in which only `name` and `id` keep their meaning.
    Called(Vec<Expr>),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.parse()?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Assigned(input.parse()?)
        } else if input.peek(token::Paren) {
            let arguments;
            parenthesized!(arguments in input);
            let arguments = arguments.parse_terminated(Expr::parse, Token![,])?;
            Value::Called(arguments.into_iter().collect())
        } else {
            Value::None
        };
        Ok(Entry { key, value })
    }
}

/// How clap treats a variant or field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Subcommand,
    Flatten,
    External,
    Skip,
}

/// The part of clap's attributes on an item that concerns its name and its commands.
#[derive(Default)]
pub(crate) struct ClapAttrs {
    pub(crate) name: Option<Expr>,
    pub(crate) version: Option<Expr>,
    pub(crate) casing: Option<Casing>,
    pub(crate) role: Option<Role>,
}

/// clap rejects the attribute, with a message of its own.
#[derive(Debug)]
pub(crate) struct RejectedByClap;

impl ClapAttrs {
    /// Those of a type that holds commands, of a variant that is one, or of a field that brings some in.
    pub(crate) fn read(attrs: &[Attribute]) -> Result<Self, RejectedByClap> {
        Self::read_kind(attrs, "command")
    }

    /// Those of an enum that derives `ValueEnum`, or of one of its variants.
    pub(crate) fn read_value(attrs: &[Attribute]) -> Result<Self, RejectedByClap> {
        Self::read_kind(attrs, "value")
    }

    fn read_kind(attrs: &[Attribute], kind: &str) -> Result<Self, RejectedByClap> {
        let mut read = ClapAttrs::default();
        for attr in attrs {
            let path = attr.path();
            let is_group = path.is_ident("group");
            if !(is_group || path.is_ident(kind) || path.is_ident("clap") || path.is_ident("structopt")) {
                continue;
            }
            let entries =
                attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated).map_err(|_| RejectedByClap)?;
            for entry in entries {
                read.entry(entry, is_group)?;
            }
        }
        Ok(read)
    }

    fn entry(&mut self, Entry { key, value }: Entry, is_group: bool) -> Result<(), RejectedByClap> {
        let key = key.to_string();
        match (key.as_str(), value) {
            // A group's own name and id say nothing about the command's.
            ("name" | "id", _) if is_group => {}
            ("name" | "id", Value::Assigned(expr)) => self.name = Some(expr),
            ("name" | "id", Value::Called(arguments)) => self.name = Some(one(arguments)?),
            ("version", Value::Assigned(expr)) => self.version = Some(expr),
            ("version", Value::Called(arguments)) => self.version = arguments.into_iter().next(),
            // `#[group(rename_all = "..")]` renames commands too: clap does not check which attribute it is in.
            ("rename_all", Value::Assigned(expr)) => self.casing = Some(rename_all(&expr)?),
            ("name" | "id" | "rename_all", Value::None) => return Err(RejectedByClap),
            ("subcommand", Value::None) => self.role(Role::Subcommand)?,
            ("flatten", Value::None) => self.role(Role::Flatten)?,
            ("external_subcommand", Value::None) => self.role(Role::External)?,
            ("skip", Value::None | Value::Assigned(_)) if !is_group => self.role(Role::Skip)?,
            _ => {}
        }
        Ok(())
    }

    fn role(&mut self, role: Role) -> Result<(), RejectedByClap> {
        match self.role.replace(role) {
            None => Ok(()),
            Some(_) => Err(RejectedByClap),
        }
    }
}

/// The argument of a call that takes one.
pub(crate) fn one(arguments: Vec<Expr>) -> Result<Expr, RejectedByClap> {
    let mut arguments = arguments.into_iter();
    arguments.next().filter(|_| arguments.len() == 0).ok_or(RejectedByClap)
}

/// The value of `rename_all`.
pub(crate) fn rename_all(expr: &Expr) -> Result<Casing, RejectedByClap> {
    string_literal(expr).and_then(|literal| Casing::parse(&literal.value())).ok_or(RejectedByClap)
}

/// The literal of `rename_all`. Like clap, this accepts nothing around it, not even a `macro_rules` group.
fn string_literal(expr: &Expr) -> Option<&LitStr> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: Lit::Str(literal), .. }) => Some(literal),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{ToTokens, quote};
    use syn::parse_quote;

    fn read(attrs: &[Attribute]) -> Result<ClapAttrs, RejectedByClap> {
        ClapAttrs::read(attrs)
    }

    fn name(attrs: &[Attribute]) -> String {
        read(attrs).unwrap().name.to_token_stream().to_string()
    }

    #[test]
    fn the_last_name_wins() {
        assert_eq!(
            name(&[parse_quote!(#[command(name = "a", id("b"))]), parse_quote!(#[clap(name("c"))])]),
            quote!("c").to_string()
        );
        assert_eq!(name(&[parse_quote!(#[command(name = concat!("a", "b"),)])]), quote!(concat!("a", "b")).to_string());
    }

    #[test]
    fn a_group_renames_but_does_not_name() {
        let read = read(&[parse_quote!(#[group(id = "g", rename_all = "upper", skip)])]).unwrap();
        assert!(read.name.is_none() && read.role.is_none());
        assert_eq!(read.casing, Some(Casing::Upper));
    }

    #[test]
    fn raw_calls_are_not_magic() {
        let read = read(&[parse_quote!(#[command(subcommand(Extra::command()), flatten(), skip(), rename_all("x"))])])
            .unwrap();
        assert!(read.role.is_none() && read.casing.is_none());
    }

    #[test]
    fn what_clap_rejects() {
        for attr in [
            parse_quote!(#[command]),
            parse_quote!(#[command(name)]),
            parse_quote!(#[command(name("a", "b"))]),
            parse_quote!(#[command(rename_all = "train")]),
            parse_quote!(#[command(rename_all = CASE)]),
            parse_quote!(#[command(subcommand, flatten)]),
            parse_quote!(#[command(a b)]),
        ] {
            assert!(read(&[attr]).is_err());
        }
        assert!(read(&[parse_quote!(#[arg(skip skip)])]).is_ok());
    }
}
