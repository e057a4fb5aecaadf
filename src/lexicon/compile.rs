//! The compiler of lexicons: from maps to a [`Family`] and its [`Route`]s.
//!
//! `build.rs` runs it over the built-in tables, and the library over the users' own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use fst::raw::{Fst, Output};

use super::{
    ABSENT, Bloom, COMPLEX, DESCRIBE, Family, NORMALIZE, Route, SPECIAL, START, TERMS, WALK, code_point, hash,
    hash_eight, ids, joint, third_bit, utf8_length,
};

/// What a character costs that is no word of its own.
const UNKNOWN: u8 = 80;

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
    /// Further flags of cells: [`super::RULE`], [`super::KANA`], [`super::SOURCE`] …
    pub cells: BTreeMap<char, u32>,
    /// Whether gaps between segments matter.
    pub segmented: bool,
}

/// Compiles routes that share their source script. `words` are the words of the lattice with their costs; a word that
/// is a key of no route competes and converts character by character.
///
/// # Errors
///
/// Only what the `fst` crate reports for keys out of order, which sorted keys never are.
pub fn compile(sources: &[RouteSource], words: &BTreeMap<String, u8>) -> Result<(Family, Vec<Route>), fst::Error> {
    let active: BTreeSet<&str> = sources
        .iter()
        .flat_map(|source| source.entries.keys())
        .map(String::as_str)
        .filter(|key| key.chars().nth(1).is_some())
        .collect();
    let keys: BTreeSet<&str> = active.iter().copied().chain(words.keys().map(String::as_str)).collect();
    let numbers: HashMap<&str, u32> = keys.iter().zip(0..).map(|(&key, number)| (key, number)).collect();
    let map = fst::Map::from_iter(keys.iter().zip(0u64..))?;
    let fst = Fst::new(Cow::Owned(map.into_fst().into_inner()))?;

    let mut arena = Arena::default();
    let mut blocks = Blocks::new();
    let routes =
        sources.iter().map(|source| route(source, &keys, &active, &numbers, &mut arena, &mut blocks)).collect();
    let (filter, slots) = start_index(&fst, &active, &numbers);
    let costs: Vec<u8> = if words.is_empty() {
        Vec::new()
    } else {
        keys.iter().map(|&key| words.get(key).copied().unwrap_or(u8::MAX)).collect()
    };
    let mut joints = BTreeSet::new();
    let mut char_costs = Vec::new();
    if !words.is_empty() {
        for key in &keys {
            let chars: Vec<char> = key.chars().collect();
            for pair in chars.windows(2) {
                joints.insert(joint(pair.first().copied(), pair.last().copied()));
            }
        }
        char_costs = ('\u{2E80}'..='\u{9FFF}')
            .map(|c| words.get(c.encode_utf8(&mut [0; 4]) as &str).copied().unwrap_or(UNKNOWN))
            .collect();
    }
    let joints = if joints.is_empty() { Vec::new() } else { Bloom::build(&joints) };
    let ascii_starts = sources
        .iter()
        .flat_map(|source| source.entries.keys())
        .filter_map(|key| key.bytes().next().filter(u8::is_ascii))
        .fold(0u128, |bits, byte| bits | 1 << byte);
    let family = Family {
        fst,
        filter: filter.into(),
        slots: slots.into(),
        blocks: blocks.blocks.into(),
        arena: arena.bytes.into(),
        costs: costs.into(),
        joints: joints.into(),
        char_costs: char_costs.into(),
        ascii_starts,
    };
    Ok((family, routes))
}

/// The first two characters of a key as six bytes, when both take three.
fn pair(key: &str) -> Option<u64> {
    let bytes = key.as_bytes();
    let &[a, b, c, d, e, f] = bytes.first_chunk::<6>()?;
    (utf8_length(a) == 3 && utf8_length(d) == 3).then(|| u64::from_le_bytes([a, b, c, d, e, f, 0, 0]))
}

fn start_index(
    fst: &Fst<Cow<'static, [u8]>>,
    keys: &BTreeSet<&str>,
    numbers: &HashMap<&str, u32>,
) -> (Vec<u64>, Vec<[u32; 4]>) {
    let mut pairs: BTreeMap<u64, [u32; 4]> = BTreeMap::new();
    for &key in keys {
        let Some(six) = pair(key) else { continue };
        let slot = pairs.entry(six).or_insert_with(|| {
            let both = code_point(six) << 16 | code_point(six >> 24);
            let (mut node, mut output) = (fst.root(), Output::zero());
            for &byte in key.as_bytes().iter().take(6) {
                if let Some(index) = node.find_input(byte) {
                    let transition = node.transition(index);
                    output = output.cat(transition.out);
                    node = fst.node(transition.addr);
                }
            }
            // A node without transitions ends the key: there is nothing to go on with. Keys are numbered in order, so
            // the output so far is the number of the first key with this pair, which is the pair itself if that is one.
            let addr = if node.is_empty() { 0 } else { node.addr() as u32 };
            [both, (output.value() as u32) << 1, addr, 0]
        });
        if key.len() == 6 {
            slot[1] = numbers.get(key).map_or(0, |number| number << 1 | 1);
        } else if let Some(&[a, b, c]) = key.as_bytes().get(6..).and_then(|rest| rest.first_chunk::<3>()) {
            slot[3] |= 1 << third_bit(u64::from_le_bytes([a, b, c, 0, 0, 0, 0, 0]));
        } else {
            slot[3] = u32::MAX;
        }
    }
    // Guard words that go on from an active pair are reached by the walk as well: their third characters need no bit,
    // for a walk that ends early only misses words that are no keys.
    let capacity = pairs.len() * 5 / 4 + 1;
    let mut slots = vec![[0u32; 4]; capacity];
    // By hash, so that a slot is never displaced past one that was filled later.
    let mut ordered: Vec<(u64, [u32; 4])> = pairs.into_iter().map(|(six, slot)| (hash(six), slot)).collect();
    ordered.sort_unstable();
    // The length of `slots` takes part in the place of a slot, so it is fixed before placing; what runs over
    // the end is tried again with more room.
    let mut room = 0;
    'place: loop {
        slots.clear();
        slots.resize(capacity + room, [0u32; 4]);
        for &(hash, slot) in &ordered {
            let mut at = ((hash >> 32) as usize * slots.len()) >> 32;
            loop {
                match slots.get_mut(at) {
                    Some(free) if free[0] == 0 => {
                        *free = slot;
                        break;
                    }
                    Some(_) => at += 1,
                    None => {
                        room += 8;
                        continue 'place;
                    }
                }
            }
        }
        break;
    }
    let mut hashes = BTreeSet::new();
    for &key in keys {
        let Some(six) = pair(key) else { continue };
        match key.as_bytes().first_chunk::<8>() {
            // Seven bytes are two characters and an ASCII one: what follows it is anybody's guess.
            Some(&eight) if key.as_bytes().get(6).is_some_and(|&b| b >= 0x80) => {
                hashes.insert(hash_eight(u64::from_le_bytes(eight)));
            }
            _ => {
                hashes.insert(hash(six));
            }
        }
    }
    let filter = Bloom::build(&hashes);
    (filter, slots)
}

#[derive(Default)]
struct Arena {
    bytes: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Arena {
    fn add(&mut self, value: &str) -> u32 {
        if let Some(&offset) = self.known.get(value) {
            return offset;
        }
        let offset = self.bytes.len() as u32;
        // The grammar of tables caps values well below this; a longer one is cut at a character.
        let mut length = value.len().min(255);
        while !value.is_char_boundary(length) {
            length -= 1;
        }
        self.bytes.push(length as u8);
        self.bytes.extend_from_slice(value.as_bytes().get(..length).unwrap_or_default());
        self.known.insert(value.to_owned(), offset);
        offset
    }
}

struct Blocks {
    blocks: Vec<[u32; 64]>,
    known: HashMap<[u32; 64], u16>,
}

impl Blocks {
    /// Block 0 maps every character to itself.
    fn new() -> Self {
        Self { blocks: vec![[0; 64]], known: HashMap::from([([0; 64], 0)]) }
    }

    fn add(&mut self, block: [u32; 64]) -> u16 {
        *self.known.entry(block).or_insert_with(|| {
            self.blocks.push(block);
            (self.blocks.len() - 1) as u16
        })
    }
}

fn route(
    source: &RouteSource,
    keys: &BTreeSet<&str>,
    active: &BTreeSet<&str>,
    numbers: &HashMap<&str, u32>,
    arena: &mut Arena,
    blocks: &mut Blocks,
) -> Route {
    let mut cells: BTreeMap<u32, u32> = BTreeMap::new();
    let mut specials: BTreeMap<u32, u32> = BTreeMap::new();
    let single = |c: char| source.entries.get(c.encode_utf8(&mut [0; 4]) as &str);
    for (key, target) in &source.entries {
        let mut chars = key.chars();
        let (Some(first), second) = (chars.next(), chars.next()) else {
            continue;
        };
        let cell = cells.entry(first as u32).or_default();
        if second.is_none() {
            let (from, to) = (key.as_bytes(), target.value.as_bytes());
            if let (&[a, b, c], &[x, y, z], 0) = (from, to, target.flags) {
                *cell |= u32::from_le_bytes([a ^ x, b ^ y, c ^ z, 0]);
            } else if target.value != *key || target.flags != 0 {
                *cell |= SPECIAL;
                *specials.entry(first as u32).or_insert(ABSENT) &= !ABSENT;
                *specials.entry(first as u32).or_default() |= target.flags | arena.add(&target.value);
            }
        } else if pair(key).is_some() {
            *cell |= START;
        } else {
            *cell |= SPECIAL;
            *specials.entry(first as u32).or_insert(ABSENT) |= WALK;
        }
    }
    for (&c, &flags) in &source.cells {
        *cells.entry(c as u32).or_default() |= flags;
    }
    for &c in &source.normalize {
        *cells.entry(c as u32).or_default() |= SPECIAL;
        specials.insert(c as u32, NORMALIZE);
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

    let mut pages = vec![0u16; 1024];
    for (index, page) in pages.iter_mut().enumerate() {
        let start = index as u32 * 64;
        let mut block = [0u32; 64];
        for (&c, &cell) in cells.range(start.max(0x800)..(start + 64).max(0x800)) {
            if let Some(slot) = block.get_mut((c - start) as usize) {
                *slot = cell;
            }
        }
        *page = blocks.add(block);
    }

    let mut explicit = vec![0u64; keys.len() / 64 + 1];
    let mut records = Vec::new();
    let mut pool = Vec::new();
    for &key in keys {
        let one_by_one =
            || key.chars().map(|c| single(c).map_or_else(|| c.to_string(), |t| t.value.clone())).collect::<String>();
        let record = match source.entries.get(key) {
            None if active.contains(key) => ABSENT,
            None => continue,
            Some(target) if target.flags & COMPLEX != 0 => {
                if let [(_, next), (_, prev)] = target.terms.as_slice() {
                    let number = numbers.get(key).copied().unwrap_or(0);
                    pool.extend([number, arena.add(next), arena.add(prev)]);
                }
                target.flags | arena.add(&target.value)
            }
            Some(target) if target.terms.is_empty() => {
                // The engine converts such a key in its stride, three bytes to three bytes.
                let even = target.value.len() == key.len() && key.chars().all(|c| c.len_utf8() == 3);
                if target.flags == 0 && even && target.value == one_by_one() {
                    continue;
                }
                target.flags | arena.add(&target.value)
            }
            Some(target) => {
                let at = pool.len() as u32;
                pool.push(if target.value == one_by_one() { ABSENT } else { arena.add(&target.value) });
                pool.push(target.terms.len() as u32);
                for (meta, value) in &target.terms {
                    pool.extend([*meta, arena.add(value)]);
                }
                TERMS | at
            }
        };
        let number = numbers.get(key).copied().unwrap_or(0);
        if let Some(word) = explicit.get_mut(number as usize >> 6) {
            *word |= 1 << (number & 63);
        }
        records.push(record);
    }
    let ranks = explicit
        .iter()
        .scan(0u32, |sum, word| {
            let rank = *sum as u16;
            *sum += word.count_ones();
            Some(rank)
        })
        .collect::<Vec<u16>>();
    Route {
        pages: pages.into(),
        specials: specials.into_iter().map(|(c, record)| [c, record]).collect::<Vec<_>>().into(),
        explicit: explicit.into(),
        ranks: ranks.into(),
        records: records.into(),
        pool: pool.into(),
        segmented: source.segmented,
    }
}
