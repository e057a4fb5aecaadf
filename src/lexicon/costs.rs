//! Costs of the words of a lattice as a family holds them: in a few bits each.

/// What no word is cheaper than.
const LEAST: u8 = 16;
/// How many bits the cost of a word takes.
pub const WORD: usize = 7;
/// How many that of a character.
pub const CHARACTER: usize = 6;

/// The code of what is no word, in so many bits.
const fn none(bits: usize) -> u8 {
    (1 << bits) - 1
}

/// Costs from sixteen on, of so many bits, up to eight; beyond what these hold they are all the same. `None` is no word.
#[must_use]
pub fn pack<const BITS: usize>(costs: impl IntoIterator<Item = Option<u8>>) -> Vec<u8> {
    let none = none(BITS);
    let code = |cost: Option<u8>| cost.map_or(none, |cost| cost.saturating_sub(LEAST).min(none - 1));
    let codes: Vec<u8> = costs.into_iter().map(code).collect();
    // Each is read from two bytes.
    let mut packed = vec![0; (codes.len() * BITS).div_ceil(8) + 1];
    for (at, code) in codes.into_iter().enumerate() {
        let bits = u16::from(code) << (at * BITS % 8);
        for (byte, more) in packed.iter_mut().skip(at * BITS / 8).zip(bits.to_le_bytes()) {
            *byte |= more;
        }
    }
    packed
}

/// The cost at a place; nothing for what is no word.
#[inline]
#[must_use]
pub fn get<const BITS: usize>(packed: &[u8], at: usize) -> Option<u8> {
    let &two = packed.get(at * BITS / 8..)?.first_chunk()?;
    let code = (u16::from_le_bytes(two) >> (at * BITS % 8)) as u8 & none(BITS);
    (code != none(BITS)).then_some(LEAST + code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_come_back() {
        fn check<const BITS: usize>(most: u8) {
            let costs: Vec<Option<u8>> = (16..=most).map(Some).chain([None, Some(20), None]).collect();
            let packed = pack::<BITS>(costs.iter().copied());
            assert_eq!(packed.len(), (costs.len() * BITS).div_ceil(8) + 1);
            assert!(costs.iter().enumerate().all(|(at, &cost)| get::<BITS>(&packed, at) == cost));
            let bounds = [0, 15, most + 1, 255].map(|cost| get::<BITS>(&pack::<BITS>([Some(cost)]), 0));
            assert_eq!(bounds, [16, 16, most, most].map(Some));
            assert_eq!(get::<BITS>(&packed, 1000), None);
        }
        check::<WORD>(142);
        check::<CHARACTER>(78);
    }
}
