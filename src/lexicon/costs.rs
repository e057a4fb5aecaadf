//! Costs of the words of a lattice as a family holds them: seven bits each.

/// What no word is cheaper than.
const LEAST: u8 = 16;
/// How many bits a cost takes.
const BITS: usize = 7;
/// The code of what is no word.
const NONE: u8 = (1 << BITS) - 1;

/// Costs from sixteen on; beyond what the bits hold they are all the same. `None` is no word.
#[must_use]
pub fn pack(costs: impl IntoIterator<Item = Option<u8>>) -> Vec<u8> {
    let code = |cost: Option<u8>| cost.map_or(NONE, |cost| cost.saturating_sub(LEAST).min(NONE - 1));
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
pub fn get(packed: &[u8], at: usize) -> Option<u8> {
    let &two = packed.get(at * BITS / 8..)?.first_chunk()?;
    let code = (u16::from_le_bytes(two) >> (at * BITS % 8)) as u8 & NONE;
    (code != NONE).then_some(LEAST + code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_come_back() {
        let costs: Vec<Option<u8>> = (16..=142).map(Some).chain([None, Some(20), None]).collect();
        let packed = pack(costs.iter().copied());
        assert_eq!(packed.len(), (costs.len() * 7).div_ceil(8) + 1);
        assert!(costs.iter().enumerate().all(|(at, &cost)| get(&packed, at) == cost));
        let bounds = [0, 15, 143, 255].map(|cost| get(&pack([Some(cost)]), 0));
        assert_eq!(bounds, [16, 16, 142, 142].map(Some));
        assert_eq!(get(&packed, 1000), None);
    }
}
