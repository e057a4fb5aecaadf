//! Costs of the words of a lattice as a family holds them: six bits each, four in three bytes.

/// What no word is cheaper than.
const LEAST: u8 = 16;
/// The code of what is no word.
const NONE: u8 = 63;

/// Costs from sixteen on; beyond what six bits hold they are all the same. `None` is no word.
#[must_use]
pub fn pack(costs: impl IntoIterator<Item = Option<u8>>) -> Vec<u8> {
    let code = |cost: Option<u8>| cost.map_or(NONE, |cost| cost.saturating_sub(LEAST).min(NONE - 1));
    let codes: Vec<u8> = costs.into_iter().map(code).collect();
    codes
        .chunks(4)
        .flat_map(|four| {
            let word = four.iter().rev().fold(0, |word, &code| word << 6 | u32::from(code));
            let [a, b, c, _] = word.to_le_bytes();
            [a, b, c]
        })
        .collect()
}

/// The cost at a place; nothing for what is no word.
#[inline]
#[must_use]
pub fn get(packed: &[u8], at: usize) -> Option<u8> {
    let &[a, b, c] = packed.as_chunks::<3>().0.get(at / 4)?;
    let code = (u32::from_le_bytes([a, b, c, 0]) >> (6 * (at % 4))) as u8 & 63;
    (code != NONE).then_some(LEAST + code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_come_back() {
        let costs: Vec<Option<u8>> = (16..=78).map(Some).chain([None, Some(20), None]).collect();
        let packed = pack(costs.iter().copied());
        assert_eq!(packed.len(), costs.len().div_ceil(4) * 3);
        assert!(costs.iter().enumerate().all(|(at, &cost)| get(&packed, at) == cost));
        assert_eq!([0, 15, 79, 255].map(|cost| get(&pack([Some(cost)]), 0)), [Some(16), Some(16), Some(78), Some(78)]);
        assert_eq!(get(&packed, 1000), None);
    }
}
