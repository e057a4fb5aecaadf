//! How far two outputs differ.

/// The number of characters in which two converted texts differ: unequal
/// characters where they line up, and characters that only one side has.
///
/// The texts are compared line by line, because every engine leaves line breaks
/// alone, and a line of unequal length by edit distance.
pub fn differing(one: &str, other: &str) -> usize {
    if one == other {
        return 0;
    }
    split(one, other, &['\n', '。', '，'])
}

fn split(one: &str, other: &str, separators: &[char]) -> usize {
    if one == other {
        return 0;
    }
    if let Some((separator, finer)) = separators.split_first() {
        let ones: Vec<_> = one.split(*separator).collect();
        let others: Vec<_> = other.split(*separator).collect();
        if ones.len() == others.len() {
            return ones.iter().zip(&others).map(|(a, b)| split(a, b, finer)).sum();
        }
        return split(one, other, finer);
    }
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    // Where only words of equal length were chosen differently, counting
    // positions is exact enough; an edit distance can only be smaller.
    if one.len() == other.len() {
        return one.iter().zip(&other).filter(|(a, b)| a != b).count();
    }
    edits(&one, &other)
}

/// Levenshtein distance.
fn edits(mut one: &[char], mut other: &[char]) -> usize {
    while let ([a, one_rest @ ..], [b, other_rest @ ..]) = (one, other) {
        if a != b {
            break;
        }
        (one, other) = (one_rest, other_rest);
    }
    while let ([one_rest @ .., a], [other_rest @ .., b]) = (one, other) {
        if a != b {
            break;
        }
        (one, other) = (one_rest, other_rest);
    }
    // Beyond this the texts have so little in common that the number only has
    // to be large.
    if one.len().saturating_mul(other.len()) > 100_000_000 {
        return one.len().max(other.len());
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(a != b)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::differing;

    #[test]
    fn counts_characters() {
        assert_eq!(differing("發瞭如此", "發瞭如此"), 0);
        assert_eq!(differing("發瞭如此", "發了如此"), 1);
        assert_eq!(differing("軟體。計算機，好\n", "軟件。電腦，好\n"), 1 + 3);
        assert_eq!(differing("一\n二三四\n五", "一\n二四\n五"), 1);
        assert_eq!(differing("", "三"), 1);
    }
}
