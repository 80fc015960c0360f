//! The key `commands(..)`: the commands of a CLI without clap's derive, listed by name.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprMacro, ExprPath, Lit, Macro, Path, Token, TypePath, parenthesized, token};

use crate::cli::member::{Marks, MemberArgs};
use crate::cli::names::{self, Name};
use crate::ctxt::Ctxt;
use crate::keys::skip_entry;

/// As in the runtime, which checks it again.
const MAX_DEPTH: usize = 8;

const EXPECTED: &str = "expected a command: `\"add\"`, `\"remote\"(\"add\")`, `_` or `..`";

/// One entry of a list.
pub(crate) struct Entry {
    /// The entry is there only if these hold.
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) what: What,
    pub(crate) marks: Marks,
}

pub(crate) enum What {
    Command {
        name: Name,
        below: Below,
    },
    /// `_`: external subcommands.
    External(Span),
    /// `..`: there may be more.
    Unlisted(Span),
    /// `..Type`: the commands of an instrumented type.
    Type(TypePath),
}

/// The commands below a command.
pub(crate) enum Below {
    Opaque,
    Listed(Vec<Entry>),
}

/// The value of `commands`.
pub(crate) fn commands(cx: &Ctxt, key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<Entry>> {
    if !input.peek(token::Paren) {
        let message = "`commands` takes a list of names in parentheses: `commands(\"build\", \"remote\"(\"add\"))`";
        return Err(syn::Error::new_spanned(key, message));
    }
    let entries = level(cx, input)?;
    check(cx, &entries, 0);
    Ok(entries)
}

/// The commands at one level, in parentheses.
fn level(cx: &Ctxt, input: ParseStream<'_>) -> syn::Result<Vec<Entry>> {
    let content;
    parenthesized!(content in input);
    let mut entries = Vec::new();
    while !content.is_empty() {
        match entry(cx, &content) {
            Ok(entry) => {
                if !content.is_empty() && !content.peek(Token![,]) {
                    cx.syn_error(content.error("expected `,`"));
                }
                entries.push(entry);
            }
            Err(error) => cx.syn_error(error),
        }
        skip_entry(&content)?;
    }
    Ok(entries)
}

fn entry(cx: &Ctxt, input: ParseStream<'_>) -> syn::Result<Entry> {
    let attrs = input.call(Attribute::parse_outer)?;
    let ours = MemberArgs::read(cx, &attrs);
    for attr in attrs.iter().filter(|attr| !attr.path().is_ident("telemetry") && !attr.path().is_ident("cfg")) {
        cx.error(attr, "only `#[telemetry(..)]` and `#[cfg(..)]` are allowed here");
    }
    let what = what(cx, input, &ours)?;
    if !matches!(what, What::Command { .. }) {
        for key in [ours.opaque.key(), ours.transparent.key()].into_iter().flatten() {
            cx.error(key, format_args!("`{key}` is allowed only before a name"));
        }
    }
    Ok(Entry { cfg: attrs.into_iter().filter(|attr| attr.path().is_ident("cfg")).collect(), what, marks: ours.marks() })
}

fn what(cx: &Ctxt, input: ParseStream<'_>, ours: &MemberArgs) -> syn::Result<What> {
    if input.peek(Token![_]) {
        return Ok(What::External(input.parse::<Token![_]>()?.span()));
    }
    if input.peek(Token![..]) {
        let dots = input.parse::<Token![..]>()?;
        if input.is_empty() || input.peek(Token![,]) {
            return Ok(What::Unlisted(dots.spans[0]));
        }
        let ty =
            input.parse().map_err(|error| syn::Error::new(error.span(), "expected `,` or a type with commands"))?;
        return Ok(What::Type(ty));
    }
    let name = name(input)?;
    let listed = if input.peek(token::Paren) { Some(level(cx, input)?) } else { None };
    if let (Some(key), Some(_)) = (ours.opaque.key(), &listed) {
        cx.error(key, "`opaque` leaves out the commands below this one: do not list them");
    }
    let below = if ours.opaque.is_given() { Below::Opaque } else { Below::Listed(listed.unwrap_or_default()) };
    Ok(What::Command { name, below })
}

/// A string literal, or the path of a constant or a macro call.
fn name(input: ParseStream<'_>) -> syn::Result<Name> {
    if input.peek(Lit) {
        return match input.parse()? {
            Lit::Str(literal) => Ok(Name::Known(literal.value(), literal.span())),
            other => Err(syn::Error::new_spanned(other, "a name is a string literal or a constant")),
        };
    }
    if !(input.peek(Ident::peek_any) || input.peek(Token![::])) {
        return Err(input.error(EXPECTED));
    }
    let ahead = input.fork();
    ahead.call(Path::parse_mod_style)?;
    let attrs = Vec::new();
    Ok(Name::Const(if ahead.peek(Token![!]) {
        Expr::Macro(ExprMacro { attrs, mac: input.call(Macro::parse)? })
    } else {
        Expr::Path(ExprPath { attrs, qself: None, path: input.call(Path::parse_mod_style)? })
    }))
}

/// Checks one level and those below it. Of `depth` commands above it the names are recorded.
fn check(cx: &Ctxt, entries: &[Entry], depth: usize) {
    names::check_siblings(cx, "commands", entries.iter().filter_map(known_name));
    check_patterns(cx, entries);
    for entry in entries {
        let What::Command { name, below } = &entry.what else { continue };
        if matches!(name, Name::Known(name, _) if name.is_empty()) {
            cx.syn_error(syn::Error::new(name.span(), "a name must not be empty"));
        }
        let depth = if entry.marks.transparent { depth } else { depth + 1 };
        if depth > MAX_DEPTH {
            let message = "commands are nested more than 8 levels deep: `#[telemetry(opaque)]` before a command records it \
                           without the commands below it";
            cx.syn_error(syn::Error::new(name.span(), message));
        } else if let Below::Listed(entries) = below {
            check(cx, entries, depth);
        }
    }
}

/// A name that the macro knows and that is there under any configuration.
fn known_name(entry: &Entry) -> Option<(&str, Span)> {
    match &entry.what {
        What::Command { name: Name::Known(name, span), .. } if entry.cfg.is_empty() => Some((name, *span)),
        _ => None,
    }
}

/// Checks the places of `_` and `..`.
fn check_patterns(cx: &Ctxt, entries: &[Entry]) {
    let wildcards = entries.iter().filter_map(|entry| match entry.what {
        What::External(span) => Some(span),
        _ => None,
    });
    for span in wildcards.skip(1) {
        cx.syn_error(syn::Error::new(span, "`_` is specified twice: one stands for all external subcommands"));
    }
    for entry in entries.iter().rev().skip(1) {
        if let What::Unlisted(span) = entry.what {
            cx.syn_error(syn::Error::new(span, "`..` must be the last entry"));
        }
    }
}

/// A name at this level, if the compiler must check the names because only it knows all of them.
pub(crate) fn needs_compiler(entries: &[Entry]) -> Option<Span> {
    let unknown = entries.iter().find_map(|entry| match &entry.what {
        What::Command { name, .. } => {
            let is_known = matches!(name, Name::Known(..)) && entry.cfg.is_empty() && !entry.marks.transparent;
            (!is_known).then(|| name.span())
        }
        What::Type(ty) => Some(ty.span()),
        What::External(_) | What::Unlisted(_) => None,
    });
    unknown.filter(|_| entries.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::TokenStream;
    use quote::{ToTokens, format_ident, quote};
    use syn::parse::Parser;

    fn read(list: TokenStream) -> Result<Vec<Entry>, String> {
        let cx = Ctxt::new();
        let list = (|input: ParseStream<'_>| commands(&cx, &format_ident!("commands"), input)).parse2(list);
        let errors = cx.check().map_err(|errors| errors.to_string());
        errors.and_then(|()| list.map_err(|error| error.to_string()))
    }

    fn shown(entries: &[Entry]) -> String {
        let show = |entry: &Entry| match &entry.what {
            What::Command { name, below } => {
                let name = name.to_token_stream();
                match below {
                    Below::Opaque => format!("{name}(opaque)"),
                    Below::Listed(below) => format!("{name}({})", shown(below)),
                }
            }
            What::External(_) => "_".to_owned(),
            What::Unlisted(_) => "..".to_owned(),
            What::Type(ty) => format!("..{}", ty.to_token_stream()),
        };
        entries.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn entries() {
        let list = read(quote! {
            ("build", "remote"("add", ..Rest<u8>, ..), #[telemetry(opaque)] #[cfg(unix)] "plugin", #[telemetry(skip)] _, ..,)
        });
        assert_eq!(shown(&list.ok().unwrap()), r#""build"() "remote"("add"() ..Rest < u8 > ..) "plugin"(opaque) _ .."#);
        let list = read(quote!((NAME("below"), crate::names::OTHER, concat!("a", "b"), r"raw"))).ok().unwrap();
        assert!(
            matches!(&list[0].what, What::Command { name: Name::Const(_), below: Below::Listed(below) } if below.len() == 1)
        );
        assert!(matches!(&list[2].what, What::Command { name: Name::Const(Expr::Macro(_)), .. }));
        assert!(read(quote!(())).ok().unwrap().is_empty());
    }

    #[test]
    fn every_mistake_is_found() {
        let errors = read(quote! {
            (
                "a", "a", "", 5, _, _, .., {}, "b" "c", .. 7,
                #[doc = ""] "d", #[telemetry(opaque)] "e"("f"), #[telemetry(opaque, transparent)] _,
                "1"("2"("3"("4"("5"("6"("7"("8"("9"))))))))
            )
        });
        let errors = errors.err().unwrap();
        for part in [
            "two commands are named `a`",
            "must not be empty",
            "a string literal or a constant",
            "`_` is specified twice",
            "`..` must be the last entry",
            "expected a command",
            "expected `,`",
            "a type with commands",
            "are allowed here",
            "do not list them",
            "`opaque` is allowed only before a name",
            "`transparent` is allowed only before a name",
            "more than 8 levels",
        ] {
            assert!(errors.contains(part), "{part} in {errors}");
        }
        assert!(read(quote!(= "a")).err().unwrap().contains("in parentheses"));
    }

    /// `cfg` may leave one of two equal names, and a transparent command adds no level.
    #[test]
    fn what_is_no_mistake() {
        assert!(
            read(quote!((
                #[cfg(unix)]
                "a",
                #[cfg(windows)]
                "a"
            )))
            .is_ok()
        );
        assert!(
            read(quote!(
                ("1"(
                    #[telemetry(transparent)]
                    "x"("2"("3"("4"("5"("6"("7"("8")))))))
                ))
            ))
            .is_ok()
        );
    }

    #[test]
    fn the_compiler_checks_what_the_macro_cannot() {
        let needed = |list| needs_compiler(&read(list).ok().unwrap()).is_some();
        assert!(needed(quote!(("a", NAME))));
        assert!(needed(quote!((
            "a",
            #[cfg(unix)]
            "a"
        ))));
        assert!(needed(quote!((
            "a",
            #[telemetry(transparent)]
            "b"("a")
        ))));
        assert!(needed(quote!(("a", ..Type))));
        assert!(!needed(quote!(("a", "b", _, ..))));
        assert!(!needed(quote!((NAME))));
    }
}
