//! Whatever item the macros are given, they do not panic, and they write valid Rust.
//!
//! The items are those of `tests/ui` and `tests/naming`, right and wrong, each also with some tokens deleted, doubled, swapped,
//! wrapped, unwrapped or replaced. If rustc can parse the item, it must be able to parse the expansion: otherwise its author
//! gets an error in code they did not write.

use std::fs;
use std::mem::discriminant;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Data, DeriveInput, Item, Meta, Stmt};

use crate::cli::{Build, Features};
use crate::{cli, error_class, main_fn};

const MUTANTS: u64 = 40;

/// Tokens to put in unexpected places.
const ODD: &str = r##"
    enum struct union fn impl self Self super crate dyn async const unsafe where r#type r#match _ 'a '_ main Cli Parser
    telemetry skip opaque command clap subcommand flatten external_subcommand name id rename_all errors app endpoint
    "" "a b" "\u{0}" "https://x" "http://localhost" "1h" "99999999999999999999d" "µ" "kebab-case" b"x" c"x" 'c' 0 -1 1.5 1u8
    99999999999999999999999999999999999999999 true false , ; : :: = == => -> .. ..= ! ? # & && | * + - < > << >> @ $ ~
    () [] {} #[x] #![x] (,) <T> Option<T> Vec<String> Box<Self>
"##;

#[test]
fn no_item_makes_the_macros_panic_or_write_what_is_no_rust() {
    let samples = samples();
    assert!(samples.len() > 200, "only {} samples", samples.len());
    let odd: Vec<TokenTree> = ODD.parse::<TokenStream>().unwrap().into_iter().collect();
    let mut parsed = 0;
    for (number, sample) in (0..).zip(&samples) {
        for mutant in 0..MUTANTS {
            let mut random = Random(number * MUTANTS + mutant);
            let sample = (0..mutant % 3).fold(sample.clone(), |sample, _| sample.mutated(&mut random, &odd));
            parsed += u64::from(sample.check());
        }
    }
    // Otherwise most of the cases would check nothing.
    assert!(parsed > 5_000, "only {parsed} items were well-formed");
}

#[derive(Clone, Copy)]
enum Macro {
    Cli,
    Main,
    ErrorClass,
}

/// An item under one of the macros.
#[derive(Clone)]
struct Sample {
    which: Macro,
    args: TokenStream,
    item: TokenStream,
}

impl Sample {
    fn mutated(&self, random: &mut Random, odd: &[TokenTree]) -> Self {
        let mut mutant = self.clone();
        let part = if random.below(2) == 0 && !mutant.args.is_empty() { &mut mutant.args } else { &mut mutant.item };
        let mut position = random.below(count(part));
        *part = mutated(part.clone(), &mut position, random, odd);
        mutant
    }

    /// False if rustc would not pass the item to the macro.
    fn check(&self) -> bool {
        let Sample { which, args, item } = self;
        let checked = catch_unwind(AssertUnwindSafe(|| match which {
            Macro::Cli if syn::parse2::<Item>(item.clone()).is_ok() => {
                let items = parse(cli::attribute(args, item));
                items.iter().filter_map(derive_input).for_each(|input| {
                    for features in [Features { http: true, otlp: true }, Features { http: false, otlp: false }] {
                        let build = Build { package: Some("tool".to_owned()), bin: Some("tool".to_owned()) };
                        parse(cli::derive(&input, features, build));
                    }
                });
                true
            }
            Macro::Main if syn::parse2::<Item>(item.clone()).is_ok() => {
                parse(main_fn::expand(args.clone(), item));
                true
            }
            Macro::ErrorClass => syn::parse2::<DeriveInput>(item.clone()).is_ok_and(|input| {
                parse(error_class::derive(&input));
                true
            }),
            Macro::Cli | Macro::Main => false,
        }));
        checked.unwrap_or_else(|_| panic!("with the arguments `{args}`, of the item\n{item}"))
    }
}

fn parse(expansion: TokenStream) -> Vec<Item> {
    let shown = expansion.to_string();
    syn::parse2::<syn::File>(expansion).unwrap_or_else(|error| panic!("{error}: {shown}")).items
}

/// The input of the derive that the attribute wrote.
fn derive_input(item: &Item) -> Option<DeriveInput> {
    let mut input: DeriveInput = syn::parse2(item.to_token_stream()).ok()?;
    let ours = |attr: &Attribute| attr.to_token_stream().to_string().contains("CommandTreeDerive");
    let position = input.attrs.iter().position(ours)?;
    input.attrs.remove(position);
    // Only syn accepts it as the name of a field.
    let is_nameless = |field: &syn::Field| field.ident.as_ref().is_some_and(|ident| ident == "_");
    (!fields(&input).into_iter().any(is_nameless)).then_some(input)
}

fn fields(input: &DeriveInput) -> Vec<&syn::Field> {
    match &input.data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Union(data) => data.fields.named.iter().collect(),
    }
}

fn samples() -> Vec<Sample> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let folders = ["naming", "ui/fail", "ui/fail-evaluated", "ui/fail-with-http", "ui/fail-without-http", "ui/pass"]
        .map(|folder| tests.join(folder));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect();
    files.sort();
    let mut samples = Vec::new();
    for file in files {
        // rustc itself reports some of them.
        if let Ok(file) = syn::parse_file(&fs::read_to_string(file).unwrap()) {
            add_samples(file.items, &mut samples);
        }
    }
    samples
}

fn add_samples(items: Vec<Item>, samples: &mut Vec<Sample>) {
    for item in items {
        match item {
            Item::Mod(module) => add_samples(module.content.unwrap_or_default().1, samples),
            Item::Fn(mut item) => {
                if let Some((which, args)) = take_macro(&mut item.attrs) {
                    samples.push(Sample { which, args, item: item.to_token_stream() });
                }
                let inner = item.block.stmts.into_iter();
                let inner = inner.filter_map(|stmt| if let Stmt::Item(item) = stmt { Some(item) } else { None });
                add_samples(inner.collect(), samples);
            }
            item => {
                let Ok(mut item) = syn::parse2::<DeriveInput>(item.to_token_stream()) else { continue };
                if let Some((which, args)) = take_macro(&mut item.attrs) {
                    samples.push(Sample { which, args, item: item.to_token_stream() });
                }
            }
        }
    }
}

/// Removes our attribute from an item, or keeps our derive.
fn take_macro(attrs: &mut Vec<Attribute>) -> Option<(Macro, TokenStream)> {
    for (which, name) in [(Macro::Cli, "telemetry_cli"), (Macro::Main, "telemetry_main")] {
        let ours = |attr: &Attribute| attr.path().segments.last().is_some_and(|last| last.ident == name);
        if let Some(position) = attrs.iter().position(ours) {
            return Some(match attrs.remove(position).meta {
                Meta::List(list) => (which, list.tokens),
                _ => (which, TokenStream::new()),
            });
        }
    }
    let derives = attrs.iter().any(|attr| attr.to_token_stream().to_string().contains("ErrorClass"));
    derives.then(|| (Macro::ErrorClass, TokenStream::new()))
}

/// All tokens: groups, and the tokens in them.
fn count(tokens: &TokenStream) -> u64 {
    let inner = |token| if let TokenTree::Group(group) = token { count(&group.stream()) } else { 0 };
    tokens.clone().into_iter().map(|token| 1 + inner(token)).sum()
}

/// The tokens with a change at `position`, counted in the order in which they are written.
fn mutated(tokens: TokenStream, position: &mut u64, random: &mut Random, odd: &[TokenTree]) -> TokenStream {
    let mut found = false;
    let mut mutated = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            token if !found && *position == 0 => {
                found = true;
                change(token, &mut tokens, random, odd, &mut mutated);
            }
            TokenTree::Group(group) if !found && *position <= count(&group.stream()) => {
                found = true;
                *position -= 1;
                let inner = self::mutated(group.stream(), position, random, odd);
                mutated.push(Group::new(group.delimiter(), inner).into());
            }
            token => {
                *position = position.saturating_sub(count(&token.clone().into()));
                mutated.push(token);
            }
        }
    }
    mutated.into_iter().collect()
}

fn change(
    token: TokenTree,
    behind: &mut impl Iterator<Item = TokenTree>,
    random: &mut Random,
    odd: &[TokenTree],
    changed: &mut Vec<TokenTree>,
) {
    let any = |random: &mut Random| odd[usize::try_from(random.below(odd.len() as u64)).unwrap()].clone();
    let alike = |random: &mut Random| {
        let odd: Vec<_> = odd.iter().filter(|odd| discriminant(*odd) == discriminant(&token)).collect();
        odd[usize::try_from(random.below(odd.len() as u64)).unwrap()].clone()
    };
    match random.below(10) {
        0 => {}
        1 => changed.extend([token.clone(), token]),
        2 => changed.extend([any(random), token]),
        3 => {
            changed.extend(behind.next());
            changed.push(token);
        }
        4 => {
            let delimiters = [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket, Delimiter::None];
            let delimiter = delimiters[usize::try_from(random.below(4)).unwrap()];
            changed.push(Group::new(delimiter, token.into()).into());
        }
        5 => match token {
            TokenTree::Group(group) => changed.extend(group.stream()),
            _ => changed.push(any(random)),
        },
        6 => changed.push(any(random)),
        _ => changed.push(alike(random)),
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}
