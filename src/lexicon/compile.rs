//! The compiler of lexicons: from maps to a [`Family`] and its [`Route`]s.
//!
//! `build.rs` runs it over the built-in tables, and the library over the users' own.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter;

use fst::raw::Fst;

use super::slots::mix;
use super::value::encode;
use super::{
    ABSENT, Bloom, Bucket, COMPLEX, DESCRIBE, DOT, FEW, FIRST_HEAD, Family, Filter, KeyStart, LAST_HEAD, MANY,
    OTHER_DOTS, Records, Route, SCRIPT, SHORT, SPECIAL, Slot, TERMS, costs, eight, hash_four, hash_more, ids, joint,
    pack_term, page, pair_bit_of, records,
};

/// What one key becomes on one route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What is written.
    pub value: String,
    /// [`super::GAP`], [`super::CHECK`], [`super::COMPLEX`].
    pub flags: u32,
    /// Regional terms: meta word and value.
    pub terms: Vec<(u32, String)>,
}

impl Target {
    /// A plain value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self { value, flags: 0, terms: Vec::new() }
    }
}

/// One route's share of a family.
#[derive(Debug, Clone, Default)]
pub struct RouteSource {
    /// All keys of the route, of one and of more characters.
    pub entries: BTreeMap<String, Target>,
    /// Characters that normalisation replaces.
    pub normalize: BTreeSet<char>,
    /// Rare characters that routes of the group map otherwise: kept out of the cells, so that the routes share blocks.
    pub rare: BTreeSet<char>,
    /// Further flags of cells: [`super::RULE`], [`super::KANA`], [`super::SOURCE`] …
    pub cells: BTreeMap<char, u32>,
    /// Whether gaps between segments matter.
    pub segmented: bool,
    /// Which keys are found in a text, and how.
    pub kind: Kind,
    /// Routes of a family with the same kind and group share their bitmap of pairs and the flags of their cells, and so most
    /// of their blocks.
    pub group: u8,
    /// Those of a group with the same number here share their filter too: fewer bytes, but keys of others are looked for.
    pub filter: u8,
}

/// Which keys of a route are found in a text, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// All keys, from left to right.
    #[default]
    Dense,
    /// Keys with a record; those without one are asked for when they may stand in front of one.
    Sparse,
    /// Keys with a record; the others are words of a lattice.
    Native,
}

/// Compiles routes that share their source script. `words` are the words of the lattice with their costs; a word that
/// is a key of no route competes and converts character by character. Values, terms and blocks of characters are added to `arena`, which
/// families may share: the family's own are empty until that [fills](Arena::fill) them.
///
/// # Errors
///
/// Only what the `fst` crate reports for keys out of order, which sorted keys never are.
pub fn compile(
    sources: &[RouteSource],
    words: &BTreeMap<String, u8>,
    arena: &mut Arena,
) -> Result<(Family, Vec<Route>), fst::Error> {
    let of_routes = sources.iter().flat_map(|source| source.entries.keys()).map(String::as_str);
    let keys: BTreeSet<&str> =
        of_routes.chain(words.keys().map(String::as_str)).filter(|key| key.chars().nth(1).is_some()).collect();
    let index = StartIndex::new(&keys, words);
    let map = fst::Map::from_iter(index.others.iter().map(|&key| spelling(key)).zip(0u64..))?;
    let fst = Fst::new(Cow::Owned(map.into_fst().into_inner()))?;
    let held = index.held.len() as u32;
    let keys: Vec<&str> = [index.held, index.others].concat();

    // The longest first, because a value that ends another one need not stand twice.
    let terms = sources.iter().flat_map(|source| source.entries.values()).flat_map(|target| &target.terms);
    let mut values: Vec<&String> = terms.map(|(_, value)| value).collect();
    values.sort_by_key(|value| (Reverse(value.len()), *value));
    for value in values {
        arena.add(value);
    }
    let mut routes: Vec<Route> = Vec::new();
    let mut cells: Vec<BTreeMap<u32, u32>> = Vec::new();
    for source in sources {
        let (route, of_route) = route(source, sources.iter().filter(|s| s.shares(source)), &keys, arena);
        routes.push(route);
        cells.push(of_route);
    }
    // The routes of a group share what is asked first.
    let mut fronts = Vec::new();
    let mut bitmaps: BTreeMap<(Kind, u8), Vec<u64>> = BTreeMap::new();
    let mut filters: BTreeMap<(Kind, u8, u8), Vec<u64>> = BTreeMap::new();
    for (source, cells) in sources.iter().zip(&cells) {
        let starts = |alike: fn(&RouteSource, &RouteSource) -> bool| {
            let routes = || sources.iter().zip(&routes).filter(|(s, _)| alike(s, source)).map(|(_, route)| route);
            starts(&keys, source.kind, routes)
        };
        let words = if source.kind == Kind::Dense { FEW } else { MANY };
        let bitmap =
            bitmaps.entry((source.kind, source.group)).or_insert_with(|| pairs(&starts(RouteSource::shares), words));
        let filter = filters
            .entry((source.kind, source.group, source.filter))
            .or_insert_with(|| Filter::build(&starts(|a, b| a.shares(b) && a.filter == b.filter)));
        fronts.push((bitmap.clone(), filter.clone(), arena.blocks.pages(cells)));
    }
    for (route, (pairs, filter, pages)) in routes.iter_mut().zip(fronts) {
        (route.pairs, route.filter, route.pages) = (pairs.into(), filter.into(), pages.into());
    }
    let checked = !words.is_empty() || sources.iter().any(|source| source.kind == Kind::Sparse);
    let joints = if checked { joints(&keys) } else { Vec::new() };
    let (mut word_costs, mut char_costs) = (Vec::new(), Vec::new());
    if !words.is_empty() {
        word_costs = costs::pack::<{ costs::WORD }>(keys.iter().map(|&key| words.get(key).copied()));
        let characters = ('\u{4E00}'..='\u{9FFF}').map(|c| words.get(c.encode_utf8(&mut [0; 4]) as &str).copied());
        char_costs = costs::pack::<{ costs::CHARACTER }>(characters);
    }
    let family = Family {
        fst,
        held,
        firsts: index.firsts.into(),
        buckets: index.buckets.into(),
        slots: index.slots.into(),
        tails: index.tails.into(),
        longer: index.longer.into(),
        blocks: Cow::Borrowed(&[]),
        cells: Cow::Borrowed(&[]),
        arena: Cow::Borrowed(&[]),
        pool: Cow::Borrowed(&[]),
        costs: word_costs.into(),
        joints: joints.into(),
        char_costs: char_costs.into(),
    };
    Ok((family, routes))
}

/// A key as an automaton spells it: in UTF-16, big end first.
#[must_use]
pub fn spelling(key: &str) -> Vec<u8> {
    key.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// How many ASCII characters a key starts with; nothing when it holds no others, or too many.
fn ascii_start(key: &str) -> Option<u8> {
    u8::try_from(key.bytes().position(|byte| !byte.is_ascii())?).ok()
}

/// Whether the filter can hold a key: its first character takes three bytes.
fn is_pair(key: &str) -> bool {
    key.chars().next().is_some_and(|c| c.len_utf8() == 3) && key.len() > 3
}

/// How the keys of routes start.
fn starts<'r, I: Iterator<Item = &'r Route>>(keys: &[&str], kind: Kind, routes: impl Fn() -> I) -> BTreeSet<KeyStart> {
    let mut starts = BTreeSet::new();
    let may_start = |key: &str| is_pair(key) || key.bytes().next().is_some_and(|byte| byte.is_ascii());
    for (number, key) in keys.iter().enumerate().filter(|(_, key)| may_start(key)) {
        let counts = routes().any(|route| match route.record(number as u32) {
            None => kind == Kind::Dense,
            Some(record) => record & (ABSENT | TERMS) != ABSENT,
        });
        if !counts {
            continue;
        }
        for key in dotted(key).filter(|written| kind == Kind::Native || written == key) {
            let bytes = key.as_bytes();
            let third = bytes.get(8).copied().filter(|_| bytes.get(6).is_some_and(|&third| third >= 0xE0));
            starts.insert(KeyStart { eight: eight(bytes), third });
        }
    }
    starts
}

/// A key with each of the dots that texts write within foreign names.
fn dotted(key: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let others = OTHER_DOTS.into_iter().filter(|_| key.contains(DOT));
    iter::once(Cow::Borrowed(key)).chain(others.map(|dot| key.replace(DOT, dot.encode_utf8(&mut [0; 4])).into()))
}

/// The bitmap of the pairs that these keys start with: two characters, or two bytes if the first is ASCII.
fn pairs(starts: &BTreeSet<KeyStart>, words: usize) -> Vec<u64> {
    let mut out = vec![0u64; words];
    for &KeyStart { eight, .. } in starts {
        let (at, bit) = pair_bit_of(words, if eight & 0x80 == 0 { eight & 0xFFFF } else { eight });
        if let Some(word) = out.get_mut(at) {
            *word |= 1 << bit;
        }
    }
    out
}

impl RouteSource {
    fn shares(&self, other: &Self) -> bool {
        (self.kind, self.group) == (other.kind, other.group)
    }
}

fn joints(keys: &[&str]) -> Vec<u64> {
    let mut joints = BTreeSet::new();
    for key in keys.iter().flat_map(|key| dotted(key)) {
        joints.extend(key.chars().zip(key.chars().skip(1)).map(|(a, b)| joint(a, b)));
    }
    Bloom::build(joints.iter().copied(), 7)
}

/// The start index, and which keys it holds.
#[derive(Default)]
struct StartIndex<'k> {
    /// The keys in the slots, by their numbers.
    held: Vec<&'k str>,
    /// The keys of the automaton, in its order.
    others: Vec<&'k str>,
    firsts: Vec<u64>,
    buckets: Vec<u64>,
    slots: Vec<u32>,
    tails: Vec<u16>,
    longer: Vec<u64>,
}

/// The keys that start with two characters: the pair, those of three and of four characters, and longer ones.
#[derive(Default)]
struct Stretch<'k> {
    pair: Option<&'k str>,
    threes: BTreeMap<u16, &'k str>,
    fours: BTreeMap<[u16; 2], &'k str>,
    more: Vec<&'k str>,
}

impl<'k> Stretch<'k> {
    /// The least cost of these keys as words of a lattice.
    fn cost(&self, costs: &BTreeMap<String, u8>) -> u8 {
        let keys = self.pair.iter().chain(self.threes.values()).chain(self.fours.values()).chain(&self.more);
        keys.filter_map(|&key| costs.get(key)).min().copied().unwrap_or(u8::MAX)
    }

    /// Whether the lengths of its lists stand in front of them.
    fn is_counted(&self) -> bool {
        self.threes.len() >= Slot::THREES || self.fours.len() >= Slot::COUNTED
    }

    fn add(&mut self, key: &'k str) {
        let units: Vec<u16> = key.encode_utf16().collect();
        // A surrogate is half a character.
        let basic = key.chars().count() == units.len();
        match units.as_slice() {
            [_, _] => self.pair = Some(key),
            &[_, _, third] if basic => _ = self.threes.insert(third, key),
            &[_, _, third, fourth] if basic => _ = self.fours.insert([third, fourth], key),
            _ => self.more.push(key),
        }
    }
}

impl<'k> StartIndex<'k> {
    /// The index of these keys; one that holds none of them when they are too many for its fields.
    fn new(keys: &BTreeSet<&'k str>, costs: &BTreeMap<String, u8>) -> Self {
        Self::holding(keys, costs).unwrap_or_else(|| Self { others: sorted(keys.iter().copied()), ..Self::default() })
    }

    fn holding(keys: &BTreeSet<&'k str>, costs: &BTreeMap<String, u8>) -> Option<Self> {
        let mut out = Self { firsts: vec![0; (LAST_HEAD - FIRST_HEAD) as usize / 64 + 1], ..Self::default() };
        let mut stretches: BTreeMap<u32, Stretch<'k>> = BTreeMap::new();
        let mut others = Vec::new();
        for &key in keys {
            let mut chars = key.chars();
            let (Some(first), Some(second)) = (chars.next(), chars.next()) else { continue };
            if (FIRST_HEAD..=LAST_HEAD).contains(&u32::from(first)) && second.len_utf8() == 3 {
                stretches.entry(mix(first.into(), second.into())).or_default().add(key);
                let index = (u32::from(first) - FIRST_HEAD) as usize;
                *out.firsts.get_mut(index >> 6)? |= 1 << (index & 63);
            } else {
                others.push(key);
            }
        }
        // Four slots in a bucket.
        let bits = (Bucket::LEAST_BITS..=16).find(|&bits| stretches.len() <= 4 << bits)?;
        let mut stretches = stretches.into_iter().peekable();
        let mut hashes = BTreeSet::new();
        for bucket in 0..1 << bits {
            out.buckets.push(out.bucket()?);
            let mut of_bucket = Vec::new();
            while let Some((mixed, stretch)) = stretches.next_if(|(mixed, _)| mixed >> (32 - bits) == bucket) {
                of_bucket.push((stretch.cost(costs), mixed, stretch));
            }
            // The frequent ones are found first.
            of_bucket.sort_by_key(|&(cost, mixed, _)| (cost, mixed));
            for (_, mixed, stretch) in of_bucket {
                let slot = out.hold(&stretch, &mut hashes)?.of_pair(mixed, bits);
                out.slots.push(slot);
                others.extend(stretch.more);
            }
        }
        out.buckets.push(out.bucket()?);
        out.others = sorted(others.into_iter());
        out.longer = Bloom::build(hashes.iter().copied(), 10);
        Some(out)
    }

    /// Where the next bucket begins; nothing when a field is too small for it.
    fn bucket(&self) -> Option<u64> {
        Bucket::new(self.slots.len(), self.held.len(), self.tails.len()).map(Bucket::bits)
    }

    /// The slot of two characters, whose keys and tails are added; nothing when a list is too long.
    fn hold(&mut self, stretch: &Stretch<'k>, hashes: &mut BTreeSet<u64>) -> Option<Slot> {
        let number = self.held.len();
        let (mut threes, mut fours) = (stretch.threes.len(), stretch.fours.len());
        if stretch.is_counted() {
            self.tails.extend([u16::try_from(threes).ok()?, u16::try_from(fours).ok()?]);
            (threes, fours) = (0, Slot::COUNTED);
        }
        let slot = Slot::new(stretch.pair.is_some(), threes, fours, !stretch.more.is_empty());
        self.tails.extend(stretch.threes.keys());
        self.tails.extend(stretch.fours.keys().flatten());
        self.held.extend(stretch.pair.iter().chain(stretch.threes.values()).chain(stretch.fours.values()));
        for key in &stretch.more {
            let mut tail = key.chars().skip(2).map(u32::from);
            if let (Some(third), Some(fourth)) = (tail.next(), tail.next()) {
                let starts = tail.scan(hash_four(number as u32, third, fourth), |hash, next| {
                    *hash = hash_more(*hash, next);
                    Some(*hash)
                });
                let starts: Vec<u64> = starts.collect();
                if let Some((whole, starts)) = starts.split_last() {
                    hashes.extend(starts);
                    hashes.insert(!whole);
                }
            }
        }
        Some(slot)
    }
}

/// Keys in the order of the automaton.
fn sorted<'k>(keys: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    let mut keys: Vec<&str> = keys.collect();
    keys.sort_by_cached_key(|key| spelling(key));
    keys
}

/// What lexicons share: values and blocks of characters, each once.
#[derive(Debug, Default)]
pub struct Arena {
    /// Values one behind the other; see [`super::value`].
    units: Vec<u16>,
    /// Where values start, and their ends.
    known: HashMap<String, u32>,
    /// What keys with terms hold; see [`Family::terms`].
    pool: Vec<u16>,
    /// Where in the pool that starts, and its ends.
    known_terms: HashMap<Vec<u16>, u32>,
    /// Blocks of characters and their cells.
    blocks: Blocks,
}

impl Arena {
    /// Gives a family that was compiled with this arena what it shares.
    pub fn fill(&self, family: &mut Family) {
        family.arena = self.units.clone().into();
        family.pool = self.pool.clone().into();
        family.blocks = self.blocks.blocks.clone().into();
        family.cells = self.blocks.cells.clone().into();
    }

    /// The offset of a value.
    pub fn add(&mut self, value: &str) -> u32 {
        if let Some(&offset) = self.known.get(value) {
            return offset;
        }
        let offset = self.units.len() as u32;
        self.units.extend(encode(value));
        // A value that ends another one need not stand twice.
        for (at, _) in value.char_indices().skip(1) {
            let (before, end) = value.split_at(at);
            let skipped: usize = if before.is_empty() { 0 } else { encode(before).len() };
            self.known.entry(end.to_owned()).or_insert(offset + skipped as u32);
        }
        self.known.insert(value.to_owned(), offset);
        offset
    }

    /// The offset of what a key with terms holds, which consists of these parts. Many keys hold the same: other words for one
    /// thing, on routes from other regions too.
    fn add_terms(&mut self, parts: &[Vec<u16>]) -> u32 {
        let whole = parts.concat();
        if let Some(&offset) = self.known_terms.get(&whole) {
            return offset;
        }
        let offset = self.pool.len() as u32;
        let mut skipped = 0;
        for part in parts {
            let end = whole.get(skipped..).unwrap_or_default();
            self.known_terms.entry(end.to_vec()).or_insert(offset + skipped as u32);
            skipped += part.len();
        }
        self.pool.extend(whole);
        offset
    }
}

/// Blocks of characters, each once.
#[derive(Debug)]
struct Blocks {
    blocks: Vec<[u16; 64]>,
    known: HashMap<[u16; 64], u16>,
    cells: Vec<u32>,
    numbers: HashMap<u32, u16>,
}

impl Default for Blocks {
    /// Block 0 maps every character to itself, as cell 0 does.
    fn default() -> Self {
        Self {
            blocks: vec![[0; 64]],
            known: HashMap::from([([0; 64], 0)]),
            cells: vec![0],
            numbers: HashMap::from([(0, 0)]),
        }
    }
}

impl Blocks {
    /// The pages of a route whose cells are these.
    fn pages(&mut self, cells: &BTreeMap<u32, u32>) -> Vec<u16> {
        let mut pages = vec![0; 1024];
        for run in 0..1024 {
            let characters = (run * 64).max(0x800)..(run * 64 + 64).max(0x800);
            let mut block = [0u16; 64];
            for (&c, &cell) in cells.range(characters) {
                if let Some(slot) = block.get_mut((c & 63) as usize) {
                    *slot = self.number(cell);
                }
            }
            if let Some(of_page) = pages.get_mut(page(0xE0 | run >> 6 | (0x80 | run & 63) << 8)) {
                *of_page = self.add(block);
            }
        }
        pages
    }

    fn number(&mut self, cell: u32) -> u16 {
        *self.numbers.entry(cell).or_insert_with(|| {
            self.cells.push(cell);
            (self.cells.len() - 1) as u16
        })
    }

    fn add(&mut self, block: [u16; 64]) -> u16 {
        *self.known.entry(block).or_insert_with(|| {
            self.blocks.push(block);
            (self.blocks.len() - 1) as u16
        })
    }
}

/// A route without its pages and filters, and its cells; `group` are the routes that share its flags.
fn route<'s>(
    source: &RouteSource,
    group: impl Iterator<Item = &'s RouteSource>,
    keys: &[&str],
    arena: &mut Arena,
) -> (Route, BTreeMap<u32, u32>) {
    let mut cells: BTreeMap<u32, u32> = BTreeMap::new();
    let mut specials: BTreeMap<u32, u32> = BTreeMap::new();
    let single = |c: char| source.entries.get(c.encode_utf8(&mut [0; 4]) as &str);
    for key in group.flat_map(|source| source.entries.keys()) {
        let mut chars = key.chars();
        let (Some(first), Some(second)) = (chars.next(), chars.next()) else { continue };
        // Those whose first two characters take three bytes are known by the bitmap of pairs.
        if !is_pair(key) || second.len_utf8() < 3 {
            *cells.entry(first as u32).or_default() |= if is_pair(key) { SHORT } else { SPECIAL };
        }
    }
    for (key, target) in &source.entries {
        let mut chars = key.chars();
        let (Some(first), None) = (chars.next(), chars.next()) else { continue };
        let cell = cells.entry(first as u32).or_default();
        let (from, to) = (key.as_bytes(), target.value.as_bytes());
        if let (&[a, b, c], &[x, y, z], 0) = (from, to, target.flags) {
            *cell |= u32::from_le_bytes([a ^ x, b ^ y, c ^ z, 0]);
        } else if target.value != *key || target.flags != 0 {
            *cell |= SPECIAL;
            *specials.entry(first as u32).or_insert(ABSENT) &= !ABSENT;
            *specials.entry(first as u32).or_default() |= target.flags | arena.add(&target.value);
        }
    }
    for (&c, &flags) in &source.cells {
        *cells.entry(c as u32).or_default() |= flags;
    }
    for &c in &source.normalize {
        *cells.entry(c as u32).or_default() |= SPECIAL;
    }
    for &c in &source.rare {
        *cells.entry(c as u32).or_default() |= SPECIAL;
    }
    for c in ('\u{2FF0}'..='\u{2FFF}').filter(|&c| ids::arity(c) > 0) {
        *cells.entry(c as u32).or_default() |= SPECIAL;
        specials.insert(c as u32, DESCRIBE);
    }
    // A difference is only applied in the hot loop; a special character says all in its record.
    for (c, cell) in &mut cells {
        if *cell & SPECIAL != 0 && *cell & super::DIFFERENCE != 0 {
            if let Some(target) = char::from_u32(*c).and_then(single) {
                let record = specials.entry(*c).or_insert(0);
                *record = (*record & !ABSENT) | target.flags | arena.add(&target.value);
            }
            *cell &= !super::DIFFERENCE;
        }
    }

    let mut existing = if source.kind == Kind::Native { Vec::new() } else { vec![0u64; keys.len() / 64 + 1] };
    let mut records: Vec<(u32, u32)> = Vec::new();
    let mut neighbours = Vec::new();
    for (number, &key) in (0..).zip(keys) {
        let Some(target) = source.entries.get(key) else { continue };
        records::set(&mut existing, number);
        let one_by_one =
            || key.chars().map(|c| single(c).map_or_else(|| c.to_string(), |t| t.value.clone())).collect::<String>();
        // The engine converts such a key in its stride, three bytes to three bytes.
        let in_stride = || {
            target.value.len() == key.len() && key.chars().all(|c| c.len_utf8() == 3) && target.value == one_by_one()
        };
        let record = if target.flags & COMPLEX != 0 {
            if let [(_, next), (_, prev)] = target.terms.as_slice() {
                neighbours.extend([number, arena.add(next), arena.add(prev)]);
            }
            target.flags | arena.add(&target.value)
        } else if target.terms.is_empty() {
            if target.flags == 0 && in_stride() {
                continue;
            }
            target.flags | arena.add(&target.value)
        } else {
            let script = (target.value != one_by_one()).then(|| arena.add(&target.value));
            let script_first = script.map(|script| vec![script as u16, (script >> 16) as u16]);
            let terms = target.terms.iter().enumerate().map(|(index, (meta, value))| {
                pack_term(*meta, arena.add(value), index + 1 == target.terms.len()).collect()
            });
            let parts: Vec<Vec<u16>> = script_first.into_iter().chain(terms).collect();
            TERMS | if script.is_some() { SCRIPT } else { 0 } | arena.add_terms(&parts)
        };
        records.push((number, record));
    }
    let route = Route {
        pages: Cow::Borrowed(&[]),
        built_in: None,
        pairs: Cow::Borrowed(&[]),
        specials: specials.into_iter().map(|(c, record)| [c, record]).collect::<Vec<_>>().into(),
        normalize: source.normalize.iter().map(|&c| u32::from(c)).collect::<Vec<_>>().into(),
        filter: Cow::Borrowed(&[]),
        records: Records::new(keys.len(), &records),
        base: None,
        keys: existing.into(),
        neighbours: neighbours.into(),
        segmented: source.segmented,
        sparse: source.kind == Kind::Sparse,
        ascii_starts: source
            .entries
            .keys()
            .filter_map(|key| key.bytes().next().filter(u8::is_ascii))
            .fold(0u128, |bits, byte| bits | 1 << byte),
        ascii_reach: source
            .entries
            .keys()
            .map(|key| ascii_start(key))
            .try_fold(0, |most, of_key| Some(most.max(of_key?))),
    };
    (route, cells)
}
